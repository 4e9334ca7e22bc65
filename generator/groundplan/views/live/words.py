"""Words that several of these views use."""

from __future__ import annotations

from datetime import datetime

from groundplan.live.ages import age, lasted

__all__ = ["age", "lasted", "moment"]


def moment(time: datetime) -> str:
    """To the second, in UTC as clouds say it."""
    return time.strftime("%Y-%m-%d %H:%M:%S")
