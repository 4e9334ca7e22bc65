"""Spans of time in words."""

from __future__ import annotations

from datetime import timedelta

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def age(span: timedelta | None) -> str:
    """`4 min`, `3 h 12 min`, `9 d 4 h`."""
    if span is None:
        return "unknown"
    if span < _HOUR:
        return f"{span // timedelta(minutes=1)} min"
    if span < _DAY:
        return f"{span // _HOUR} h {span % _HOUR // timedelta(minutes=1)} min"
    return f"{span // _DAY} d {span % _DAY // _HOUR} h"


def lasted(span: timedelta) -> str:
    """`4 s`, `2 min 5 s`, `1 h 12 min`."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    if not minutes:
        return f"{seconds} s"
    return f"{minutes} min {seconds} s" if span < _HOUR else age(span)
