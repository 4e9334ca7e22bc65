"""What the package's tables answer, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from groundplan.terraform.effects import Effects, effects
from groundplan.terraform.plugin.values import UNKNOWN

SUBNET = {"cidr_block": "10.0.0.0/20", "availability_zone": "us-east-1a", "vpc_id": "vpc-1", "tags": {"a": "b"}}
RANGE, WIDER = {"ip_cidr_range": "10.0.0.0/20"}, {"ip_cidr_range": "10.0.0.0/16"}
FIXED = {"data": {"a": "1"}, "immutable": True}


def pool(**config: object) -> dict[str, object]:
    return {"name": "x", "node_config": [{"spot": False, "machine_type": "n2-standard-4"} | config]}


@pytest.mark.parametrize(
    ("type_", "before", "after", "paths"),
    [
        ("aws_subnet", SUBNET, SUBNET, ()),
        ("aws_subnet", SUBNET, SUBNET | {"tags": {}}, ()),
        ("aws_subnet", SUBNET, SUBNET | {"availability_zone": "us-east-1b"}, (("availability_zone",),)),
        ("aws_subnet", SUBNET, SUBNET | {"vpc_id": UNKNOWN}, (("vpc_id",),)),
        ("google_container_node_pool", pool(), pool(spot=True), (("node_config", 0, "spot"),)),
        ("google_container_node_pool", pool(), pool(machine_type="n2-standard-8"), ()),
        ("google_compute_subnetwork", RANGE, WIDER, ()),
        ("google_compute_subnetwork", WIDER, RANGE, (("ip_cidr_range",),)),
        ("kubernetes_config_map_v1", {"data": {"a": "1"}, "immutable": False}, {"data": {"a": "2"}}, ()),
        ("kubernetes_config_map_v1", FIXED, FIXED | {"data": {"a": "2"}}, (("data",),)),
        ("helm_release", {"name": "a", "version": "1"}, {"name": "a", "version": "2"}, ()),
        ("nobody_knows", {"name": "a"}, {"name": "b"}, ()),
    ],
)  # fmt: skip
def test_what_forces_a_replacement(type_: str, before: Any, after: Any, paths: Any) -> None:
    assert effects().replacing(type_, before, after) == paths


def test_a_type_without_rows_was_not_studied() -> None:
    assert effects().studied("aws_vpc")
    for odd in ("aws_nothing", "", "aws", "../changes/aws_vpc", "x" * 10_000, "aws_vpc,vpc_id"):
        assert not effects().studied(odd)
        assert effects().replacing(odd, {}, {"a": 1}) == ()
        assert effects().of_update(odd, {}, {"a": 1}) == ()
        assert effects().loss(odd) is None
        assert effects().defaults(odd) == {}
        assert effects().recomputed(odd) == frozenset()


def test_only_rows_of_the_type_are_parsed(tmp_path: Path) -> None:
    table = tmp_path / "changes" / "cloud.csv"
    table.parent.mkdir()
    table.write_text(
        "type,path,effect,condition,interruption,note,source\n"
        "cloud_disk,size,replace,lowered,,,one\n"
        'cloud_disk,size,slow,raised,none,"grows, slowly",two\n'
        "cloud_other,size,replace,no such term,,,three\n"
    )
    read = Effects(tmp_path)
    assert read.replacing("cloud_disk", {"size": 2}, {"size": 1}) == (("size",),)
    (effect,) = read.of_update("cloud_disk", {"size": 1}, {"size": 2})
    assert (effect.effect, effect.note, effect.path) == ("slow", "grows, slowly", ("size",))
    with pytest.raises(ValueError, match="no such term"):
        read.replacing("cloud_other", {}, {})


def test_an_update_says_what_it_does_besides() -> None:
    def said(type_: str, before: dict[str, object], after: dict[str, object]) -> list[tuple[str, str]]:
        return [(effect.effect, effect.interruption) for effect in effects().of_update(type_, before, after)]

    assert said("aws_db_instance", {"engine_version": "16.4"}, {"engine_version": "16.6"}) == [("restart", "minutes")]
    assert said("aws_db_instance", {"engine_version": "16.4"}, {"engine_version": "17.2"}) == [
        ("restart", "tens_of_minutes")
    ]
    assert said("aws_db_instance", {"allocated_storage": 20}, {"allocated_storage": "40"}) == [("slow", "none")]
    assert said("aws_db_instance", {"tags": {"a": "b"}}, {"tags": {"a": "c"}}) == []
    assert said("google_container_node_pool", pool(), pool(machine_type="n2-standard-8")) == [("rolling", "none")]
    assert said("google_container_node_pool", pool(), pool(machine_type=UNKNOWN)) == [("rolling", "none")]
    recreated = {"spec": [{"strategy": [{"type": "Recreate"}], "template": [{"a": 1}]}]}
    changed = {"spec": [{"strategy": [{"type": "Recreate"}], "template": [{"a": 2}]}]}
    assert said("kubernetes_deployment_v1", recreated, changed) == [("restart", "minutes")]


def test_a_new_version_is_said_of_the_resource_as_a_whole() -> None:
    before, after = {"family": "a", "cpu": "256", "memory": "512"}, {"family": "a", "cpu": "512", "memory": "1024"}
    assert effects().replacing("aws_ecs_task_definition", before, after) == (("cpu",), ("memory",))
    (effect,) = effects().of_update("aws_ecs_task_definition", before, after)
    assert (effect.effect, effect.path) == ("new_version", ())


def test_a_loss_is_that_of_the_resource() -> None:
    def kept(type_: str, prior: dict[str, object] | None = None) -> tuple[bool, int | None]:
        loss = effects().loss(type_, prior)
        assert loss is not None
        return bool(loss.undo), loss.kept_days

    assert kept("aws_kms_key") == (True, 30)
    assert kept("aws_kms_key", {"deletion_window_in_days": 7}) == (True, 7)
    assert kept("aws_kms_key", {"deletion_window_in_days": UNKNOWN}) == (True, 30)
    assert kept("aws_secretsmanager_secret", {"recovery_window_in_days": 0}) == (False, None)
    assert kept("aws_db_instance") == (True, None)
    assert kept("aws_db_instance", {"skip_final_snapshot": False}) == (True, None)
    assert kept("aws_db_instance", {"skip_final_snapshot": True}) == (False, None)
    assert kept("google_kms_crypto_key", {"destroy_scheduled_duration": "86400s"}) == (True, 1)
    assert kept("google_kms_crypto_key", {"destroy_scheduled_duration": "nonsense"}) == (True, 30)
    assert kept("google_storage_bucket", {"soft_delete_policy": [{"retention_duration_seconds": 1209600}]}) == (
        True,
        14,
    )
    assert kept("google_storage_bucket", {"soft_delete_policy": [{"retention_duration_seconds": 0}]}) == (False, None)
    assert kept("google_storage_bucket", {"soft_delete_policy": []}) == (True, 7)
    backup = [{"final_backup_config": [{"enabled": True, "retention_days": 30}]}]
    assert kept("google_sql_database_instance", {"settings": backup}) == (True, 30)
    assert kept("google_sql_database_instance", {"settings": [{"final_backup_config": []}]}) == (False, None)
    assert effects().loss("aws_route") is None


def test_defaults_are_values() -> None:
    defaults = effects().defaults("google_container_node_pool")
    assert defaults[("management", "*", "auto_repair")] is True
    assert effects().defaults("helm_release")[("timeout",)] == 300


def test_a_template_gets_another_version_unless_only_its_description_changes() -> None:
    both = frozenset({("latest_version",), ("default_version",)})
    assert effects().recomputed("aws_launch_template") == both
    before: dict[str, object] = {
        "user_data": "a",
        "description": "a",
        "update_default_version": True,
        "latest_version": 1,
    }

    def recomputed(**changed: object) -> frozenset[tuple[str, ...]]:
        return effects().recomputed("aws_launch_template", before, before | changed)

    assert recomputed() == frozenset()
    assert recomputed(description="b") == frozenset()
    assert recomputed(latest_version=UNKNOWN) == frozenset()
    assert recomputed(user_data="b") == both
    assert recomputed(user_data=UNKNOWN, update_default_version=False) == {("latest_version",)}


@pytest.mark.parametrize(
    ("prior", "data"),
    [
        (None, True),
        ({}, True),
        ({"mode": "STANDARD_REPOSITORY"}, True),
        ({"mode": None}, True),
        ({"mode": "REMOTE_REPOSITORY"}, False),
    ],
)
def test_a_repository_of_copies_is_no_data(prior: dict[str, object] | None, data: bool) -> None:
    loss = effects().loss("google_artifact_registry_repository", prior)
    assert loss is not None
    assert loss.data is data
