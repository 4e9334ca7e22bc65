"""Every term of the grammar, with what it takes and what it leaves."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.terraform.effects.conditions import WITH_TEXT, WORDS, States, parse_condition
from groundplan.terraform.plugin.values import UNKNOWN

CASES: list[tuple[str, Any, Any, bool]] = [
    ("", "a", "b", True),
    ("stated", "a", "b", True),
    ("stated", "a", None, False),
    ("stated", "a", "", False),
    ("stated", "a", UNKNOWN, True),
    ("stated", None, False, True),
    ("was_stated", "a", None, True),
    ("was_stated", [], ["a"], False),
    ("was_stated", None, UNKNOWN, False),
    ("was_stated", "a", UNKNOWN, True),
    ("appears", None, "a", True),
    ("appears", "a", "b", False),
    ("appears", None, UNKNOWN, True),
    ("appears", "a", UNKNOWN, False),
    ("vanishes", "a", None, True),
    ("vanishes", [{}], [], True),
    ("vanishes", "a", "b", False),
    ("vanishes", "a", UNKNOWN, True),
    ("vanishes", None, UNKNOWN, False),
    ("comes_or_goes", None, "a", True),
    ("comes_or_goes", "a", None, True),
    ("comes_or_goes", "a", "b", False),
    ("comes_or_goes", None, UNKNOWN, True),
    ("count", [{"a": 1}], [{"a": 2}], False),
    ("count", [{"a": 1}], [], True),
    ("count", None, [], False),
    ("count", [1], UNKNOWN, True),
    ("loses", ["a", "b"], ["b"], True),
    ("loses", ["a"], ["b", "a"], False),
    ("loses", ["a"], None, True),
    ("loses", [], UNKNOWN, False),
    ("loses", ["a"], UNKNOWN, True),
    ("lowered", 2, 1, True),
    ("lowered", "10", 9, True),
    ("lowered", 1, 2, False),
    ("lowered", "x", "w", False),
    ("lowered", 1, None, False),
    ("lowered", 1, UNKNOWN, True),
    ("lowered", None, UNKNOWN, False),
    ("raised", 1, 2, True),
    ("raised", "9", "10", True),
    ("raised", 2, 1, False),
    ("raised", 2, UNKNOWN, True),
    ("outside", "10.0.0.0/20", "10.0.0.0/16", False),
    ("outside", "10.0.0.0/16", "10.0.0.0/20", True),
    ("outside", "10.0.0.0/16", "fd00::/8", True),
    ("outside", "10.0.0.0/16", "no range", True),
    ("outside", "10.0.0.0/16", UNKNOWN, True),
    ("major", "16.4", "17.1", True),
    ("major", "POSTGRES_16", "POSTGRES_17", True),
    ("major", "16.4", "16.5", False),
    ("minor", "16.4", "16.5", True),
    ("minor", "16.4", "17.5", False),
    ("from true", True, False, True),
    ("from true", False, True, False),
    ("from true", "true", None, True),
    ("from 0", 0, UNKNOWN, True),
    ("from 0", 7, UNKNOWN, False),
    ("to 0", 7, 0, True),
    ("to 0", 0, 7, False),
    ("to 0", 7, UNKNOWN, True),
    ("both_hold serviceAttachments", "x/serviceAttachments/1", "x/serviceAttachments/2", True),
    ("both_hold serviceAttachments", "x/targetPools/1", "x/serviceAttachments/2", False),
    ("lowered & to 0", 7, 0, True),
    ("lowered & to 0", 7, 1, False),
    ("where mode=fast", "a", "b", True),
    ("where mode=slow", "a", "b", False),
    ("where mode!=slow", "a", "b", True),
    ("where mode!=fast", "a", "b", False),
    ("where new=fast", "a", "b", True),
    ("where none=", "a", "b", True),
    ("where none=x", "a", "b", False),
    ("was mode=slow", "a", "b", True),
    ("was mode=fast", "a", "b", False),
    ("where block.*.on=false", "a", "b", True),
    ("was block.*.on=false", "a", "b", False),
    ("where missing.*.on=", "a", "b", True),
    ("where missing.*.on=x", "a", "b", False),
]
STATES = States(
    {"mode": "slow", "block": [{"on": True}]},
    {"mode": "fast", "new": UNKNOWN, "none": None, "block": [{"on": True}, {"on": False}]},
)


@pytest.mark.parametrize(("text", "before", "after", "holds"), CASES)
def test_term(text: str, before: Any, after: Any, holds: bool) -> None:
    assert parse_condition(text).holds(before, after, STATES) is holds


def test_every_term_is_tried_both_ways() -> None:
    def tried(holds: bool) -> set[str]:
        return {
            part.strip().split(" ")[0] for text, _, _, result in CASES if result is holds for part in text.split("&")
        }

    assert {*WORDS, *WITH_TEXT, "where", "was"} <= tried(True) & tried(False)


@pytest.mark.parametrize("text", ["sometimes", "where", "where x", "lowered & perhaps", "was A=b", "to"])
def test_what_is_no_term_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="no condition"):
        parse_condition(text)
