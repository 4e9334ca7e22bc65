"""What the day of a command has to do with its prices: how old they are, and whose support has ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli import COMMANDS, common, run
from groundplan.components.cluster.aws import PART as AWS_CLUSTER
from groundplan.cost.support import support_ends
from tests.architecture.sources import REPOSITORY
from tests.unit.change.samples import quiet
from tests.unit.live import test_approved, test_destroy_prices, test_telling
from tests.unit.stack.specs import BASE, ON_GCP, aws, stack_of, training

SPEC = REPOSITORY / "blueprints" / "gpu-training" / "blueprint.yaml"
ENVIRONMENT = REPOSITORY / "environments" / "dev"

WITHOUT_PRICES = {
    "init": "a spec to start from",
    "validate": "says nothing of prices",
    "rehearse": "applies and destroys",
    "access": "who can do what",
    "charts": "archives and their digests",
    "preflight": "what an account allows",
    "drift": "what an account has become by other means",
    "unlock": "who holds states",
    "state": "versions of states",
    "status": "what is applied",
    "output": "outputs of what is applied",
    "kubeconfig": "the way to a cluster",
    "pipelines": "jobs of a repository",
    "affected": "names of environments",
    "comment": "files of others",
    "hook": "whether files are fresh; its check says nothing of prices that `check` does not",
    "schema": "keys of the spec",
    "completion": "a script of the shell",
}
"""Commands that show no price, and what they show."""


class Later(datetime):
    """A clock that is two years ahead."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return datetime(2028, 11, 29, tzinfo=UTC)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "datetime", Later)


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[dict[str, Any]]:
    run([*map(str, arguments), "--format", "json"])
    out, _ = capsys.readouterr()
    found: list[dict[str, Any]] = json.loads(out)["diagnostics"]
    return found


def with_prices(tmp_path: Path) -> dict[str, list[tuple[str | Path, ...]]]:
    plan = tmp_path / "plan.json"
    nat = {"address": "aws_nat_gateway.a", "mode": "managed", "type": "aws_nat_gateway", "name": "a"}
    provider = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}}
    root = {"root_module": {"resources": [{**nat, "provider_name": "aws", "values": {"allocation_id": "a"}}]}}
    plan.write_text(
        json.dumps(
            {
                "format_version": "1.2",
                "terraform_version": "1.13.0",
                "planned_values": root,
                "configuration": {"provider_config": provider, "root_module": {}},
            }
        )
    )
    return {
        "cost": [("cost", SPEC), ("cost", "--plan", plan)],
        "compare": [("compare", SPEC, "--capacity", "on_demand")],
        "parity": [("parity", SPEC)],
        "resolve": [("resolve", SPEC)],
        "explain": [("explain", SPEC)],
        "render": [("render", SPEC, "-o", tmp_path / "env", "--dry-run"), ("render", SPEC, "-o", tmp_path / "env")],
        "prices": [("prices", "show", "--region", "us-east-1"), ("prices", "check")],
    }


SLOW = {"build": "test_build_tells_it_too", "change": "test_change_tells_it_too", "check": "test_check_tells_it_too"}
"""Commands that run Terraform, and the tests beside this one that try them."""
LIVE = {
    "plan": test_telling.TestSpecs.test_dollars_of_old_prices_say_so,
    "destroy": test_destroy_prices.test_prices_of_what_stays_say_their_days,
    "apply": test_approved.test_old_prices_of_what_was_shown_are_told_once,
}
"""Commands on an account, and the tests elsewhere that try what they tell."""


def test_every_command_is_known_to_show_prices_or_not(tmp_path: Path) -> None:
    assert set(COMMANDS) == {*with_prices(tmp_path), *SLOW, *LIVE, *WITHOUT_PRICES}
    assert all(name in globals() for name in SLOW.values())


