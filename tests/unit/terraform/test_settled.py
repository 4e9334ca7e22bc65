"""What a plan leaves open and its apply tells."""

from __future__ import annotations

from typing import Any

from groundplan.terraform.settled import settle


def change(address: str, before: Any, after: Any, unknown: Any) -> dict[str, Any]:
    told = {"actions": ["update"], "before": before, "after": after, "after_unknown": unknown}
    return {"address": address, "change": told}


def state(*attributes: Any) -> dict[str, Any]:
    instances = [{"index_key": key, "attributes": value} for key, value in zip(("a", "b"), attributes, strict=True)]
    resource = {"mode": "managed", "module": "module.m", "type": "t", "name": "n", "instances": instances}
    return {"resources": [resource]}


def test_what_turned_out_as_it_was_is_no_change_and_the_rest_stays_open() -> None:
    same = change('module.m.t.n["a"]', {"p": "x", "q": 1}, {"q": 1}, {"p": True, "l": [False]})
    other = change('module.m.t.n["b"]', {"p": "x", "q": 1}, {"q": 2}, {"p": True, "r": True})
    plan = {"resource_changes": [same, other]}
    settle(plan, state({"p": "x", "q": 1}, {"p": "x", "q": 2, "r": "made up"}))
    assert same["change"]["actions"] == ["no-op"] and same["change"]["after"] == {"p": "x", "q": 1}
    assert other["change"]["actions"] == ["update"]
    assert (other["change"]["after"], other["change"]["after_unknown"]) == ({"p": "x", "q": 2}, {"r": True})


def test_without_a_state_all_stays_open() -> None:
    one = change("t.n", {"p": "x"}, {}, {"p": True})
    settle({"resource_changes": [one]}, {})
    assert one["change"]["after_unknown"] == {"p": True}
