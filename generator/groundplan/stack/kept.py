"""What an earlier render decided and a later one keeps: new tables must not replace running nodes by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kept:
    """Decisions of the last render, as text by path in the spec, and the region they were made for."""

    region: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def value(self, path: str) -> str:
        """The decision at `path`, empty when there was none."""
        return self.values.get(path, "")

    def names(self, path: str) -> tuple[str, ...]:
        """The decision at `path` as the list of names it is."""
        return tuple(name for name in self.value(path).split(", ") if name)


NOTHING = Kept()
"""For a first render, or to decide everything anew."""
