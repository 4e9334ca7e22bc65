"""Which roots are made of the same files in two folders, so that nothing can change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from groundplan.terraform.usage import Usage, scan

_UPWARDS = re.compile(rb"^(?![ \t]*source[ \t]*=).*\.\./", re.MULTILINE)
"""A path that leads out of a module, other than to a module that it calls."""


def same_roots(before: Path, after: Path, roots: Sequence[str]) -> frozenset[str]:
    """The roots that are in both folders with the same files, and so are all modules that they call.

    One that reads files beside its modules is the same only in a folder that is the same.
    """
    usages = scan([before]), scan([after])
    same = set()
    for root in roots:
        if all((top / root).is_dir() for top in (before, after)):
            old, new = (_content(top, root, usage) for top, usage in zip((before, after), usages, strict=True))
            if old == new and (
                not any(map(_UPWARDS.search, old.values())) or _files(before, before) == _files(after, after)
            ):
                same.add(root)
    return frozenset(same)


def _content(top: Path, root: str, usage: Usage) -> Mapping[str, bytes]:
    """The files of a root and of the modules that it calls, by their names in the folder."""
    found: dict[str, bytes] = {}
    for folder in _reached((top / root).resolve(), usage):
        found |= _files(folder, top.resolve())
    return found


def _reached(folder: Path, usage: Usage) -> Iterator[Path]:
    waiting, seen = [folder], {folder}
    for one in waiting:
        yield one
        called = usage.folders[one].modules - seen if one in usage.folders else set()
        seen |= called
        waiting += sorted(called)


def _files(folder: Path, top: Path) -> Mapping[str, bytes]:
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
