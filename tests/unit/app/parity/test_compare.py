"""What the parity report says of a spec: every component, every cloud, nothing dropped."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.app.blueprints import blueprints
from groundplan.app.parity.report import ParityReport
from groundplan.clouds import CLOUDS
from groundplan.components.load import components
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.node_pool.part import pools_of
from groundplan.quantities import NO_USD
from groundplan.spec.shape import type_at
from tests.unit.app.parity.sides import laid_out, of_blueprint, pools

NAMES = [component.name for component in components()]
MLFLOW: dict[str, Any] = {"tracking": {"mlflow": {}}}
AWS_CERTIFICATE = {"certificate": "arn:aws:acm:us-east-1:111122223333:certificate/0d990263-0000-4000-8000-000000000001"}
GCP_CERTIFICATE = {"certificate": "projects/fraud-1/regions/us-east4/sslCertificates/mlflow"}
NAMED = {"host": "mlflow.example.com", "aws": AWS_CERTIFICATE, "gcp": GCP_CERTIFICATE}
SERVERLESS = {"tracking": {"mlflow": {"hosting": "serverless", **NAMED}}}
MANAGED = {"monitoring": {"prometheus": {"hosting": "managed"}, "alerts": {"email": "a@example.com"}}}
GPU = {"gpu": {"type": "t4"}}
SPECS: dict[str, dict[str, Any]] = {
    "one pool": pools(),
    "buckets": {"storage": {"buckets": {"data": {}}}},
    "serverless": SERVERLESS,
    "managed": {**pools(**GPU), **MANAGED},
    "per zone": {**pools(), "network": {"nat": "per_zone"}},
    "named": {"tracking": {"mlflow": {**NAMED, "client_cidrs": ["10.9.0.0/16"]}}},
}


@pytest.fixture(scope="module", params=blueprints())
def report(request: pytest.FixtureRequest) -> ParityReport:
    return of_blueprint(request.param)


class TestBlueprints:
    def test_every_component_stands_there_for_every_cloud(self, report: ParityReport) -> None:
        assert [component.name for component in report.components] == NAMES
        assert [side.cloud.name for side in report.sides] == list(CLOUDS)
        assert report.complete
        for component in report.components:
            assert len(component.given) == len(CLOUDS)
            for given in component.given:
                assert given.aspects, f"{component.name} has no words"
                assert (given.status == "module") == bool(given.modules)
                assert (given.status == "built_in") == bool(given.instead)

    def test_what_components_cost_adds_up_to_the_estimate(self, report: ParityReport) -> None:
        for index, side in enumerate(report.sides):
            money = [part.given[index].monthly for part in report.components]
            assert side.cost is not None
            assert sum((m.band for m in money if m), NO_USD) == side.cost.total
            assert all(m and m.complete for m in money) == side.cost.complete

    def test_the_dearest_items_are_part_of_what_a_component_costs(self, report: ParityReport) -> None:
        for part in report.components:
            for given in part.given:
                amounts = [driver.monthly_usd for driver in given.drivers]
                assert given.monthly is not None
                assert amounts == sorted(amounts, reverse=True) and all(amounts)
                assert sum(amounts) <= given.monthly.band.expected
                assert bool(amounts) == bool(given.monthly.band.expected)

    def test_every_pool_and_the_database_have_a_machine_everywhere(self, report: ParityReport) -> None:
        stacks = [side.stack for side in report.sides]
        for shape in report.shapes:
            assert all(shape.machines)
            assert not shape.differences[0] and shape.differences[1]
        for stack in stacks:
            assert stack is not None
            assert [shape.path for shape in report.pools] == [pool.path for pool in pools_of(stack)]
            assert (report.database is None) == (mlflow_of(stack) is None)


@pytest.mark.parametrize("values", SPECS.values(), ids=SPECS)
def test_clouds_speak_about_the_same_aspects(values: dict[str, Any]) -> None:
    report = laid_out(values)
    assert report.complete
    for component in report.components:
        spoken = [list(given.aspects) for given in component.given]
        assert spoken[0] == spoken[1], component.name
        assert all(len(words) <= 120 for given in component.given for words in given.aspects.values())


@pytest.mark.parametrize("values", SPECS.values(), ids=SPECS)
def test_notes_are_about_paths_that_a_spec_has(values: dict[str, Any]) -> None:
    found = [path for setting in laid_out(values).settings for path in setting.paths]
    assert found or "training" not in values
    assert not [path for path in found if type_at(tuple(path.split("."))) is None]


KEPT = {**pools(), "registry": {"repositories": {"trainer": {"keep_images": 5}}}}


@pytest.mark.parametrize(
    ("values", "cloud", "path", "effect"),
    [
        (KEPT, "gcp", "registry.repositories.trainer.keep_images", "otherwise"),
        ({**pools(), "network": {"nat": "per_zone"}}, "gcp", "network.nat", "otherwise"),
        ({**pools(), "network": {"nat": "single"}}, "aws", "network.nat", "otherwise"),
        (MLFLOW, "gcp", "tracking.mlflow.database.backup_days", "part"),
        (SERVERLESS, "gcp", "tracking.mlflow.hosting", "part"),
        (SPECS["named"], "gcp", "tracking.mlflow.client_cidrs", "none"),
        (SPECS["managed"], "gcp", "monitoring.prometheus.retention_days", "none"),
        (SPECS["managed"], "aws", "monitoring.prometheus.hosting", "part"),
        (pools(capacity="spot"), "gcp", "training.pools.jobs.capacity", "part"),
        (pools(), "gcp", "training.pools.jobs.nodes.max", "otherwise"),
        (pools(), "gcp", "cluster.version", "otherwise"),
        (pools(), "aws", "cluster.version", "otherwise"),
        (pools(), "gcp", "cluster.deletion_protection", "part"),
        ({"storage": {"buckets": {"data": {"versioning": False}}}}, "gcp", "storage.buckets.data.versioning", "part"),
    ],
)
def test_a_setting_with_another_effect(values: dict[str, Any], cloud: str, path: str, effect: str) -> None:
    settings = [setting for setting in laid_out(values).settings if setting.cloud == cloud and path in setting.paths]
    assert [setting.effect for setting in settings] == [effect]


@pytest.mark.parametrize(
    ("values", "cloud", "path"),
    [
        ({**pools(), "network": {"nat": "per_zone"}}, "aws", "network.nat"),
        ({**pools(), "network": {"nat": "single"}}, "gcp", "network.nat"),
        ({"tracking": {"mlflow": {"database": {"backup_days": 7}}}}, "gcp", "tracking.mlflow.database.backup_days"),
        (pools(capacity="on_demand"), "gcp", "training.pools.jobs.capacity"),
        ({**pools(), "cluster": {"deletion_protection": False}}, "gcp", "cluster.deletion_protection"),
        ({"storage": {"buckets": {"data": {}}}}, "gcp", "storage.buckets.data.versioning"),
        ({"tracking": {"mlflow": NAMED}}, "gcp", "tracking.mlflow.client_cidrs"),
    ],
)
def test_a_setting_with_its_own_effect(values: dict[str, Any], cloud: str, path: str) -> None:
    assert not [setting for setting in laid_out(values).settings if setting.cloud == cloud and path in setting.paths]


def test_settings_that_the_spec_states_have_their_place() -> None:
    settings = laid_out(KEPT).settings
    kept = next(setting for setting in settings if setting.component == "registry")
    version = next(setting for setting in settings if setting.component == "cluster")
    assert len(kept.places) == 1 and kept.places[0].startswith("spec.yaml:")
    assert version.places == ()


class TestOneCannot:
    report = laid_out({**pools(gpu={"type": "a10g"}), **MLFLOW})

    def test_it_says_why_and_where(self) -> None:
        aws, gcp = self.report.sides
        assert aws.stack is not None and gcp.stack is None
        assert not self.report.complete
        assert [(found.code, found.path) for found in gcp.diagnostics] == [("GP301", "training.pools.jobs")]
        assert gcp.diagnostics[0].place is not None

    def test_the_report_is_complete_all_the_same(self) -> None:
        statuses = {part.name: [given.status for given in part.given] for part in self.report.components}
        assert list(statuses) == NAMES
        assert statuses["network"] == ["module", "module"]
        assert statuses["autoscaler"] == ["module", "built_in"]
        assert statuses["registry"] == ["unused", "unused"]
        network = next(part for part in self.report.components if part.name == "network")
        assert network.given[1].modules == ("gcp/network",) and network.given[1].aspects
        assert network.given[1].monthly is None
        assert [shape.machines[1] for shape in self.report.shapes] == [None, None, None]
        assert any(setting.cloud == "gcp" for setting in self.report.settings)

    def test_what_is_unknown_is_no_difference(self) -> None:
        assert not self.report.decisions


def test_a_spec_that_no_cloud_can_express() -> None:
    report = laid_out(pools(gpu={"memory_gib": 500}))
    assert not report.complete
    assert [part.name for part in report.components] == NAMES
    assert {given.status for part in report.components for given in part.given} == {"unresolved"}
    assert all(side.diagnostics for side in report.sides)


def test_a_block_for_another_cloud_is_never_dropped_in_silence() -> None:
    aws, gcp = laid_out({**pools(), "cluster": {"gcp": {"location": "zonal"}}}).sides
    assert [found.path for found in aws.diagnostics if found.code == "GP306"] == ["cluster.gcp"]
    assert not [found for found in gcp.diagnostics if found.code == "GP306"]


def test_a_use_that_nobody_stated_makes_a_component_cost_at_least_so_much() -> None:
    report = laid_out({"storage": {"buckets": {"data": {}}}})
    money = next(part for part in report.components if part.name == "object_store").given[0].monthly
    assert money is not None and not money.complete
