"""Remembers two pure functions of checkov that take most of its time on rendered folders, which repeat themselves.

Evaluating an expression builds an interpreter each time, and the same expressions come by the thousand; parsing
a module starts over for every environment that has a copy of it. What is remembered is pickled: callers get their own.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any, TextIO

_CLOCK = ("timestamp", "uuid")
"""Functions that answer differently each time."""


def install() -> None:
    """Puts the remembering versions in place; a test holds what is then found to what the plain command finds."""
    evaluation: Any = import_module("checkov.terraform.graph_builder.variable_rendering.evaluate_terraform")
    hcl: Any = import_module("hcl2")
    evaluation.evaluate = _remember_evaluation(evaluation.evaluate)
    hcl.load = _remember_parse(hcl.loads)


def _remember_evaluation(evaluate: Callable[[str], Any]) -> Callable[[str], Any]:
    @lru_cache(maxsize=20_000)
    def outcome(text: str) -> tuple[bytes | None, ValueError | None]:
        try:
            return pickle.dumps(evaluate(text)), None
        except ValueError as error:
            return None, error

    def remembered(text: str) -> Any:
        if not isinstance(text, str) or any(word in text for word in _CLOCK):
            return evaluate(text)
        value, error = outcome(text)
        if value is None:
            raise ValueError(*(error.args if error else ()))
        return pickle.loads(value)

    return remembered


def _remember_parse(loads: Callable[[str], Any]) -> Callable[[TextIO], Any]:
    @lru_cache(maxsize=1_000)
    def parsed(text: str) -> bytes:
        return pickle.dumps(loads(text))

    def load(file: TextIO) -> Any:
        return pickle.loads(parsed(file.read()))

    return load
