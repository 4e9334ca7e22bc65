"""A stack as text and as JSON: what was decided, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from textwrap import wrap
from typing import Any

from groundplan.escaping import for_text
from groundplan.stack.model import Decision, Stack
from groundplan.views.tables import Column, bold, number, table, unit_price


def resolved(stack: Stack, *, color: bool) -> str:
    """Every decision in one table."""
    columns = (Column("what"), Column("value"), Column("by"), Column("why"))
    rows = [(d.path, d.value, d.origin.value, d.explanation) for d in stack.decisions]
    heading = bold(f"{stack.name}: {stack.provider} {stack.region}, account {stack.account}", color=color)
    return f"{heading}\n\n{table(columns, rows, color=color)}"


def explained(decisions: Sequence[Decision], *, color: bool) -> str:
    """Each decision with its reason and alternatives."""
    return "\n".join(_explained(decision, color) for decision in decisions)


def _explained(decision: Decision, color: bool) -> str:
    lines = [
        bold(f"{decision.path} = {decision.value}", color=color),
        for_text(f"  {decision.origin}: {decision.explanation}"),
    ]
    for alternative in decision.alternatives:
        price = "" if alternative.usd_per_hour is None else f" ${unit_price(alternative.usd_per_hour)}/h"
        words = for_text(f"{alternative.name}{price}: {alternative.reason}")
        lines += wrap(words, 120, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False)
    return "\n".join(lines) + "\n"


def as_json(stack: Stack) -> dict[str, Any]:
    """The whole stack, amounts as numbers, each component under its key; decisions and notices stand apart."""
    values = asdict(stack, dict_factory=_numbers)
    del values["decisions"], values["notices"], values["needs"]
    shown: dict[str, Any] = {}
    for key, value in values.items():
        shown |= _parts(stack, value) if key == "parts" else {_KEYS.get(key, key): value}
    return shown


_KEYS = {"purchase_option": "purchase"}
"""Keys of the JSON that are not named like the field."""


def _parts(stack: Stack, values: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for name, part in stack.parts.items():
        key = name if part is None or part.key is None else part.key
        shown |= {key: values[name]} if key else values[name]
    return shown


def _numbers(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {key: _plain(value) for key, value in items}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return number(value) if isinstance(value, Decimal) else value


def decisions_json(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Decisions with their alternatives; prices as numbers."""
    return [
        {
            "path": decision.path,
            "value": decision.value,
            "origin": decision.origin.value,
            "reason": decision.explanation,
            "alternatives": [
                {
                    "name": alternative.name,
                    "reason": alternative.reason,
                    "usd_per_hour": None if alternative.usd_per_hour is None else number(alternative.usd_per_hour),
                }
                for alternative in decision.alternatives
            ],
        }
        for decision in decisions
    ]
