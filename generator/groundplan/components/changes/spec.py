"""The block `changes`."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, Literal

from pydantic import Field

from groundplan.spec.base import At, Day, Key, Line, Model, Name


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
