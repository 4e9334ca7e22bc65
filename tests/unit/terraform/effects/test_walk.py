"""Patterns over two states: lists, sets, maps, blocks that come and go, what is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.terraform.effects.equality import same
from groundplan.terraform.effects.walk import differing, values
from groundplan.terraform.plugin.values import UNKNOWN


def places(pattern: str, before: Any, after: Any) -> list[tuple[str | int, ...]]:
    return [pair.path for pair in differing(tuple(pattern.split(".")), before, after)]


@pytest.mark.parametrize(
    ("before", "after", "equal"),
    [
        (None, "", True),
        (None, [], True),
        ({}, None, True),
        ("", [], True),
        (None, False, False),
        (None, 0, False),
        (80, "80", True),
        (80.0, 80, True),
        (80, 81, False),
        ("080", "80", False),
        (True, "true", True),
        (True, 1, False),
        (1, True, False),
        ([1, 2], [2, 1], False),
        ({"a": None, "b": 1}, {"b": 1}, True),
        ([{}], [], False),
        ("a", UNKNOWN, False),
        (None, UNKNOWN, False),
        ([{"a": UNKNOWN}], [{"a": UNKNOWN}], False),
        (10**30, str(10**30), True),
        ('{"a": 1, "b": []}', '{"b":[],"a":1}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ("{not json", "{not  json", False),
        ("[" * 500 + "]" * 500, "[" * 500 + " " + "]" * 500, True),
        ("[" * 90_000, "[" * 90_000, True),
        ("[" * 90_000, "[" * 90_001, False),
    ],
)
def test_what_is_the_same(before: Any, after: Any, equal: bool) -> None:
    assert same(before, after) is equal


def test_elements_of_lists_meet_by_index() -> None:
    assert places("a.*.b", {"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}, {"b": 4}]}) == [
        ("a", 1, "b"),
        ("a", 2, "b"),
    ]


def test_elements_of_maps_meet_by_key() -> None:
    assert places("a.*", {"a": {"x": 1, "y": 2}}, {"a": {"z": 3, "x": 1}}) == [("a", "y"), ("a", "z")]


def test_elements_of_sets_have_no_order_and_no_place() -> None:
    before, after = {"a": [{"b": 1, "c": 1}, {"b": 2}]}, {"a": [{"b": 2}, {"b": 1, "c": 1}]}
    assert places("a.#.b", before, after) == []
    assert set(places("a.#.b", before, {"a": [{"b": 2}, {"b": 1, "c": 2}]})) == {("a",)}
    assert places("a.#", {"a": ["x", "y"]}, {"a": ["y", "x"]}) == []
    assert places("a.#", {"a": [None, ""]}, {"a": ["", None]}) == []
    assert places("a.#", {"a": ["x", "x"]}, {"a": ["x"]}) == [("a",)]


def test_a_block_that_comes_brings_its_arguments() -> None:
    assert places("a.*.b.*.c", {"a": []}, {"a": [{"b": [{"c": 1}]}]}) == [("a", 0, "b", 0, "c")]
    assert places("a.*.b.*.c", {"a": [{"b": [{"c": 1}]}]}, {"a": None}) == [("a", 0, "b", 0, "c")]
    assert places("a.*.b.*.c", {"a": []}, {"a": [{"b": [{"c": None, "d": 1}]}]}) == []


def test_what_is_unknown_ends_the_path() -> None:
    assert places("a.*.b", {"a": [{"b": 1}]}, {"a": UNKNOWN}) == [("a",)]
    assert places("a.*.b", {"a": [{"b": 1}]}, {"a": [UNKNOWN]}) == [("a", 0)]
    assert places("a.*.b", {"a": [{"b": 1}]}, {"a": [{"b": UNKNOWN}]}) == [("a", 0, "b")]
    assert places("a.#.b", {"a": [{"b": 1}]}, {"a": [{"b": 1}, UNKNOWN]}) == [("a",)]
    assert places("a.#", {"a": ["x"]}, {"a": ["x", UNKNOWN]}) == [("a",)]


def test_a_state_of_another_shape_is_one_without_the_argument() -> None:
    for odd in (None, 7, "text", [], [[]], {"a": 7}, {"a": {"b": []}}, {"a": [None]}):
        assert places("a.*.b", odd, odd) == []
        assert places("a.#.b", odd, odd) == []
    assert places("a.*.b", {"a": "text"}, {"a": [{"b": 1}]}) == [("a", 0, "b")]


def test_a_large_set_is_compared_in_one_pass() -> None:
    before = [{"b": str(index)} for index in range(20_000)]
    assert places("a.#.b", {"a": before}, {"a": before[::-1]}) == []


def test_values_at_a_pattern() -> None:
    state = {"a": [{"b": 1}, {"b": None}, {}], "m": {"x": {"y": 2}}, "u": UNKNOWN}
    assert list(values(("a", "*", "b"), state)) == [1, None, None]
    assert list(values(("m", "*", "y"), state)) == [2]
    assert list(values(("u", "*", "b"), state)) == [UNKNOWN]
