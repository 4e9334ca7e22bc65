"""What deletes more than before, or sooner, whichever way a plan writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from groundplan.change.model import Entry, Kind
from tests.unit.change.plans_of import entries, plan, resource

ROOT = "10-foundation"
State = Mapping[str, Any]


def updated(type_: str, before: State, after: State, **more: Any) -> list[Entry]:
    return entries(plan(ROOT, resource(f"{type_}.this", "update", dict(before), dict(after), **more)))


def s3(prefix: str = "", status: str = "Enabled", days: int | None = 30, **more: Any) -> dict[str, Any]:
    return {"status": status, "filter": [{"prefix": prefix}], "expiration": [{"days": days}], **more}


def gcs(**condition: Any) -> dict[str, Any]:
    return {"action": [{"type": "Delete"}], "condition": [condition]}


def cleanup(older_than: str = "864000s", action: str = "DELETE", **more: Any) -> dict[str, Any]:
    return {"action": action, "condition": [{"older_than": older_than, "tag_state": "UNTAGGED"}], **more}


S3, GCS, AR = (
    "aws_s3_bucket_lifecycle_configuration",
    "google_storage_bucket",
    "google_artifact_registry_repository",
)
LISTS = {S3: "rule", GCS: "lifecycle_rule", AR: "cleanup_policies"}


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        (S3, [s3(status="Disabled")], [s3()]),
        (S3, [s3(prefix="tmp/")], [s3()]),
        (S3, [], [s3()]),
        (S3, [s3(days=30)], [s3(days=1)]),
        (S3, [s3(prefix="tmp/", days=1)], [s3(prefix="tmp/", days=1), s3()]),
        (GCS, [gcs(num_newer_versions=30)], [gcs(num_newer_versions=1)]),
        (GCS, [gcs(age=30, matches_prefix=["a/"])], [gcs(age=30, matches_prefix=["a/", "b/"])]),
        (GCS, [], [gcs(age=7, matches_prefix=["prod/groundplan/plans/", "prod/"])]),
        (S3, [], [s3(prefix="prod/groundplan/plans")]),
        (AR, [cleanup()], [cleanup("1s")]),
        (AR, [cleanup(action="KEEP")], [cleanup()]),
    ],
)
def test_rules_that_take_more_are_told_and_the_way_back_is_not(
    type_: str, before: Sequence[State], after: Sequence[State]
) -> None:
    states = [{"name": "x", LISTS[type_]: rules} for rules in (before, after)]
    found = updated(type_, *states)
    assert {entry.kind for entry in found} == {Kind.DESTROYS_DATA}
    assert updated(type_, *reversed(states)) == []


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        (GCS, [gcs(age=30), gcs(age=90, matches_prefix=["a/"])], [gcs(age=90, matches_prefix=["a/"]), gcs(age=30)]),
        (GCS, [gcs(age=30)], [gcs(age=30), gcs(age=30, num_newer_versions=2)]),
        (S3, [s3(prefix="a/"), s3(prefix="b/", days=7)], [s3(prefix="b/", days=7), s3(prefix="a/")]),
        (S3, [s3(prefix="a/")], [s3(prefix="a/b/")]),
        (S3, [s3()], [s3(transition=[{"days": 10}])]),
        (S3, [s3(days=None)], [s3(days=None, status="Disabled")]),
        (AR, [cleanup(), cleanup("1s", "KEEP")], [cleanup("1s", "KEEP"), cleanup()]),
        (S3, [s3(prefix="a/")], [s3(prefix="a/"), s3(prefix="prod/groundplan/plans/", days=7)]),
        (GCS, [], [gcs(age=7, matches_prefix=["prod/groundplan/plans/"])]),
    ],
)
def test_rules_that_take_no_more_are_no_loss(type_: str, before: Sequence[State], after: Sequence[State]) -> None:
    assert updated(type_, {LISTS[type_]: before}, {LISTS[type_]: after}) == []


ECR = '{"rules": [{"selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5}}]}'


@pytest.mark.parametrize(
    ("part", "state", "owner", "named"),
    [
        (S3, {"bucket": "a", "rule": [s3(days=1)]}, "aws_s3_bucket", {"bucket": "a"}),
        ("aws_ecr_lifecycle_policy", {"repository": "a", "policy": ECR}, "aws_ecr_repository", {"name": "a"}),
        (
            "aws_prometheus_workspace_configuration",
            {"workspace_id": "a", "retention_period_in_days": 30},
            "aws_prometheus_workspace",
            {"id": "a", "alias": "a"},
        ),
    ],
)
@pytest.mark.parametrize("action", ["nothing", "update", "create"])
def test_what_begins_to_delete_is_told_where_something_was_kept(
    part: str, state: dict[str, Any], owner: str, named: dict[str, Any], action: str
) -> None:
    comes = resource(f"{part}.this", "create", None, state)
    found = entries(plan(ROOT, resource(f"{owner}.this", action, named, named), comes))
    assert [entry.kind for entry in found] == ([Kind.DESTROYS_DATA] if action != "create" else [])
    assert all(" a " in entry.what for entry in found)


def test_a_store_of_samples_that_is_set_to_what_held_already_loses_nothing() -> None:
    store = resource("aws_prometheus_workspace.this", "nothing", {"id": "a"})
    state = {"workspace_id": "a", "retention_period_in_days": 150}
    assert (
        entries(plan(ROOT, store, resource("aws_prometheus_workspace_configuration.this", "create", None, state))) == []
    )


@pytest.mark.parametrize(("policies", "told"), [([cleanup()], True), ([], False)])
def test_cleanup_that_is_no_longer_only_tried_out_is_data(policies: list[Any], told: bool) -> None:
    before, after = ({"cleanup_policies": policies, "cleanup_policy_dry_run": dry} for dry in (True, False))
    assert [entry.kind for entry in updated(AR, before, after)] == ([Kind.DESTROYS_DATA] if told else [])


def test_a_retention_that_is_taken_away_is_told() -> None:
    [entry] = updated(GCS, {"retention_policy": [{"retention_period": 86400}]}, {"retention_policy": []})
    assert (entry.kind, "lets objects be deleted earlier" in entry.what) == (Kind.CANNOT_BE_UNDONE, True)


@pytest.mark.parametrize(
    ("type_", "before", "after", "kind"),
    [
        ("aws_kms_key", {"is_enabled": True}, {"is_enabled": False}, Kind.INTERRUPTS),
        ("aws_kms_key", {"deletion_window_in_days": 30}, {"deletion_window_in_days": 7}, Kind.CANNOT_BE_UNDONE),
        ("aws_kms_key", {"deletion_window_in_days": None}, {"deletion_window_in_days": 7}, Kind.CANNOT_BE_UNDONE),
        (
            "google_kms_crypto_key",
            {"destroy_scheduled_duration": "2592000s"},
            {"destroy_scheduled_duration": "86400s"},
            Kind.CANNOT_BE_UNDONE,
        ),
    ],
)
def test_a_key_that_is_disabled_or_sooner_gone_is_told(type_: str, before: State, after: State, kind: Kind) -> None:
    assert [entry.kind for entry in updated(type_, before, after)] == [kind]
    assert updated(type_, after, before) == []


def test_a_window_that_is_left_to_the_cloud_is_the_longest() -> None:
    assert updated("aws_kms_key", {"deletion_window_in_days": 7}, {"deletion_window_in_days": None}) == []


def test_an_age_known_only_after_apply_is_unknown() -> None:
    before, after = {"rule": [s3(days=30)]}, {"rule": [s3(days=None)]}
    [entry] = updated(S3, before, after, unknown={"rule": [{"expiration": [{"days": True}]}]})
    assert entry.kind is Kind.UNKNOWN


def test_a_key_known_only_after_apply_encrypts_nevertheless() -> None:
    later = {"encryption_config": [{"provider": [{"key_arn": True}]}]}
    [entry] = updated("aws_eks_cluster", {"name": "x"}, {"name": "x"}, unknown=later)
    assert entry.kind is Kind.CANNOT_BE_UNDONE


def test_thousands_of_rules_are_compared_in_bounded_time() -> None:
    rules = [s3(prefix=f"{index}/") for index in range(5000)]
    assert [entry.kind for entry in updated(S3, {"rule": rules}, {"rule": rules})] == []
    assert [entry.kind for entry in updated(S3, {"rule": rules}, {"rule": rules[::-1]})] == [Kind.DESTROYS_DATA]
