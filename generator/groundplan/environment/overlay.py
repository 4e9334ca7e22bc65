"""What a folder would hold after a render, written elsewhere: the folder itself stays as it is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from groundplan.environment.files import LOCK_FILE, FileSet
from groundplan.environment.lock import last_lock


def laid_over(files: FileSet, folder: Path, top: Path) -> None:
    """Writes to `top` the files, and what of `folder`, a copy of bounded size, is not groundplan's.

    `top` must not be there yet. A link of the folder goes with it when it leads to something that stays.
    """
    top.mkdir()
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    lock = last_lock(folder)
    gone = {*(lock.owned if lock else ()), *files, LOCK_FILE}
    for parent, folders, names in os.walk(folder):
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        for name in (*names, *links):
            relative = (Path(parent) / name).relative_to(folder)
            if relative.as_posix() not in gone:
                _take_over(folder / relative, top / relative)


def _take_over(source: Path, target: Path) -> None:
    if target.exists() or target.is_symlink() or any(parent.is_file() for parent in target.parents):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target, follow_symlinks=False)
