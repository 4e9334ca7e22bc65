"""Data that goes with something that holds none itself, or that no plan shows."""

from __future__ import annotations

import re

import pytest

from groundplan.change.attribution import Attribution, Edits
from groundplan.change.entries import Rehearsed
from groundplan.change.left import left_behind
from groundplan.change.model import Counts, Entry, Kind
from groundplan.change.planned import read_plan
from groundplan.change.tables import things
from groundplan.change.things import HOLDERS
from groundplan.change.wording import plural, sentence
from groundplan.terraform.effects import effects
from tests.unit.change.plans_of import Facts, change, entries, plan, resource

ROOT = "10-foundation"


def told(*resources: dict[str, object]) -> list[Entry]:
    """The entries by the facts of the package."""
    found = plan(ROOT, *resources)
    return Rehearsed(list(read_plan(ROOT, found.plan or {})), Attribution(None, None, Edits()), effects()).entries()


def is_data(type_: str) -> bool:
    loss = effects().loss(type_, {})
    return loss is not None and loss.data and things()[type_].noun not in HOLDERS


DATA_OF_OTHERS = [
    (thing.type, owner.type)
    for thing in things().values()
    for owner in thing.owners
    if is_data(thing.type) and not is_data(owner.type)
]


def test_there_is_data_that_belongs_to_what_holds_none() -> None:
    assert ("aws_cloudwatch_log_group", "aws_eks_cluster") in DATA_OF_OTHERS
    assert len(DATA_OF_OTHERS) >= 6


@pytest.mark.parametrize("action", ["destroy", "replace"])
@pytest.mark.parametrize(("part", "whole"), DATA_OF_OTHERS)
def test_data_is_told_where_what_it_belongs_to_holds_none(part: str, whole: str, action: str) -> None:
    found = told(resource(f"module.a.{whole}.this", "destroy"), resource(f"module.a.{part}.this", action))
    assert any(one.kind is Kind.DESTROYS_DATA and part in one.address for one in found)


def cluster(name: str, action: str) -> dict[str, object]:
    return resource(f"module.{name}.aws_eks_cluster.this", action, {"name": name})


@pytest.mark.parametrize("action", ["destroy", "replace"])
def test_a_lost_cluster_of_which_nothing_can_be_told_needs_a_word(action: str) -> None:
    lost = next(one for one in entries(plan(ROOT, cluster("acme", action))) if one.kind is Kind.DESTROYS_DATA)
    assert lost.what == "every claim of a volume in cluster acme goes with it"
    assert "no plan tells what is in it" in lost.reason
    assert lost.needs_word


def test_of_several_clusters_each_that_goes_needs_a_word() -> None:
    found = entries(plan(ROOT, cluster("a", "destroy"), cluster("b", "nothing"), cluster("c", "replace")))
    data = [one for one in found if one.kind is Kind.DESTROYS_DATA]
    assert [one.what.split(" goes")[0] for one in data] == [
        f"every claim of a volume in cluster {name}" for name in "ac"
    ]
    assert all("several clusters" in one.reason for one in data)


def of_actions(*actions: str) -> dict[str, object]:
    found = resource("aws_s3_bucket.this", "nothing", {"bucket": "acme"}, {"bucket": "acme"})
    found["change"]["actions"] = list(actions)
    return found


def test_actions_that_nobody_knows_are_unknown() -> None:
    [entry] = entries(plan(ROOT, of_actions("delete", "swallow")))
    assert (entry.kind, entry.what) == (Kind.UNKNOWN, "bucket acme is changed in a way that is not known")


@pytest.mark.parametrize("actions", [("create", "forget"), ("forget", "create")])
def test_what_is_made_beside_what_is_forgotten_counts_as_both(actions: tuple[str, str]) -> None:
    found = change(plan(ROOT, of_actions(*actions)))
    assert found.counts == Counts(created=1, forgotten=1)
    assert [one.what for one in found.entries] == ["bucket acme stays, no longer managed"]


ABANDONED = {"name": "acme", "deletion_policy": "ABANDON"}


def test_an_abandoned_thing_that_is_replaced_is_told() -> None:
    [entry] = told(resource("google_sql_database_instance.this", "replace", ABANDONED, forced_by=["region"]))
    assert (entry.kind, entry.forced_by) == (Kind.REPLACES, ("region",))
    assert "the old one is left where it is" in entry.reason


def test_an_abandoned_thing_is_told_as_staying() -> None:
    [entry] = entries(plan(ROOT, resource("google_storage_bucket.this", "destroy", ABANDONED)))
    assert (entry.kind, entry.what) == (Kind.COSTS, "bucket acme stays, no longer managed")
    assert "README" not in entry.reason


