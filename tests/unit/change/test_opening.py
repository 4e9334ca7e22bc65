"""What is opened, as entries: with the edits that lead to it, and without what something new was asked for with."""

from __future__ import annotations

from groundplan.change.model import Entry, Kind
from tests.unit.change.plans_of import entries, plan, resource
from tests.unit.change.test_opens import eks, member

ROOT = "10-foundation"
CALLS = {ROOT: {"workload_identity": ("workload_identity", "training"), "cluster": ("cluster", "cluster")}}
GRANT = 'module.workload_identity.google_storage_bucket_iam_member.this["{}"]'
OLD = {"training": {"pools": {"a": {"reads": []}}}, "storage": {"buckets": {"data": {}}}}
READS = {"training": {"pools": {"a": {"reads": ["data"]}}}, "storage": {"buckets": {"data": {}}}}
POOL = {"training": {"pools": {"a": {"reads": []}, "b": {"reads": ["data"]}}}, "storage": {"buckets": {"data": {}}}}


def granted(who: str, pool: str, after: dict[str, object]) -> list[tuple[Kind, list[str]]]:
    there = resource(GRANT.format("other"), "nothing", dict(member("user:other@x.org")))
    new = resource(GRANT.format(f"training-{pool} reads data"), "create", {}, dict(member(who)))
    return [told(one) for one in entries(plan(ROOT, there, new), calls=CALLS, before=OLD, after=after)]


def told(entry: Entry) -> tuple[Kind, list[str]]:
    return entry.kind, [edit.path for edit in entry.edits]


def test_more_for_a_pool_that_is_there_is_told_with_its_edit() -> None:
    assert granted("user:a@x.org", "a", READS) == [(Kind.OPENS, ["training.pools.a.reads"])]


def test_what_a_new_pool_comes_with_is_no_opening() -> None:
    assert granted("user:b@x.org", "b", POOL) == []


def test_everybody_is_an_opening_whatever_is_new() -> None:
    assert granted("allUsers", "b", POOL) == [(Kind.OPENS, ["training.pools.b"])]


def test_a_block_within_something_that_is_there_is_an_opening() -> None:
    address = "module.cluster.aws_eks_cluster.this"
    shut, wide = eks(False, []), eks(True, ["8.8.8.0/24"])
    changed = resource(address, "update", dict(shut), dict(wide))
    after = {"cluster": {"endpoint": {"public_cidrs": ["8.8.8.0/24"]}}}
    found = entries(plan(ROOT, changed), calls=CALLS, before={"cluster": {}}, after=after)
    assert [told(one) for one in found] == [(Kind.OPENS, ["cluster.endpoint"])]
    assert found[0].forced_by == ("vpc_config.public_access_cidrs",)


def test_a_policy_that_is_not_known_is_unknown() -> None:
    address = "module.workload_identity.aws_iam_role_policy.this"
    policy = resource(address, "update", {"role": "r", "policy": "{}"}, {"role": "r"}, unknown={"policy": True})
    assert [one.kind for one in entries(plan(ROOT, policy), calls=CALLS)] == [Kind.UNKNOWN]


def test_the_heaviest_of_all_roots_comes_first() -> None:
    roots = ("10-foundation", "20-platform")
    there = resource("google_storage_bucket_iam_member.a", "nothing", {})
    new = [
        resource("google_storage_bucket_iam_member.b", "create", {}, dict(member(who)))
        for who in ("user:a", "allUsers")
    ]
    plans = [plan(root, there, one) for root, one in zip(roots, new, strict=True)]
    assert [one.root for one in entries(*plans)] == ["20-platform", "10-foundation"]
