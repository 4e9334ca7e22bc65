"""What of a plan was not approved with an earlier one."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.change.approved import Shown, differences
from groundplan.change.model import Entry, Kind

ADDRESS = "module.a.x_y.z"


def plan(*actions: str, address: str = ADDRESS, mode: str = "managed", **about: Any) -> dict[str, Any]:
    outside = {name: about.pop(name) for name in ("previous_address", "deposed") if name in about}
    change = {"actions": list(actions), "before": None, "after": None, **about}
    return {"resource_changes": [{"address": address, "mode": mode, "change": change, **outside}]}


def told(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return differences(Shown(before), Shown(now))


def updated(was: Any, will: Any, **about: Any) -> dict[str, Any]:
    return plan("update", before={"name": "n", **was}, after={"name": "n", **will}, **about)


def test_the_same_plan_differs_in_nothing() -> None:
    one = updated({"size": 1, "tags": {"a": "b"}}, {"size": 2, "tags": {"a": "c"}})
    assert told(one, one) == []
    assert told({}, plan("no-op")) == []
    assert told({}, plan("read", mode="data")) == []


@pytest.mark.parametrize(
    ("before", "now", "line"),
    [
        (plan("update"), plan("delete", "create"), "delete and create, approved was update"),
        ({}, plan("delete"), "delete, approved was nothing"),
        (plan("create"), {}, "nothing, approved was create"),
        (plan("no-op", importing={"id": "a"}), plan("no-op", importing={"id": "b"}), "import of b, approved was imp"),
        (plan("no-op"), plan("no-op", previous_address="x_y.old"), "move of x_y.old, approved was nothing"),
        ({}, plan("delete", deposed="0a1b"), "delete, approved was nothing"),
        (
            plan("delete", "create", replace_paths=[["zone"]]),
            plan("delete", "create", replace_paths=[["zone"], ["disk", 0, "kind"]]),
            "forced by disk[0].kind, zone, approved was zone",
        ),
        (updated({"size": 1}, {"size": 2}), updated({"size": 1}, {"size": 3}), "size will be 3, approved was 2"),
        (
            updated({"rules": [{"to": 1}]}, {"rules": [{"to": 2}]}),
            updated({"rules": [{"to": 1}]}, {"rules": [{"to": 2}, {"to": 0}]}),
            'rules will be [{"to": 2}, {"to": 0}], approved was [{"to": 2}]',
        ),
        (
            plan("create", after={"size": 1}),
            plan("create", after={}, after_unknown={"size": True}),
            "size will be known after apply, approved was 1",
        ),
        (plan("create", after={"open": None}), plan("create", after={"open": "all"}), "open will be all, approved was"),
    ],
)
def test_what_differs_is_told(before: dict[str, Any], now: dict[str, Any], line: str) -> None:
    [first] = told(before, now)
    assert first.startswith(ADDRESS)
    assert f": {line}" in first


def test_what_the_cloud_has_by_now_is_told_of_what_is_changed_alone() -> None:
    before = updated({"size": 1, "etag": "a"}, {"size": 2, "etag": "a"})
    now = updated({"size": 4, "etag": "b"}, {"size": 2, "etag": "b"})
    assert told(before, now) == [f"{ADDRESS}: size is 4, was 1 when it was approved"]


def test_what_was_known_only_after_apply_is_what_was_approved_whatever_it_is() -> None:
    before = plan("create", after={"name": "n", "rules": [{}]}, after_unknown={"subnet": True, "rules": [{"to": True}]})
    now = plan("create", after={"name": "n", "subnet": "s-1", "rules": [{"to": 5}]})
    assert told(before, now) == []


def test_what_is_sensitive_is_neither_compared_nor_told() -> None:
    marks = {"after_sensitive": {"password": True}}
    before = plan("create", after={"password": "one"}, **marks)
    assert told(before, plan("create", after={"password": "two"}, **marks)) == []


def test_a_class_that_nobody_saw_is_told_and_dollars_are_not() -> None:
    one = Entry(Kind.INTERRUPTS, "cluster a is updated", address="a.b")
    opens = Entry(Kind.OPENS, "bucket a is public", address="a.c")
    costs = Entry(Kind.COSTS, "block a", address="a.d")
    assert differences(Shown({}, [one]), Shown({}, [one, opens, costs])) == ["opens: bucket a is public"]
    assert differences(Shown({}, [one, opens]), Shown({}, [one])) == []


@pytest.mark.parametrize("value", [{"resource_changes": None}, plan("create", after=[]), plan("update", after="x")])
def test_plans_of_any_shape_are_compared(value: dict[str, Any]) -> None:
    assert told(value, value) == []


def test_a_value_as_deep_as_the_cloud_likes_ends() -> None:
    deep: Any = 1
    for _ in range(60):
        deep = {"a": deep}
    other: Any = 2
    for _ in range(60):
        other = {"a": other}
    assert len(told(plan("create", after={"x": deep}), plan("create", after={"x": other}))) == 1
