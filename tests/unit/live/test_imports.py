"""What a resource is imported by: of every type that a module renders."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds.aws.live.imports import IMPORTS as AWS
from groundplan.clouds.gcp.live.imports import IMPORTS as GCP
from groundplan.live.imports import SHARED, Imports, import_id

MODULES = Path(__file__).parents[3] / "modules"
_RESOURCE = re.compile(r'^resource "([a-z0-9_]+)"', re.MULTILINE)


def rendered(cloud: str) -> set[str]:
    files = (MODULES / cloud).rglob("*.tf")
    return {type_ for file in files for type_ in _RESOURCE.findall(file.read_text("utf-8"))}


def known(imports: Imports) -> list[str]:
    return [*imports.forms, *imports.again, *imports.never]


@pytest.mark.parametrize(("cloud", "imports"), [("aws", AWS), ("gcp", GCP)])
def test_how_each_type_of_a_module_is_imported_is_known(cloud: str, imports: Imports) -> None:
    assert rendered(cloud)
    assert rendered(cloud) - set(known(imports)) - set(known(SHARED)) == set()


@pytest.mark.parametrize(("cloud", "imports"), [("aws", AWS), ("gcp", GCP)])
def test_no_type_is_known_that_no_module_has(cloud: str, imports: Imports) -> None:
    assert set(known(imports)) - rendered(cloud) == set()


@pytest.mark.parametrize("imports", [AWS, GCP, SHARED])
def test_a_type_is_known_in_one_way(imports: Imports) -> None:
    assert len(known(imports)) == len(set(known(imports)))
    assert all(imports.forms.values())


GRANT = {"role": "roles/viewer", "member": "user:a@example.com"}
CONDITION = [{"title": "only the lab", "expression": "true"}]


@pytest.mark.parametrize(
    ("imports", "type_", "values", "expected"),
    [
        (AWS, "aws_ecs_service", {"cluster": "arn:aws:ecs:x:1:cluster/c", "name": "s"}, "c/s"),
        (AWS, "aws_ecs_service", {"cluster": "c", "name": "s"}, "c/s"),
        (AWS, "aws_ecs_service", {"id": "arn:aws:ecs:x:1:service/c/s", "name": "s"}, ""),
        (AWS, "aws_route", {"route_table_id": "rtb-1", "destination_ipv6_cidr_block": "::/0"}, "rtb-1_::/0"),
        (AWS, "aws_autoscaling_group_tag", {"autoscaling_group_name": "g", "tag": [{"key": "k/e"}]}, "g,k/e"),
        (AWS, "aws_autoscaling_group_tag", {"autoscaling_group_name": "g", "tag": []}, ""),
        (AWS, "aws_eks_pod_identity_association", {"cluster_name": "c"}, ""),
        (AWS, "aws_eks_pod_identity_association", {"cluster_name": "c", "id": "a-1"}, "c,a-1"),
        (AWS, "aws_eks_node_group", {"id": "c:pool-2026", "cluster_name": "c"}, "c:pool-2026"),
        (AWS, "aws_eks_node_group", {"id": "", "cluster_name": "c", "node_group_name": "g"}, "c:g"),
        (AWS, "aws_prometheus_workspace_configuration", {"workspace_id": "ws-1"}, "ws-1"),
        (AWS, "aws_ecs_task_definition", {"id": "family", "family": "family"}, ""),
        (GCP, "google_project_iam_member", {"project": "p", **GRANT}, "p roles/viewer user:a@example.com"),
        (
            GCP,
            "google_project_iam_member",
            {"project": "p", **GRANT, "condition": CONDITION},
            "p roles/viewer user:a@example.com only the lab",
        ),
        (
            GCP,
            "google_service_account_iam_member",
            {"id": "x/roles/viewer/user:a@example.com", "service_account_id": "projects/p/serviceAccounts/s", **GRANT},
            "projects/p/serviceAccounts/s roles/viewer user:a@example.com",
        ),
        (GCP, "google_project_iam_audit_config", {"id": "p/audit_config/s", "project": "p", "service": "s"}, "p s"),
        (GCP, "google_sql_user", {"id": "u//i", "project": "p", "instance": "i", "name": "u"}, "p/i/u"),
        (
            GCP,
            "google_compute_network",
            {"id": "projects/p/global/networks/n", "name": "n"},
            "projects/p/global/networks/n",
        ),
        (GCP, "google_compute_network", {"name": "n"}, "n"),
        (SHARED, "kubernetes_service_v1", {"metadata": [{"namespace": "n", "name": "s"}]}, "n/s"),
        (SHARED, "helm_release", {"id": "s", "namespace": "n", "name": "s"}, "n/s"),
        (AWS, "aws_of_another_time", {"id": "x"}, "x"),
    ],
)
def test_what_it_is_imported_by(imports: Imports, type_: str, values: dict[str, Any], expected: str) -> None:
    assert import_id(imports.forms_of(type_), values) == expected


@pytest.mark.parametrize("value", [None, 1, True, [], {}, [{}], [{"key": 1}], [[]], "", {"key": None}])
def test_a_value_of_another_kind_is_unknown(value: object) -> None:
    assert import_id(("{tag.key}",), {"tag": value}) == ""
    assert import_id(("{name}",), {"name": value}) == ""


def test_a_value_is_not_read_as_a_form() -> None:
    assert import_id(("{name}/{id}",), {"name": "{id}", "id": "1"}) == "{id}/1"