def test_names_that_hold_another_are_not_taken_for_it() -> None:
    """`acme-datasets` is told among the costs, `acme` is not."""
    cost = Entry(Kind.COSTS, "bucket acme-datasets, bucket acme-x are left behind and still paid: $3 a month")
    planned = list(read_plan(ROOT, {"resource_changes": [resource("aws_s3_bucket.a", "forget", {"bucket": "acme"})]}))
    [entry] = left_behind(planned, Attribution(None, None, Edits()), Facts(), [cost])
    assert entry.what == "bucket acme stays, no longer managed"
    named = Entry(Kind.COSTS, "bucket acme-b, bucket acme are left behind and still paid: $3 a month")
    assert not list(left_behind(planned, Attribution(None, None, Edits()), Facts(), [named]))


@pytest.mark.parametrize("action", ["destroy", "replace"])
@pytest.mark.parametrize(
    "type_", ["aws_dynamodb_table", "aws_efs_file_system", "google_compute_disk", "google_spanner_database"]
)
def test_the_end_of_a_type_that_was_not_studied_needs_a_word(type_: str, action: str) -> None:
    [entry] = told(resource(f"{type_}.this", action, {"name": "x"}))
    assert entry.kind is Kind.UNKNOWN
    assert entry.needs_word


@pytest.mark.parametrize(
    ("type_", "state", "data"),
    [
        ("kubernetes_persistent_volume_claim_v1", {}, True),
        ("helm_release", {"values": ["persistence: {enabled: true}"]}, True),
        ("helm_release", {"values": ['"server":\n  "persistentVolume":\n    "enabled": true\n']}, True),
        ("helm_release", {"values": ["persistence:\n  size: 8Gi"]}, True),
        ("helm_release", {"set": [{"name": "primary.persistence.enabled", "value": "true"}]}, True),
        ("helm_release", {"values": ["persistence: {enabled: false}"]}, False),
        ("helm_release", {"values": ["replicas: 2"], "set": [{"name": "x", "value": "true"}]}, False),
        ("helm_release", {"values": None, "set": None}, False),
    ],
)
def test_what_claims_volumes_takes_them_with_it(type_: str, state: dict[str, object], data: bool) -> None:
    [entry] = told(resource(f"{type_}.this", "destroy", {"name": "x", **state}))
    assert (entry.kind is Kind.DESTROYS_DATA) is data


def test_volumes_of_a_stateful_set_go_with_a_cluster() -> None:
    claims = {"metadata": [{"name": "db"}], "spec": [{"volume_claim_template": [{"metadata": []}]}]}
    found = entries(
        plan(ROOT, cluster("acme", "destroy"), resource("kubernetes_stateful_set_v1.db", "nothing", claims))
    )
    assert any(one.what.startswith("volumes of") and one.kind is Kind.DESTROYS_DATA for one in found)


PLURALS = {
    "alert routes": "alert routes",
    "alert rules": "alert rules",
    "access to a bucket": "accesses to a bucket",
    "access to the cluster": "accesses to the cluster",
    "access of pods": "accesses of pods",
    "use of a key": "uses of a key",
    "private connection to Google's services": "private connections to Google's services",
    "service address": "service addresses",
    "network policy": "network policies",
    "ingress": "ingresses",
    "API": "APIs",
}


def test_every_thing_has_a_plural() -> None:
    nouns = {thing.noun for thing in things().values() if thing.noun}
    assert {noun: plural(noun) for noun in PLURALS} == PLURALS
    assert set(PLURALS) <= nouns
    assert [noun for noun in nouns if re.search(r"eses\b|a \w+s$|[^aeiou]ys\b", plural(noun))] == []


@pytest.mark.parametrize(
    ("noun", "names", "what", "said"),
    [
        ("access of pods", ["a", "b"], "is destroyed", "pods of a and b lose access to the cloud"),
        ("access of pods", ["a"], "is replaced", "pods of a lose access to the cloud until it is given again"),
        ("access to the cluster", ["arn:x"], "is destroyed", "arn:x loses access to the cluster"),
        ("access to the cluster", ["x", "y"], "is destroyed", "x and y lose access to the cluster"),
        ("access to a secret", ["s"], "is destroyed", "somebody who could read secret s loses access to it"),
        ("bucket", ["s"], "is destroyed", "bucket s is destroyed"),
    ],
)
def test_a_right_that_ends_is_told_by_who_loses_it(noun: str, names: list[str], what: str, said: str) -> None:
    assert sentence(noun, names, what) == said
