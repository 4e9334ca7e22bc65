"""Values that a cloud stops or starts to support by a date, where a check of checkov compares with a list that ages.

checkov's lists end where its release did, and outlive what they name. A cloud's module `dated` holds `DATED`: what the
cloud itself says, with the day on which it said so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from groundplan.catalog.tables import filled, read_table

COLUMNS = ("check", "argument", "value", "until", "says", "source", "as_of")
_OPEN, _NEVER = "open", "never"


@dataclass(frozen=True, slots=True)
class Dated:
    """One value of an argument that a check of checkov judges."""

    check: str
    argument: tuple[str, ...]
    """Path of names from the resource to the argument; lists on the way are entered."""
    value: str
    until: date | None
    """The first day without support; None for none that is known."""
    says: str
    """What the cloud says of the value, as a sentence without an end."""
    source: str
    as_of: date

    def holds(self, on: date) -> bool:
        """Whether the value is good on that day."""
        return self.until is None or on < self.until

    def reason(self, on: date) -> str:
        """Why it is or is not, with the date of the source."""
        until = f" until {self.until}" if self.until is not None and self.until > date.min else ""
        ended = f" ended on {self.until}" if until and not self.holds(on) else until
        return f"{self.says}{ended} ({self.source}, as of {self.as_of})"


def read_dated(table: Traversable) -> Iterator[Dated]:
    """The rows of a table. Raises DiagnosticsError (GP705) for one that is none."""
    for _, row in read_table(table, COLUMNS, _dated):
        yield row


def _dated(  # noqa: PLR0913, PLR0917 - one parameter per column
    check: str, argument: str, value: str, until: str, says: str, source: str, as_of: str
) -> Dated:
    path = tuple(filled(argument).split("."))
    end = {_OPEN: None, _NEVER: date.min}[until] if until in (_OPEN, _NEVER) else date.fromisoformat(until)
    return Dated(filled(check), path, filled(value), end, filled(says), filled(source), date.fromisoformat(as_of))
