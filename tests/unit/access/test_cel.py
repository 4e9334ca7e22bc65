"""The part of CEL that conditions are written in."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.access.gcp.cel import Missing, Names, Open, UnreadableExpressionError, evaluate

VALUES: dict[str, Any] = {
    "assertion.sub": "repo:acme/infra:pull_request",
    "assertion.id": "34",
    "resource.name": "projects/_/buckets/b/objects/states/1",
    "any": Names("projects/_/buckets/b/objects/*"),
    "open": Open("something"),
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("assertion.id == '34' && assertion.sub.startsWith('repo:acme/')", True),
        ("assertion.id in ['33', \"34\"]", True),
        ("assertion['id'] != '34' || !(assertion.id == '34')", False),
        ("'id:' + assertion.id", "id:34"),
        ("assertion.id == '1' ? 'a' : assertion.id == '34' ? 'b' : 'c'", "b"),
        ("resource.name.endsWith('/1') && resource.name.contains('states')", True),
        ("has(assertion.id) && !has(assertion.other)", True),
        ("true || open == 'x'", True),
        ("false && assertion.other == 'x'", False),
        ("[].hasOnly(['a'])", True),
        (r"'it\'s' == " + '"it\'s"', True),
    ],
)
def test_values(expression: str, value: object) -> None:
    assert evaluate(expression, VALUES) == value


def test_an_error_counts_where_nothing_else_decides() -> None:
    """https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators"""
    assert isinstance(evaluate("assertion.other == 'x' && assertion.id == '34'", VALUES), Missing)
    assert evaluate("assertion.other == 'x' && assertion.id == '1'", VALUES) is False
    assert isinstance(evaluate("assertion.other == 'x' ? 'a' : 'b'", VALUES), Missing)


def test_names_with_wildcards_are_some_of_them() -> None:
    some = evaluate("any.startsWith('projects/_/buckets/b/objects/states/')", VALUES)
    assert isinstance(some, Open) and some.chosen
    assert evaluate("any.startsWith('projects/_/buckets/b/')", VALUES) is True
    assert evaluate("any.startsWith('projects/_/buckets/c/')", VALUES) is False


@pytest.mark.parametrize("expression", ["a ==", "size(a)", "a.matches('x')", "(", "1 ~ 2", "(" * 500, "'a" * 9_000])
def test_what_is_not_understood(expression: str) -> None:
    with pytest.raises(UnreadableExpressionError):
        evaluate(expression, {"a": "x"})
