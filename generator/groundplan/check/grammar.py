"""The tables of checkov's HCL parser, which take a second and a half to compute, kept from run to run.

lark keeps them in the temporary folder by itself, pickled, under a name that anybody can guess: whoever writes there
first has code run. Here they are kept where the compiled form of this very module is, by whoever may write that;
checkov gets a copy, and what it wrote is taken over only from a process that has not read anything yet.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import cache_from_source
from pathlib import Path

USER = "groundplan"
"""What lark takes for the user's name, so that the file has the same name for everybody."""

_NAME = re.compile(r"\.lark_cache_groundplan_[0-9a-f]{64}_\d+_\d+\.tmp")
_MAX_BYTES = 8 * 1024**2


def provide(folder: Path) -> None:
    """Copies the tables that are kept into a folder of which nobody else knows."""
    for file in _kept():
        with contextlib.suppress(OSError):
            shutil.copyfile(file, folder / file.name)


def keep(tables: Mapping[str, bytes]) -> None:
    """Keeps tables by their names in place of older ones; where nothing can be written, nothing happens."""
    wanted = {name: data for name, data in tables.items() if _NAME.fullmatch(name) and len(data) <= _MAX_BYTES}
    if not wanted or sys.dont_write_bytecode:
        return
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in wanted.items():
            _replace(folder / name, data)
        version = next(iter(wanted)).split("_", 4)[-1]
        for file in _kept():
            if file.name not in wanted and file.name.endswith(version):
                file.unlink()


def tables_in(folder: Path) -> Iterator[Path]:
    """The files of lark's tables in a folder."""
    return (file for file in folder.iterdir() if _NAME.fullmatch(file.name))


def _folder() -> Path:
    return Path(cache_from_source(__file__)).parent


def _kept() -> list[Path]:
    """Those that nobody but their owner can have written, who owns this module too or runs it."""
    with contextlib.suppress(OSError):
        owners = {os.stat(__file__).st_uid, os.geteuid()}  # noqa: PTH116
        return [file for file in tables_in(_folder()) if _is_ours(file, owners)]
    return []


def _is_ours(file: Path, owners: set[int]) -> bool:
    about = file.lstat()
    private = not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISREG(about.st_mode) and about.st_uid in owners and private


def _replace(file: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as new:
        try:
            new.write(data)
            os.fchmod(new.fileno(), 0o644)
            Path(new.name).replace(file)
        except OSError:
            Path(new.name).unlink(missing_ok=True)
            raise
