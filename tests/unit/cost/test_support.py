"""Support that ends: of what a plan has, on the day of the estimate and in the year after it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from groundplan.app.cost import Beside, cost_of_plan
from groundplan.catalog.engines import EngineVersion, major
from groundplan.components.mlflow.gcp import PART as GCP_MLFLOW
from groundplan.cost.support import support_ends
from tests.unit.stack.specs import gcp, gcp_stack

DAY = date(2026, 11, 29)


def told(tmp_path: Path, type_: str, region: str, day: date = DAY, **values: Any) -> list[tuple[str, str | None]]:
    """What is said of support, with the address, for a plan with one resource."""
    provider = type_.partition("_")[0]
    resource = {"mode": "managed", "type": type_, "name": "a", "provider_name": provider, "values": values}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.13.0",
        "planned_values": {"root_module": {"resources": [{"address": f"{type_}.a", **resource}]}},
        "configuration": {
            "provider_config": {provider: {"name": provider, "expressions": {"region": {"constant_value": region}}}},
            "root_module": {
                "resources": [
                    {
                        "address": f"{type_}.a",
                        "mode": "managed",
                        "type": type_,
                        "name": "a",
                        "provider_config_key": provider,
                    }
                ]
            },
        },
    }
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan))
    return [(one.message, one.address) for one in plan_findings(file, day)]


def plan_findings(file: Path, day: date) -> list[Any]:
    return [one for one in cost_of_plan(file, Beside(), day).diagnostics if one.code == "GP715"]


def test_eks_bills_extended_support_unless_told_otherwise(tmp_path: Path) -> None:
    message = "Kubernetes 1.34 on EKS leaves standard support on 2026-12-02: $365.00 a month more"
    assert told(tmp_path, "aws_eks_cluster", "us-east-1", version="1.34") == [(message, "aws_eks_cluster.a")]
    policy = [{"support_type": "STANDARD"}]
    [(message, _)] = told(tmp_path, "aws_eks_cluster", "us-east-1", version="1.34", upgrade_policy=policy)
    assert message.endswith("it is upgraded by the cloud")


@pytest.mark.parametrize("version", ["1.34", "1.34.1-gke.1000"])
def test_gke_by_its_channel(version: str, tmp_path: Path) -> None:
    where = ("google_container_cluster", "us-central1")
    [(message, _)] = told(tmp_path, *where, min_master_version=version)
    assert message == "Kubernetes 1.34 on GKE leaves standard support on 2026-11-30: it is upgraded by the cloud"
    channel = [{"channel": "EXTENDED"}]
    [(message, _)] = told(tmp_path, *where, min_master_version=version, release_channel=channel)
    assert message.endswith("$365.00 a month more")


def test_cloud_sql_by_its_major_version(tmp_path: Path) -> None:
    where = ("google_sql_database_instance", "us-central1")
    settings = [{"tier": "db-custom-2-7680"}]
    [(message, _)] = told(tmp_path, *where, database_version="POSTGRES_14", settings=settings)
    assert message.startswith("PostgreSQL 14 on Cloud SQL leaves standard support on 2027-02-01: ")
    [(message, _)] = told(tmp_path, *where, database_version="POSTGRES_13", settings=settings)
    assert message.startswith("PostgreSQL 13 on Cloud SQL left standard support on 2026-02-01: ")
    assert told(tmp_path, *where, database_version="POSTGRES_17", settings=settings) == []


@pytest.mark.parametrize("version", ["", "7", "latest", "1.99", "1" * 5000, "-1", "1.٣"])
def test_a_version_that_is_in_no_table_is_none(version: str, tmp_path: Path) -> None:
    assert told(tmp_path, "aws_eks_cluster", "us-east-1", version=version) == []
    assert told(tmp_path, "aws_db_instance", "us-east-1", engine="postgres", engine_version=version) == []
    assert told(tmp_path, "google_sql_database_instance", "us-east1", database_version=f"POSTGRES_{version}") == []


def test_a_region_without_a_price_says_so(tmp_path: Path) -> None:
    [(message, _)] = told(tmp_path, "aws_eks_cluster", "mars-1", version="1.34")
    assert message.endswith("extended support has no price in the book")


def test_a_minor_version_belongs_to_its_major_one() -> None:
    versions = gcp().catalog.engine_versions
    found = [major(versions, "postgres", version) for version in ("13.22", "9.6.24", "13")]
    assert [one and one.version for one in found] == [(13,), (9, 6), (13,)]
    assert major(versions, "oracle", "13") is None


def test_the_third_year_comes_after_the_first() -> None:
    row = EngineVersion("postgres", (11,), date(2024, 4, 1), date(2026, 4, 1), DAY)
    days = (date(2024, 3, 31), date(2024, 4, 1), date(2026, 4, 1))
    assert [row.support(day) for day in days] == ["standard", "extended", "third_year"]


def test_the_database_of_a_spec_by_its_stated_version() -> None:
    day = date(2028, 6, 1)
    for postgres, count in (("16", 1), ("18", 0), (None, 0)):
        stated = {"postgres": postgres} if postgres else {}
        stack = gcp_stack(tracking={"mlflow": {"database": {"vcpus": 2, "memory_gib": 8, **stated}}})
        versions = list(GCP_MLFLOW.versions(stack, gcp().catalog))
        ends = list(support_ends(versions, gcp().prices, "us-central1", day))
        assert len(ends) == count
        for end in ends:
            assert end.message.startswith("PostgreSQL 16 on Cloud SQL leaves standard support on 2029-02-01: ")
            assert end.version.then and end.version.then.amount
            assert end.version.then.amount.expected == 2 * 2 * 730
            assert end.version.path == "tracking.mlflow.database.postgres"


def test_what_has_left_standard_support_is_priced_so(tmp_path: Path) -> None:
    for day, usd in ((date(2026, 12, 1), 73), (date(2026, 12, 2), 438)):
        told(tmp_path, "aws_eks_cluster", "us-east-1", version="1.34")
        lines = cost_of_plan(tmp_path / "plan.json", Beside(), day).report.cost.lines
        [line] = [one for one in lines if one.item.startswith("cluster.control_plane")]
        assert line.monthly_usd.expected == usd


def test_extended_support_that_comes_on_top_is_one_item_more(tmp_path: Path) -> None:
    values = {"database_version": "POSTGRES_14", "settings": [{"tier": "db-custom-2-7680"}]}
    for day, count in ((date(2027, 1, 31), 0), (date(2027, 2, 1), 1)):
        told(tmp_path, "google_sql_database_instance", "us-central1", **values)
        cost = cost_of_plan(tmp_path / "plan.json", Beside(), day).report.cost
        items = [one.item for one in (*cost.lines, *cost.unpriced)]
        assert items.count("database.extended_support") == count


THIRD_YEAR = "database.extended_support_third_year"


@pytest.mark.parametrize(
    ("engine", "version", "day", "item", "usd"),
    [
        ("postgres", "11.22", DAY, THIRD_YEAR, 292),
        ("mysql", "5.7.44", DAY, THIRD_YEAR, 292),
        ("postgres", "12.9", date(2027, 2, 28), "database.extended_support", 146),
        ("postgres", "12.9", date(2027, 3, 1), THIRD_YEAR, 292),
        ("postgres", "14.1", date(2027, 3, 1), "database.extended_support", 146),
        ("postgres", "14.1", date(2029, 3, 1), THIRD_YEAR, 292),
    ],
)
def test_extended_support_of_rds_is_billed_once_at_the_rate_of_the_day(  # noqa: PLR0917 - columns
    engine: str, version: str, day: date, item: str, usd: int, tmp_path: Path
) -> None:
    values = {"engine": engine, "engine_version": version, "instance_class": "db.m5.large", "allocated_storage": 20}
    told(tmp_path, "aws_db_instance", "us-east-1", **values)
    cost = cost_of_plan(tmp_path / "plan.json", Beside(), day).report.cost
    found = [(one.item, one.monthly_usd.expected) for one in cost.lines if "support" in one.item]
    assert found == [(item, usd)]
    assert not [one for one in cost.unpriced if "support" in one.item]
    [(message, _)] = told(tmp_path, "aws_db_instance", "us-east-1", day, **values)
    assert message.endswith(f"${usd}.00 a month more")
