"""First container of a task: lays out the scripts and opens the scratch space.

ECS gives both folders to root, so this runs as root, without capabilities and before anything else.
"""

import json
import sys
from pathlib import Path


def main() -> None:
    """Arguments: folder of the scripts, folder for scratch, the scripts as a JSON object."""
    scripts, scratch, files = sys.argv[1:]
    for name, text in json.loads(files).items():
        Path(scripts, name).write_text(text, encoding="utf-8")
    Path(scratch).chmod(0o1777)


if __name__ == "__main__":
    main()
