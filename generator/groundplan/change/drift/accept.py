"""Lines of `drift.ignore` that say of findings that they are known."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count, product

from groundplan.change.drift.ignore import SAID
from groundplan.change.drift.model import Drifted
from groundplan.change.model import Kind
from groundplan.components.drift.spec import ATTRIBUTE_PATTERN, MOST_ATTRIBUTES
from groundplan.spec.base import AT_PATTERN

LONGEST_NAME = 32
_KEY = re.compile(r'\["(?:[^"\\]|\\.)*"\]')
_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be ignored, by a name of its own."""

    name: str
    at: str
    attributes: tuple[str, ...] = ()
    """None for the whole thing."""
    kind: Kind | None = None

    def block(self, until: str, reason: str) -> list[str]:
        """As it stands in a spec, below `ignore`."""
        fields = {**asdict(self), "until": until, "reason": reason}
        fields["kind"] = self.kind.value if self.kind else ""
        shown = {name: value for name, value in fields.items() if name != "name" and value}
        return [f"{self.name}:", *(f"  {name}: {_written(value)}" for name, value in shown.items())]


def lines(found: Iterable[Drifted], taken: Collection[str]) -> list[Line]:
    """The lines for what was found, under names that are not `taken`; each as narrow as a line can be."""
    made: dict[str, Line] = {}
    for one in found:
        for attributes, kind in product(_parts(one), _kinds(one)):
            name = _name(one, {*taken, *made})
            made[name] = Line(name, _at(one), attributes, kind)
    return list(made.values())


def _kinds(one: Drifted) -> Sequence[Kind | None]:
    """Those that a line has to say; no class where none has."""
    return [kind for kind in SAID if kind in one.kinds] or [None]


def _parts(one: Drifted) -> Iterator[tuple[str, ...]]:
    """Its attributes, as many as a line takes."""
    attributes = tuple(dict.fromkeys(_attribute(value.path) for value in one.values))
    if not attributes:
        yield ()
    for start in range(0, len(attributes), MOST_ATTRIBUTES):
        yield attributes[start : start + MOST_ATTRIBUTES]


def _attribute(path: str) -> str:
    """The path, or the one above what a line cannot say."""
    while path and not re.fullmatch(ATTRIBUTE_PATTERN, path):
        path = path.rpartition("[")[0] or path.rpartition(".")[0]
    return path or "*"


def _at(one: Drifted) -> str:
    """The address, without a key that a line cannot say."""
    if re.fullmatch(AT_PATTERN, one.address):
        return one.address
    return _KEY.sub("", one.address) if re.fullmatch(AT_PATTERN, _KEY.sub("", one.address)) else one.path


def _name(one: Drifted, taken: Collection[str]) -> str:
    words = _NOT_IN_NAMES.sub("-", f"{one.component or one.type} {one.what.rpartition(' ')[2]}".lower()).strip("-")
    base = re.sub(r"^[^a-z]+", "", words)[: LONGEST_NAME - 4].strip("-") or "known"
    names = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _written(value: str | Sequence[str]) -> str:
    """Quoted, since a day or a wildcard would be something else in YAML."""
    if isinstance(value, str):
        return "'{}'".format(value.replace("'", "''"))
    return f"[{', '.join(map(_written, value))}]"
