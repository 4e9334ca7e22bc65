"""Words that several of these views use."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from groundplan.live.ages import age, lasted

if TYPE_CHECKING:
    from groundplan.app.live.outcomes import Question

__all__ = ["age", "lasted", "moment", "verdict"]


def verdict(asked: Question) -> str:
    """What an apply takes where nothing is stopped and yet something is lost or replaced; empty otherwise."""
    return "what is lost or replaced takes the name of the environment at the apply" if asked.is_severe else ""


def moment(time: datetime) -> str:
    """To the second, in UTC as clouds say it."""
    return time.strftime("%Y-%m-%d %H:%M:%S")
