"""Runners of the environment: what is made on each cloud, what it costs, and who may change it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from groundplan import paths
from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.components.base import ModuleCall
from groundplan.components.load import components
from groundplan.components.needs import Key
from groundplan.components.runner.component import COMPONENT
from groundplan.compose.compose import compose
from groundplan.stack.layers import IDENTITY, RUNNER
from tests.sizes import Values, spec_text

CI: Values = {
    "system": "github",
    "repository": {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678},
    "gcp": {"project_number": 1},
}
CLOUDS = ("aws", "gcp")


def resolved(folder: Path, cloud: str, runner: Values | None, **ci: Values) -> Resolved:
    spec = yaml.safe_load(spec_text("small-team", cloud))
    spec["ci"] = {**CI, **ci, **({"runner": {"labels": ["vpc"], **runner}} if runner is not None else {})}
    spec["cluster"] = {"endpoint": {"public_cidrs": ["203.0.113.7/32"]}}
    path = folder / "groundplan.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return resolve_spec(path)


def calls(at: Resolved) -> list[ModuleCall]:
    roots = compose(at.stack, at.cloud, components(), paths.MODULES).roots
    return [call for root in roots for call in root.calls]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_labels_alone_are_runners_of_ones_own(tmp_path: Path, cloud: str) -> None:
    at = resolved(tmp_path, cloud, {})
    assert not [call for call in calls(at) if call.layer == RUNNER]
    assert not COMPONENT.consumption(at.stack, at.cloud)
    assert not list(COMPONENT.on(at.cloud).cautions(at.stack))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_machines_have_a_root_of_their_own(tmp_path: Path, cloud: str) -> None:
    at = resolved(tmp_path, cloud, {"machines": {"count": 3, "group": "fraud"}})
    [call] = [call for call in calls(at) if call.layer == RUNNER]
    assert call.source == f"{cloud}/runner"
    assert call.arguments["labels"] == ["vpc"]
    assert call.arguments["github"] == {"owner": "acme", "repository": "infra", "group": "fraud"}
    machines = call.arguments["machines"]
    assert isinstance(machines, dict)
    assert machines["count"] == 3
    assert "database" in {key.purpose for key in at.stack.needed(Key)}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_no_identity_of_the_pipeline_may_touch_them(tmp_path: Path, cloud: str) -> None:
    with_machines, without = (
        [call.arguments for call in calls(resolved(tmp_path, cloud, runner)) if call.layer == IDENTITY]
        for runner in ({"machines": {}}, {})
    )
    assert [str(one) for one in with_machines] == [str(one) for one in without]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_waits_all_month(tmp_path: Path, cloud: str) -> None:
    at = resolved(tmp_path, cloud, {"machines": {"count": 3}})
    machine, disk, secret = COMPONENT.consumption(at.stack, at.cloud)
    assert machine.use.amount
    assert disk.use.amount
    assert machine.use.amount.low == machine.use.amount.high == 3 * 730
    assert disk.use.amount.expected == 3 * 30
    assert {machine.kind, disk.kind, secret.kind} == {"fixed"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_a_server_of_ones_own_has_its_api_there(tmp_path: Path, cloud: str) -> None:
    at = resolved(tmp_path, cloud, {"machines": {}}, github={"url": "https://git.example.com"})
    [call] = [call for call in calls(at) if call.layer == RUNNER]
    expected = {"url": "https://git.example.com", "api": "https://git.example.com/api/v3"}
    assert call.arguments["github"] == {**expected, "owner": "acme", "repository": "infra"}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_people_are_told_where_the_token_goes(tmp_path: Path, cloud: str) -> None:
    at = resolved(tmp_path, cloud, {"machines": {}})
    [caution] = COMPONENT.on(at.cloud).cautions(at.stack)
    assert at.stack.name in caution
    assert RUNNER in caution
