"""The word that was probably meant."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.diagnostics import close_matches

CLOSE = 0.6
VERY_CLOSE = 0.8


def closest(word: str, allowed: Sequence[str], least: float = CLOSE) -> str | None:
    """The allowed word most like `word`, or None if none is like it."""
    plain = {_plain(other): other for other in reversed(allowed)}
    match = close_matches(_plain(word), plain, cutoff=least)
    return plain[match[0]] if match else None


def _plain(word: str) -> str:
    return word.lower().replace("-", "").replace("_", "").replace(" ", "")
