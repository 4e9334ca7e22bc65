"""The twin's own reader of GitHub's expressions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.pipelines.expressions import FUNCTIONS, ExpressionError, Known, evaluate, interpolated

CONTEXTS = {"a": {"b": "x", "n": None}, "inputs": Known(roots="")}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a.b == 'X' && 'HEAD^1' || a.n", "HEAD^1"),
        ("a.n || a.gone.further || ''", ""),
        ("!a.n && (a.b != 'y' || false)", True),
        ("format('{0}-{1}', a.b, 3 == 3)", "x-true"),
        ("fromJSON('\"ubuntu\"')", "ubuntu"),
        ("a['b']", "x"),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert evaluate(text, CONTEXTS, FUNCTIONS) == value


@pytest.mark.parametrize("text", ["a.b ==", "b", "what()", "inputs.rots", "a b", "'x"])
def test_what_github_would_not_take(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(text, CONTEXTS, FUNCTIONS)


def test_an_expression_within_a_text_and_one_that_stands_alone() -> None:
    assert interpolated({"one": ["${{ a.b }}-${{ a.n }}"], "two": "${{ a }}"}, CONTEXTS, FUNCTIONS) == {
        "one": ["x-"],
        "two": CONTEXTS["a"],
    }
