"""Where answers are registered: one function per type, found by kind and type name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from groundplan.terraform.plugin.synthetic import Synthesizer

Answer = Callable[[Synthesizer], dict[str, Any]]
"""Asked with the arguments in `values`, gives attribute values; what it leaves out is made up."""

ANSWERS: dict[tuple[str, str], Answer] = {}


def answers(kind: str, *type_names: str) -> Callable[[Answer], Answer]:
    """Registers a function for types of a kind (`resource`, `data`, `ephemeral`)."""

    def register(function: Answer) -> Answer:
        for name in type_names:
            if (kind, name) in ANSWERS:
                raise ValueError(f"two answers for {kind} {name}")
            ANSWERS[kind, name] = function
        return function

    return register
