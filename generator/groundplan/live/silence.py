"""How long a run has told nothing, as Terraform does while it tries to reach its state."""

from __future__ import annotations

from collections.abc import Callable

LONG_SECONDS = 30.0
"""Three times as long as Terraform is silent while it makes something: it tells of that every ten seconds."""


class Silence:
    """The time since the last line; each silence is news once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.broken()

    def broken(self) -> None:
        """Something was told."""
        self._since = self._clock()
        self._is_told = False

    def news(self) -> float | None:
        """Its seconds when it has become long; None before and afterwards."""
        seconds = self._clock() - self._since
        if self._is_told or seconds < LONG_SECONDS:
            return None
        self._is_told = True
        return seconds
