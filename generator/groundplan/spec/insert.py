"""Putting lines into the text of a spec, with everything else of it left as it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundplan.spec.document import Document, Path, line_ends

_STEP = "  "


def inserted(document: Document, path: Path, block: Sequence[str]) -> str:
    """The text of the spec itself with the lines below the mapping at `path`, which is made where it is not there.

    Whether that is what was meant is for the caller to see, by reading it: a mapping in braces takes no lines.
    """
    text = document.sources[document.file]
    known = next((depth for depth in range(len(path)) if _own(document, path[: depth + 1]) is None), len(path))
    offset, indent = _spot(document, path[:known], text)
    missing = [f"{_STEP * depth}{key}:" for depth, key in enumerate(path[known:])]
    added = [*missing, *(f"{_STEP * len(missing)}{line}" for line in block)]
    end = "\r\n" if "\r\n" in text else "\n"
    before = end if offset and not text[:offset].endswith(("\n", "\r")) else ""
    return text[:offset] + before + "".join(f"{indent}{line}{end}" for line in added) + text[offset:]


def _own(document: Document, path: Path) -> int | None:
    """The line of a key, where the spec itself has it and not a base."""
    entry = document.places.get(path)
    return entry.key.line if entry and entry.key.file == document.file else None


def _spot(document: Document, path: Path, text: str) -> tuple[int, str]:
    """After how many characters, and how far to the right: first below a key that is there, else at the end."""
    line, ends = _own(document, path) if path else None, line_ends(text)
    if line is None:
        return len(text), ""
    inner = (one.key for key, one in document.places.items() if key[:-1] == path and one.key.file == document.file)
    column = min((place.column for place in inner), default=document.places[path].key.column + len(_STEP))
    return ends[line - 1] if line <= len(ends) else len(text), " " * (column - 1)


def is_only_addition(
    before: Mapping[str, object], after: Mapping[str, object], path: Path, names: Sequence[str]
) -> bool:
    """Whether two specs differ in these names of the mapping at `path`, and in nothing else."""
    new, old = _mapping(after, path), _mapping(before, path)
    are_new = all(name in new and name not in old for name in names)
    return are_new and _without(after, path, names) == _without(before, path, ())


def _mapping(values: object, path: Path) -> Mapping[str, object]:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def _without(values: object, path: Path, names: Sequence[str]) -> object:
    """The values without these names at the path, and without mappings on the way that are empty then."""
    if not isinstance(values, dict):
        return {} if values is None else values
    if not path:
        return {key: value for key, value in values.items() if key not in names}
    inner = _without(values.get(path[0]), path[1:], names)
    rest = {key: value for key, value in values.items() if key != path[0]}
    return {**rest, path[0]: inner} if inner else rest