@pytest.mark.usefixtures("later")
def test_every_command_that_shows_prices_says_when_they_are_old(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for calls in with_prices(tmp_path).values():
        for call in calls:
            codes = [one["code"] for one in told(capsys, *call)]
            assert "GP707" in codes, call


@pytest.mark.usefixtures("later")
def test_change_tells_it_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundplan.app.change.change", lambda *_: quiet())
    assert "GP707" in [one["code"] for one in told(capsys, "change", SPEC, "-o", tmp_path / "env")]


@pytest.mark.usefixtures("later")
@pytest.mark.slow
def test_build_tells_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "GP707" in [one["code"] for one in told(capsys, "build", SPEC, "-o", tmp_path / "env")]


@pytest.mark.usefixtures("later")
@pytest.mark.slow
def test_check_tells_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = [one for one in told(capsys, "check", ENVIRONMENT) if one["code"] == "GP707"]
    assert [one["severity"] for one in found] == ["warning"]


class TestSupport:
    @pytest.fixture
    def spec(self, tmp_path: Path) -> Any:
        def write(version: str, **parts: Any) -> Path:
            file = tmp_path / "groundplan.yaml"
            pools = {"cluster": {"version": version, **parts.pop("cluster", {})}, "training": training(vcpus=4)}
            file.write_text(yaml.safe_dump({**BASE, **pools, **parts}, sort_keys=False))
            return file

        return write

    def at(self, monkeypatch: pytest.MonkeyPatch, day: datetime) -> None:
        clock = type("Clock", (datetime,), {"now": classmethod(lambda _, __=None: day)})
        monkeypatch.setattr(common, "datetime", clock)

    def ends(self, capsys: pytest.CaptureFixture[str], spec: Path) -> list[str]:
        return [one["message"] for one in told(capsys, "cost", spec) if one["code"] == "GP715"]

    def test_eks_tells_the_day_and_what_it_costs(
        self, spec: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.at(monkeypatch, datetime(2026, 11, 29, tzinfo=UTC))
        assert self.ends(capsys, spec("1.34")) == [
            "Kubernetes 1.34 on EKS leaves standard support on 2026-12-02: $365.00 a month more"
        ]

    def test_a_version_with_more_than_a_year_is_not_told(
        self, spec: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.at(monkeypatch, datetime(2026, 2, 1, tzinfo=UTC))
        assert self.ends(capsys, spec("1.35")) == []

    def test_on_that_day_the_estimate_has_it(
        self, spec: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = spec("1.34")
        for day, item in ((1, "cluster.control_plane"), (2, "cluster.control_plane_extended")):
            self.at(monkeypatch, datetime(2026, 12, day, tzinfo=UTC))
            run(["cost", str(file), "--format", "json"])
            report = json.loads(capsys.readouterr().out)
            assert [line["item"] for line in report["lines"] if "control_plane" in line["item"]] == [item]
        assert "left standard support on 2026-12-02" in self.ends(capsys, file)[0]

    @pytest.mark.parametrize(
        ("channel", "words"), [("REGULAR", "it is upgraded by the cloud"), ("EXTENDED", "$365.00 a month more")]
    )
    def test_gke_upgrades_but_in_the_extended_channel(
        self,
        channel: str,
        words: str,
        spec: Any,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.at(monkeypatch, datetime(2026, 11, 29, tzinfo=UTC))
        file = spec("1.34", cloud=ON_GCP, cluster={"gcp": {"release_channel": channel}})
        assert self.ends(capsys, file) == [f"Kubernetes 1.34 on GKE leaves standard support on 2026-11-30: {words}"]

    def test_a_price_that_is_missing_is_not_zero(self) -> None:
        version = next(
            iter(AWS_CLUSTER.versions(stack_of(cluster={"version": "1.34"}, training=training(vcpus=4)), aws().catalog))
        )
        [end] = support_ends([version], aws().prices, "nowhere-1", version.standard_until)
        assert end.more_usd is None and "no price in the book" in end.message
