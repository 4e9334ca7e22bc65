"""What Terraform tells while it works: each line of `-json` as an event."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.diagnostics import Place

_LONGEST_LINE = 1024 * 1024
_QUOTED = re.compile(r'"([A-Za-z_][\w-]*\.(?:[^"\\\n]|\\.)+)"')
TEXT = "text"
"""Kind of what is not JSON: a crash, or a command without `-json`."""
SIGNAL = "signal"
"""Kind of what groundplan itself says about signals."""
WAITING = "waiting"
"""Kind of what groundplan itself says about what it waits for."""
SILENCE = "silence"
"""Kind of what groundplan itself says where Terraform has told nothing for long, with the seconds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or a warning of Terraform."""

    severity: str
    summary: str
    detail: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened; `kind` is Terraform's own: `apply_start`, `planned_change`, `diagnostic`, ….

    https://developer.hashicorp.com/terraform/internals/machine-readable-ui
    """

    root: str
    kind: str
    address: str | None = None
    action: str | None = None
    seconds: float | None = None
    text: str = ""
    problem: Problem | None = None


def event_of(root: str, line: str) -> Event | None:
    """The event of a line; None for an empty one."""
    if not line.strip():
        return None
    try:
        value = json.loads(line) if line.startswith("{") and len(line) <= _LONGEST_LINE else None
    except (json.JSONDecodeError, RecursionError):
        value = None
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return Event(root, TEXT, text=line)
    return _told(root, value)


def quoted_addresses(text: str) -> Iterator[str]:
    """Addresses that Terraform names in a message, which it quotes as Go does, and what looks like one."""
    for quoted in _QUOTED.findall(text):
        with contextlib.suppress(json.JSONDecodeError):
            yield json.loads(f'"{quoted}"')


def _told(root: str, value: Mapping[str, Any]) -> Event:
    about = _mapping(value.get("hook")) or _mapping(value.get("change"))
    problem = _problem(root, _mapping(value.get("diagnostic")))
    return Event(
        root,
        value["type"],
        address=_text(_mapping(about.get("resource")).get("addr")) or _address(value),
        action=_text(about.get("action")),
        seconds=_number(about.get("elapsed_seconds")),
        text=_whole(problem) if problem else (_text(value.get("@message")) or "").strip(),
        problem=problem,
    )


def _problem(root: str, value: Mapping[str, Any]) -> Problem | None:
    if not value:
        return None
    where = _mapping(value.get("range"))
    file, line = _text(where.get("filename")), _mapping(where.get("start")).get("line")
    place = Place(f"{root}/{file}", line) if file and isinstance(line, int) and line > 0 else None
    summary, detail = _text(value.get("summary")) or "", _text(value.get("detail")) or ""
    return Problem(_text(value.get("severity")) or "error", summary, detail, place)


def _whole(problem: Problem) -> str:
    return f"{problem.severity.capitalize()}: {problem.summary}" + (f"\n{problem.detail}" if problem.detail else "")


def _address(value: Mapping[str, Any]) -> str | None:
    return _text(_mapping(value.get("diagnostic")).get("address"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
