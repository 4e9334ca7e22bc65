"""What the tables hold, as values."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""Where a value stands in one resource, `("node_config", 0, "spot")`; it ends at a set: elements have no place."""
Pattern = tuple[str, ...]
"""Names and, for what repeats, `*` (each element of a list or map) or `#` (each element of a set)."""

KINDS = ("restart", "rolling", "slow", "new_version")
INTERRUPTIONS = ("none", "seconds", "minutes", "tens_of_minutes", "hours")


@dataclass(frozen=True, slots=True)
class Effect:
    """What an update in place does besides changing the argument."""

    path: Path
    effect: str
    """One of `KINDS`: a restart, machine by machine, time or a consequence, a new version beside the old one."""
    interruption: str
    """One of `INTERRUPTIONS`."""
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What is gone when a resource is destroyed."""

    lost: str
    """Empty where nothing is."""
    undo: str
    """How to get it back; empty where nobody can."""
    kept_days: int | None
    """For how many days that works; None where no number of days is stated."""
    protected_by: str
    """What refuses or delays its destruction."""
    data: bool
    """Whether what users have stored goes with it."""
    irreversible: bool
    """Whether something else stays lost: a name that is taken, an address, an identity that others refer to."""
    source: str
