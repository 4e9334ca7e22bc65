"""The line of the spec that decides a planned value: nearer than the block that its module call comes from."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from groundplan.diagnostics import DiagnosticsError, Place
from groundplan.environment.lock import Lock
from groundplan.spec.document import Document, dotted
from groundplan.spec.load import load

_INSTANCE = re.compile(r'\["((?:[^"\\]|\\.)*)"\]')


def read_spec(folder: Path, lock: Lock) -> Document | None:
    """The spec that stands in the folder; None without a readable one. What a lock names elsewhere is not read."""
    name = PurePosixPath(lock.spec.file)
    if name.is_absolute() or ".." in name.parts or not name.parts:
        return None
    try:
        return load(folder / name)
    except DiagnosticsError:
        return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: keys, the likeliest first, under a path of the spec, for the resource with an address."""

    below: str
    address: str
    keys: tuple[str, ...]
    value: str | None = None


def decided_at(document: Document, wanted: Wanted, folder: Path) -> tuple[str, Place] | None:
    """Path and place, relative to the folder, of the first of the keys that the spec has; None if it has none.

    Where the address is that of an instance by name, what stands under that name in the spec is preferred; in a list,
    the item that is the value.
    """
    inside = (f"{wanted.below}.", f"{wanted.below}[")
    below = [path for path in document.places if dotted(path).startswith(inside)]
    named = [path for path in below if path[-1] in wanted.keys]
    instances = set(_INSTANCE.findall(wanted.address))
    found = min(
        named, key=lambda path: (not instances & set(map(str, path)), wanted.keys.index(str(path[-1]))), default=None
    )
    if found is None:
        return None
    items = (path for path in below if path[:-1] == found and document.lookup.value(*path) == wanted.value)
    found = next(items, found)
    place = document.places[found].key
    return dotted(found), replace(place, file=os.path.relpath(place.file, folder))
