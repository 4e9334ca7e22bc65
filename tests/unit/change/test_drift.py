"""What a plan says of changes by other means, told apart from what is not applied yet."""

from __future__ import annotations

from typing import Any

from groundplan.change.attribution import Attribution, Edits
from groundplan.change.drift.model import Fate, RootDrift
from groundplan.change.drift.schemas import Schemas
from groundplan.change.drift.sort import Plans, Sorting
from groundplan.terraform.effects import effects

AWS = "registry.terraform.io/hashicorp/aws"
NAME = "aws_sqs_queue.jobs"


def one(before: Any, after: Any, *actions: str, address: str = NAME, **more: Any) -> dict[str, Any]:
    """A resource of a plan."""
    type_, name = address.split(".")[-2:]
    about = {"actions": list(actions), "before": before, "after": after, "after_unknown": {}, **more}
    found = {"address": address, "mode": "managed", "type": type_, "name": name, "provider_name": AWS}
    return {**found, "change": about}


def sorted_(drift: list[Any], changes: list[Any], **more: Any) -> RootDrift:
    plan = {"resource_drift": drift, "resource_changes": changes}
    return Sorting(Attribution(None, None, Edits()), effects(), Schemas()).root(Plans("10-foundation", plan, **more))


def test_what_the_next_apply_sets_back_is_undone() -> None:
    was, now = {"name": "jobs", "delay_seconds": 0}, {"name": "jobs", "delay_seconds": 5}
    found = sorted_([one(was, now, "update")], [one(now, was, "update")])
    [drifted] = found.drifted
    assert drifted.fate is Fate.UNDONE
    [value] = drifted.values
    assert (value.path, value.was, value.now, value.planned) == ("delay_seconds", "0", "5", "0")
    assert not found.pending


def test_what_no_apply_touches_is_kept() -> None:
    was, now = {"name": "jobs", "delay_seconds": 0}, {"name": "jobs", "delay_seconds": 5}
    [drifted] = sorted_([one(was, now, "update")], [one(now, now, "no-op")]).drifted
    assert (drifted.fate, drifted.values[0].planned) == (Fate.KEPT, "5")


def test_what_is_gone_is_made_again() -> None:
    was = {"name": "jobs", "delay_seconds": 0}
    found = sorted_([one(was, None, "delete")], [one(None, was, "create")])
    [drifted] = found.drifted
    assert (drifted.fate, drifted.again) == (Fate.REMOVED, True)
    assert not found.pending


def test_what_nobody_touched_is_pending() -> None:
    was, then = {"name": "jobs", "delay_seconds": 0}, {"name": "jobs", "delay_seconds": 9}
    found = sorted_([], [one(was, then, "update")])
    assert (list(found.drifted), list(found.pending)) == ([], [NAME])


def test_what_follows_from_undoing_is_not_pending() -> None:
    was, now = {"name": "jobs", "delay_seconds": 0}, {"name": "jobs", "delay_seconds": 5}
    other = one({"name": "a"}, {"name": "b"}, "update", address="aws_sqs_queue.other")
    new = one(None, {"name": "c"}, "create", address="aws_sqs_queue.new")
    unrefreshed = {"resource_changes": [new]}
    found = sorted_([one(was, now, "update")], [one(now, was, "update"), other, new], unrefreshed=unrefreshed)
    assert (list(found.pending), list(found.following)) == (["aws_sqs_queue.new"], ["aws_sqs_queue.other"])


def test_what_only_the_provider_sets_is_no_drift() -> None:
    was = {"name": "jobs", "arn": "a", "url": "u", "tags": None, "tags_all": {"owner": "me"}}
    now = {**was, "arn": "b", "url": "v", "tags": {}}
    assert not sorted_([one(was, now, "update")], [one(now, now, "no-op")]).drifted


def test_a_tag_counts_once() -> None:
    was = {"name": "jobs", "tags": {}, "tags_all": {"owner": "me"}}
    now = {"name": "jobs", "tags": {"a": "b"}, "tags_all": {"owner": "me", "a": "b"}}
    [drifted] = sorted_([one(was, now, "update")], [one(now, was, "update")]).drifted
    assert [value.path for value in drifted.values] == ["tags.a"]


def test_sensitive_values_are_hidden() -> None:
    was, now = {"name": "jobs", "policy": "before-it"}, {"name": "jobs", "policy": "after-it"}
    drift = one(was, now, "update", before_sensitive={"policy": True}, after_sensitive={"policy": True})
    [drifted] = sorted_([drift], [one(now, was, "update", after_sensitive={"policy": True})]).drifted
    assert "-it" not in repr(drifted)


def test_a_refresh_alone_says_nothing_of_the_next_apply() -> None:
    was, now = {"name": "jobs", "delay_seconds": 0}, {"name": "jobs", "delay_seconds": 5}
    [drifted] = sorted_([one(was, now, "update")], [], refresh_only=True).drifted
    assert (drifted.fate, drifted.values[0].planned) == (Fate.CHANGED, None)
