"""What follows from the end of a thing that its own plan does not show, and what can be done instead."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from groundplan.catalog.tables import filled, one_of, read_table
from groundplan.change.planned import Action, Planned, value_at
from groundplan.diagnostics import shortened

_COLUMNS = ("type", "when", "if", "stops", "then", "avoid", "source")
_WHEN: Mapping[str, Sequence[Action]] = {
    "gone": (Action.DESTROY, Action.REPLACE),
    "destroyed": (Action.DESTROY,),
    "replaced": (Action.REPLACE,),
}
FIELD = re.compile(r"\{(\w+)\}")
"""Where the value of an argument is put into a sentence."""
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows where the conditions hold, and what avoids it; the latter may be empty."""

    type: str
    when: str
    conditions: tuple[str, ...]
    stops: str
    """`apply` where it makes the apply fail, or may; else empty."""
    then: str
    avoid: str
    source: str

    def told(self, planned: Planned) -> str:
        """The consequence with the values of the resource in it."""
        return FIELD.sub(lambda field: _shown(planned.before.get(field[1])), self.then)


def consequences(planned: Planned) -> Iterator[Consequence]:
    """The rows that hold for what happens to a resource, those of every type first."""
    for row in (*rows().get(_ANY, ()), *rows().get(planned.type, ())):
        if planned.action in _WHEN[row.when] and all(_holds(term, planned) for term in row.conditions):
            yield row


@cache
def rows() -> Mapping[str, Sequence[Consequence]]:
    """The rows of each type, and of `*` for all."""
    found: dict[str, list[Consequence]] = defaultdict(list)
    for _, row in read_table(files("groundplan.change") / "consequences.csv", _COLUMNS, _row):
        found[row.type].append(row)
    return found


def _row(  # noqa: PLR0913, PLR0917 - a column each
    type_: str, when: str, terms: str, stops: str, then: str, avoid: str, source: str
) -> Consequence:
    conditions = tuple(filter(None, terms.split("&")))
    stops = one_of(stops, ("", "apply"))
    return Consequence(
        filled(type_), one_of(when, tuple(_WHEN)), conditions, stops, filled(then), avoid, filled(source)
    )


def _holds(term: str, planned: Planned) -> bool:
    """`new_first`, `old_first`, `same ATTRIBUTE`, `ATTRIBUTE=VALUE` or `ATTRIBUTE!=VALUE`, of the state before."""
    if term in ("new_first", "old_first"):
        return planned.new_first == (term == "new_first")
    if term.startswith("same "):
        name = term.removeprefix("same ")
        return planned.before.get(name) == planned.after.get(name)
    name, _, wanted = term.partition("=")
    return (_shown(value_at(planned.before, (name.rstrip("!"),))) == wanted) != name.endswith("!")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else shortened(str(value))
