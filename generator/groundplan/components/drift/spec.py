"""The block `drift`."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from groundplan.spec.base import At, Day, Key, Line, Model, Name

ATTRIBUTE_PATTERN = r"^[A-Za-z_*][A-Za-z0-9_*.:/\[\]-]{0,199}$"
MOST_ATTRIBUTES, MOST_LINES = 20, 50
Attribute = Annotated[str, StringConstraints(pattern=ATTRIBUTE_PATTERN)]


class Ignored(Model):
    """One thing that is changed by other means and known."""

    at: At
    """Where, with everything below it: a path of the spec such as `storage.buckets`, or an address of Terraform such as
    `module.pool_system`."""
    attributes: Annotated[list[Attribute], Field(max_length=MOST_ATTRIBUTES)] = []
    """Which attributes, as `drift` writes them, such as `tags.cost-center`, or `tags.*` for all below; without any the
    whole thing."""
    kind: Literal["destroys-data", "cannot-be-undone", "opens", "unknown"] | None = None
    """Class of what was done by other means, which has to be said where it did such a thing: a line without it never
    hides lost data, an opened door, or the end of something that groundplan knows nothing about."""
    until: Day
    """Last day on which it holds, quoted, such as "2026-12-31"; at most a year ahead."""
    reason: Line
    """Who changes it and why, for whoever reviews the spec."""


class Drift(Model):
    """What of drift is known."""

    ignore: Annotated[dict[Name, Ignored], Field(max_length=MOST_LINES)] = {}
    """What `groundplan drift` does not count, by a name of your own."""


KEYS = (Key("drift", Drift, "What others change in the cloud and `groundplan drift` does not count."),)

PATTERNS = {ATTRIBUTE_PATTERN: "write an attribute as `groundplan drift` does, such as tags.cost-center or tags.*"}
"""What to write instead of text that does not match them."""
