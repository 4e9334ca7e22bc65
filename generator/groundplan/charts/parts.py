"""A chart cut down to some of its templates, in memory: what they render, they render in the whole chart too."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from groundplan.reading import MIB, UnreadableError, read_regular

Files = Mapping[str, bytes]
"""Those of a chart, by path from its folder."""

_MOST_BYTES = 100 * MIB
"""Unpacked, as Helm has it: https://github.com/helm/helm/blob/main/pkg/chart/loader/archive/archive.go."""
_MOST_FILES = 10_000
_MOST_TEMPLATES_BYTES = 64 * 1024
"""Of the templates that are rendered for one word: more take as long as the whole chart."""
_TEMPLATE = re.compile(r"(?:charts/[^/]+/)*templates/.+")
_HELPERS = re.compile(r"(.*/)?(_[^/]*|[^/]*\.tpl)")
_LOOKUP = re.compile(rb"\blookup\s+[\"(]")
_KEPT = re.compile(r"(?:charts/[^/]+/)*Chart\.yaml")
"""Without the values: those that a part is rendered with are whole."""


class LargeError(Exception):
    """The chart has more than Helm would unpack."""


@dataclass(frozen=True)
class Parts:
    """The files of a chart, of which some can be left out."""

    files: Files

    def naming(self, keys: tuple[str, ...]) -> bytes | None:
        """An archive of the chart with the templates alone that name the keys after the first, one below the other.

        None where there are none or too many. Where the first is a dependency's, its templates are meant; where helpers
        name the keys, any template may use them.
        """
        having = re.compile(rb"\b%s\b" % rb"\.".join(re.escape(key.encode()) for key in keys[1:]))
        below = f"charts/{keys[0]}/" if f"charts/{keys[0]}/Chart.yaml" in self.files else ""
        kept = [n for n in self._kept if not below or n.startswith(below) or "/" not in n]
        templates = [name for name in self._templates if name.startswith(below)]
        helped = any(having.search(self.files[name]) for name in kept if name.startswith(below))
        named = [name for name in templates if helped or having.search(self.files[name])]
        if not named or sum(len(self.files[name]) for name in named) > _MOST_TEMPLATES_BYTES:
            return None
        return _packed({name: self.files[name] for name in sorted({*kept, *named})})

    def asks_cluster(self, key: str) -> bool:
        """Whether a file of templates that names the key looks something up in a cluster, which is not there."""
        having = re.compile(rb"\b%s\b" % re.escape(key.encode()))
        texts = (data for name, data in self.files.items() if _TEMPLATE.fullmatch(name))
        return any(_LOOKUP.search(text) and having.search(text) for text in texts)

    @cached_property
    def _templates(self) -> list[str]:
        return [name for name in self.files if _is_template(name)]

    @cached_property
    def _kept(self) -> list[str]:
        return [name for name in self.files if _KEPT.fullmatch(name) or _is_helpers(name)]


def parts_of(path: Path) -> Parts:
    """Of an archive or a folder; archives inside it, as dependencies may be, are not looked into."""
    return Parts(dict(_of_folder(path) if path.is_dir() else _of_archive(path)))


def _is_template(name: str) -> bool:
    return bool(_TEMPLATE.fullmatch(name)) and not _is_helpers(name) and not name.endswith("NOTES.txt")


def _is_helpers(name: str) -> bool:
    return bool(_TEMPLATE.fullmatch(name) and _HELPERS.fullmatch(name))


def _of_archive(path: Path) -> list[tuple[str, bytes]]:
    found, total = [], 0
    with tarfile.open(path, "r:gz") as archive:
        for number, member in enumerate(archive):
            total += member.size
            if number > _MOST_FILES or total > _MOST_BYTES:
                raise LargeError
            file = archive.extractfile(member) if member.isreg() else None
            if file is not None:
                found.append((member.name.partition("/")[2], file.read()))
    return found


def _of_folder(path: Path) -> list[tuple[str, bytes]]:
    found, total = [], 0
    for number, file in enumerate(sorted(path.rglob("*"))):
        if number > _MOST_FILES or total > _MOST_BYTES:
            raise LargeError
        if file.is_file():
            try:
                data = read_regular(file, limit_bytes=_MOST_BYTES, within=path)
            except UnreadableError:
                continue
            total += len(data)
            found.append((file.relative_to(path).as_posix(), data))
    return found


def _packed(files: Files) -> bytes:
    buffer = io.BytesIO()
    zipped = gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0)
    with zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"chart/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
