"""First process of the container: lays out the scripts, then goes on as a user without rights.

Cloud Run starts a container as the user of its image, here root, and has no setting for another one.
"""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Write {name: text} to the first of the directories, own the second, open the third, then become the command."""
    user, directories, scripts, *command = sys.argv[1:]
    folders = json.loads(directories)
    lay_out(Path(folders["scripts"]), json.loads(scripts))
    secrets = Path(folders["secrets"])
    secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chown(secrets, int(user), int(user))
    Path(folders["scratch"]).chmod(0o1777)
    go_on_as(int(user))
    os.execvp(command[0], command)


def lay_out(folder: Path, scripts: dict[str, str]) -> None:
    """Write the scripts, which everybody may read."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in scripts.items():
        (folder / name).write_text(text, encoding="utf-8")


def go_on_as(user: int) -> None:
    """Give up root and every group, for good."""
    if os.getuid() != user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


if __name__ == "__main__":
    main()
