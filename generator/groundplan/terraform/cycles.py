"""What waits for itself in a plan, and the steps that end it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from groundplan.diagnostics import Diagnostic, shortened
from groundplan.hcl.sources import strip_indexes

_CYCLE = "Cycle: "
_ADDRESS = re.compile(r"(?:^|, )((?:module\.[\w-]+\.)*(?:data\.)?[A-Za-z][A-Za-z0-9]*_[\w-]*\.[\w-]+)(?= \(|, |$)")
_MOST_NAMED = 6


def ended(root: str, found: Iterable[Diagnostic]) -> Diagnostic | None:
    """GP513 with the steps, where one of the findings is a cycle; None where none is.

    A dependency that only the state has goes with an apply that plans no change, as Terraform 1.11 does it.
    """
    cycle = next((one.message for one in found if one.message.startswith(_CYCLE)), None)
    if cycle is None:
        return None
    message = f"what changes in {root} waits for itself: there is no order to apply it in"
    named = in_cycle(cycle)
    return Diagnostic("GP513", message, hint=_steps(named), address=named[0] if named else None)


def in_cycle(message: str) -> tuple[str, ...]:
    """The resources that Terraform names, each once, in the order of its message; keys of instances are left out."""
    return tuple(dict.fromkeys(_ADDRESS.findall(strip_indexes(message).removeprefix(_CYCLE))))


def _steps(named: tuple[str, ...]) -> str:
    if not named:
        return "change it in two steps"
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    which = ", ".join(shortened(address) for address in named[:_MOST_NAMED])
    return (
        f"1. in the configuration before, write values instead of the references between {which}{more}; "
        "2. apply that: no resource changes; 3. apply the new configuration"
    )
