"""What is imported is full already: rules that delete, written by the first apply, are a loss that needs a word."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.change.plans_of import change, entries, plan, resource

ROOT = "10-foundation"
STORE, REGISTRY = "module.object_store", "module.registry"
IMPORTED = {"bucket": "legacy", "id": "legacy"}
RULE = {"expiration": [{"days": 1}], "noncurrent_version_expiration": [{"noncurrent_days": 2}]}
EXPIRES = {"bucket": "legacy", "rule": [{"status": "Enabled", **RULE}]}
KEEPS_ONE = '{"rules": [{"selection": {"countNumber": 1}}]}'


def imported(address: str, state: dict[str, Any]) -> dict[str, Any]:
    found = resource(address, "nothing", state)
    found["change"]["importing"] = {"id": "legacy", "assumed": True}
    return found


def told(*resources: dict[str, Any]) -> list[tuple[str, bool]]:
    found = entries(plan(ROOT, *resources), calls={ROOT: {"object_store": ("object_store", "storage.buckets")}})
    return [(entry.what, entry.needs_word) for entry in found]


def test_rules_beside_an_imported_bucket_need_a_word() -> None:
    bucket = imported(f'{STORE}.aws_s3_bucket.this["old"]', IMPORTED)
    rules = resource(f'{STORE}.aws_s3_bucket_lifecycle_configuration.this["old"]', "create", after=EXPIRES)
    assert told(bucket, rules) == [
        ("bucket legacy perhaps deletes objects earlier and perhaps deletes old versions earlier", True)
    ]


def test_rules_beside_an_imported_repository_need_a_word() -> None:
    repository = imported(f'{REGISTRY}.aws_ecr_repository.this["old"]', {"name": "old/app"})
    rules = resource(f'{REGISTRY}.aws_ecr_lifecycle_policy.this["old"]', "create", after={"policy": KEEPS_ONE})
    assert told(repository, rules) == [("repository old/app perhaps keeps fewer images", True)]


@pytest.mark.parametrize(
    ("address", "state", "what"),
    [
        (
            f'{STORE}.google_storage_bucket.this["old"]',
            {"name": "legacy", "lifecycle_rule": [{"action": [{"type": "Delete"}], "condition": [{"age": 1}]}]},
            "bucket legacy perhaps deletes objects earlier",
        ),
        (
            f'{REGISTRY}.google_artifact_registry_repository.this["old"]',
            {
                "repository_id": "legacy",
                "cleanup_policies": [{"action": "DELETE", "condition": [{"older_than": "86400s"}]}],
            },
            "repository legacy perhaps deletes images earlier",
        ),
        (
            "module.cluster.aws_cloudwatch_log_group.this",
            {"name": "legacy", "retention_in_days": 7},
            "log group legacy perhaps keeps its events for fewer days",
        ),
    ],
)
def test_rules_of_what_is_imported_itself_or_comes_back_need_a_word(address: str, state: Any, what: str) -> None:
    assert told(imported(address, state)) == [(what, True)]


def test_rules_that_a_plan_has_read_and_found_as_configured_lose_nothing() -> None:
    """A plan against the account knows how the thing looks; `perhaps` is for rehearsals."""
    bucket = imported(f'{STORE}.aws_s3_bucket_lifecycle_configuration.this["old"]', EXPIRES)
    bucket["change"]["importing"] = {"id": "legacy"}
    assert told(bucket) == []


def test_without_a_rule_and_beside_what_is_new_nothing_is_lost() -> None:
    rules = resource(f'{STORE}.aws_s3_bucket_lifecycle_configuration.this["new"]', "create", after=EXPIRES)
    fresh = resource(f'{STORE}.aws_s3_bucket.this["new"]', "create", after={"bucket": "legacy"})
    other = imported(f'{STORE}.aws_s3_bucket.this["old"]', {"bucket": "other", "id": "other"})
    assert told(fresh, rules, other) == []
    forever = imported("module.cluster.aws_cloudwatch_log_group.this", {"name": "x", "retention_in_days": 0})
    assert change(plan(ROOT, forever)).entries == []
