"""Attributes of resources: by a path through blocks, and as the things that they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.change.access.model import Attributes

_STEP = re.compile(r'\["([^"]+)"\]|([^.\["]+)')


def steps(path: str) -> tuple[str, ...]:
    """`metadata.labels["a.b/c"]` as `metadata`, `labels`, `a.b/c`."""
    return tuple(quoted or plain for quoted, plain in _STEP.findall(path))


def at(values: object, path: str) -> list[Any]:
    """What stands at the path, of every block that lies on it; nothing for what is not set."""
    found = [values]
    for step in steps(path):
        found = [one.get(step) for many in found for one in _blocks(many) if isinstance(one, Mapping)]
    return [one for one in found if one is not None]


def first(values: object, path: str) -> Any:
    """The first of them; None where there is none."""
    return next(iter(at(values, path)), None)


def text(values: object, path: str) -> str:
    """The first of them where it is a text, else an empty one."""
    found = first(values, path)
    return found if isinstance(found, str) else ""


def texts(values: object, path: str) -> list[str]:
    """Texts at the path, those of lists one by one."""
    return [str(one) for many in at(values, path) for one in (many if isinstance(many, list) else [many]) if one]


def blocks(values: object, path: str) -> Iterator[Attributes]:
    """Blocks at the path."""
    for many in at(values, path):
        yield from (one for one in _blocks(many) if isinstance(one, Mapping))


def is_unknown(unknown: object, path: str) -> bool:
    """Whether the value at the path, or one that it is part of, is known only after apply."""
    found = [unknown]
    for step in steps(path):
        if any(one is True for many in found for one in _blocks(many)):
            return True
        found = [one.get(step) for many in found for one in _blocks(many) if isinstance(one, Mapping)]
    return any(_any_true(one) for one in found)


def last(name: str) -> str:
    """The last part of an ARN or of a path."""
    return name.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def _any_true(value: object) -> bool:
    return value is True or (isinstance(value, list) and any(one is True for one in value))


def _blocks(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
