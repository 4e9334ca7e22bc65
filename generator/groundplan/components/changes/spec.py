"""The block `changes`."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from groundplan.spec.base import Key, Line, Model, Name

_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_AT = r"^[A-Za-z0-9_-]+([.\[][^\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]*)?$"


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"cannot be `{value}`; write a day that there is") from None
    return value


Day = Annotated[str, StringConstraints(pattern=_DAY), AfterValidator(_day)]
At = Annotated[str, StringConstraints(pattern=_AT, max_length=300)]


class Allowed(Model):
    """One thing that a change may do."""

    kind: Literal["destroys-data", "cannot-be-undone", "replaces", "interrupts", "opens", "costs", "unknown"]
    """Class of what it does, as `--allow` takes it."""
    at: At
    """Where, with everything below it: a path of the spec such as `storage.buckets.scratch`, also one that is gone, or
    an address of Terraform such as `module.object_store`."""
    until: Day
    """Last day on which it holds, quoted, such as "2026-12-31"; at most 90 days ahead."""
    reason: Line
    """Why, for whoever reviews the spec."""


class Changes(Model):
    """What a change of the environment may do."""

    allow: Annotated[dict[Name, Allowed], Field(max_length=50)] = {}
    """What the operator lets pass, by a name of your own; remove a line when its change is applied."""


KEYS = (Key("changes", Changes, "What a change of the environment may do that needs the operator's word."),)

PATTERNS = {
    _DAY: 'write a day in quotes, such as "2026-12-31"',
    _AT: "write a path of the spec such as storage.buckets.scratch, or an address of Terraform",
}
"""What to write instead of text that does not match them."""
