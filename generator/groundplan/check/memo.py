"""Remembers three pure functions that take most of checkov's time on rendered folders, which repeat themselves.

Reading a JSON path computes the tables of its parser anew each time: half the time of a first scan. Evaluating an
expression builds an interpreter each time, and the same expressions come by the thousand. Parsing a module starts over
for every environment that has a copy of it. Values that are remembered are pickled: callers get their own.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, TextIO

_CLOCK = ("timestamp", "uuid")
"""Functions that answer differently each time."""


def install() -> None:
    """Puts the remembering versions in place; a test holds what is then found to what the plain command finds."""
    evaluation: Any = import_module("checkov.terraform.graph_builder.variable_rendering.evaluate_terraform")
    hcl: Any = import_module("hcl2")
    evaluation.evaluate = _remember_evaluation(evaluation.evaluate)
    hcl.load = _remember_parse(hcl.loads)
    json_path: Any = import_module("bc_jsonpath_ng.parser")
    json_path.ply = SimpleNamespace(yacc=SimpleNamespace(yacc=_remember_parser(json_path.ply.yacc.yacc)))


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


def _remember_parser(build: Callable[..., Any]) -> Callable[..., Any]:
    """One parser for each grammar, which is a class; its instances hold nothing that parsing would change."""
    parsers: dict[tuple[type, Any], Any] = {}

    def parser(*, module: Any, start: Any = None, **settings: Any) -> Any:
        key = (type(module), start)
        if key not in parsers:
            parsers[key] = build(module=module, start=start, **settings)
        return parsers[key]

    return parser
