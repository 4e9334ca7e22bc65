"""Which roots are made of the same files in two folders, so that nothing can change."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from groundplan.terraform.usage import Usage, scan

_UPWARDS = re.compile(rb"^(?![ \t]*source[ \t]*=[ \t]*\"[^\"$%]*\"[ \t]*(?:[#/].*)?\r?$).*\.\./", re.MULTILINE)
"""A path that leads out of a module, other than to a module that it calls."""
_ABOVE = re.compile(rb'\b(?:dirname|abspath|pathexpand)\s*\(|\bpath\s*\.\s*cwd\b|"\.\."|\\[uU]0*2[eE]')
"""Other ways to name such a path: by a function, from where Terraform runs, or put together from parts."""
_LINK = b"../"
"""Begins what stands for a link, which leads to what may differ."""
_PROSE = ".md"
"""Ends the names of files that lead everywhere and that Terraform does not read, unless they are named."""


def same_roots(before: Path, after: Path, roots: Sequence[str]) -> frozenset[str]:
    """The roots that are in both folders with the same files, and so are all modules that they call.

    One that reads files beside its modules is the same only in a folder that is the same.
    """
    old, new = scan([before]), scan([after])
    alike = _files(before, before) == _files(after, after)
    return frozenset(
        root
        for root in roots
        if (before / root).is_dir()
        and (content := _content(before, root, old)) == _content(after, root, new)
        and (alike or not _reads_beside(content))
    )


def _reads_beside(content: Mapping[str, bytes]) -> bool:
    source = [text for name, text in content.items() if not name.endswith(_PROSE)]
    named = (_UPWARDS.search, _ABOVE.search, re.compile(re.escape(_PROSE.encode())).search)
    return any(leads(text) for text in source for leads in named)


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
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or path.is_file():
            found[path.relative_to(top).as_posix()] = _bytes(path)
    return found


def _bytes(path: Path) -> bytes:
    """What a file holds, or where a link leads."""
    return _LINK + os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
