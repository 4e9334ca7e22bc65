"""Policies of Google Cloud: what they ask is PromQL that fires when it should, and what they look for is written."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.terraform.offline import offline_session
from tests.monitoring.test_alert_log import FIRING, lines, post, receiver
from tests.monitoring.test_rules import FIRING as FIRING_ALERT
from tools.module_docs import MODULES

CASES = Path(__file__).parent / "google"
NAMES = sorted(path.name for path in CASES.glob("*.test.yaml"))
DURATION = re.compile(r"(\d+)([mhd])")
MINUTES = {"m": 1, "h": 60, "d": 1440}
MOST_MINUTES = 25 * 60
"""Looking back and waiting together: https://docs.cloud.google.com/monitoring/alerts/using-promql"""

CALLS = """\
module "managed_prometheus" {
  source = "./modules/gcp/managed_prometheus"

  name                = "fraud-dev"
  cluster             = { name = "fraud-dev", location = "us-central1" }
  region              = "us-central1"
  emails              = ["ml-oncall@example.com"]
  workload_namespaces = ["serving", "training"]
  gpu                 = true
  mlflow              = true
  database            = { identifier = "fraud-dev-mlflow" }
  nat_gateway_ids     = { main = "fraud-dev" }
}

module "alert_topic" {
  source = "./modules/gcp/alert_topic"

  name         = "fraud-dev"
  cluster_name = "fraud-dev"
  emails       = ["ml-oncall@example.com"]
}
"""


@dataclass(frozen=True)
class Policies:
    """Conditions of alert policies as planned: in PromQL by alert, and in the words of Cloud Logging."""

    promql: dict[str, dict[str, Any]]
    logs: list[dict[str, Any]]

    def write(self, path: Path) -> None:
        """The conditions in PromQL as a rule file of Prometheus."""
        rules = [
            {
                "alert": name,
                "expr": condition["query"],
                "for": condition["duration"],
                "labels": condition["labels"] or {},
            }
            for name, condition in self.promql.items()
        ]
        path.write_text(yaml.safe_dump({"groups": [{"name": "policies", "rules": rules}]}), encoding="utf-8")


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> Policies:
    top = tmp_path_factory.mktemp("google")
    (top / "modules").symlink_to(MODULES)
    (top / "main.tf").write_text(CALLS, encoding="utf-8")
    with offline_session(top, ["."]) as session:
        result = session.plan(".")
    assert result.plan is not None, result.diagnostics
    conditions = [
        condition
        for change in result.plan["resource_changes"]
        if change["type"] == "google_monitoring_alert_policy"
        for condition in change["change"]["after"]["conditions"]
    ]
    promql = [found for one in conditions for found in one["condition_prometheus_query_language"]]
    logs = [found for one in conditions for found in one["condition_matched_log"]]
    assert len(promql) + len(logs) == len(conditions)
    return Policies({condition["alert_rule"]: condition for condition in promql}, logs)


def run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_every_query(promtool: Path, policies: Policies, tmp_path: Path) -> None:
    policies.write(tmp_path / "rules.yaml")
    run(promtool, "check", "rules", "--lint=all", "--lint-fatal", tmp_path / "rules.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_cases(promtool: Path, policies: Policies, name: str, tmp_path: Path) -> None:
    policies.write(tmp_path / "rules.yaml")
    shutil.copy(CASES / name, tmp_path)
    run(promtool, "test", "rules", tmp_path / name)


def test_every_alert_is_seen_firing_and_silent(policies: Policies) -> None:
    seen: dict[str, set[bool]] = {name: set() for name in policies.promql}
    for name in NAMES:
        for case in yaml.safe_load((CASES / name).read_text(encoding="utf-8"))["tests"]:
            for check in case["promql_expr_test"]:
                if found := FIRING_ALERT.match(check["expr"]):
                    seen[found[1]].add(bool(check["exp_samples"]))
    assert {name for name, states in seen.items() if states != {True, False}} == set()


def test_no_policy_looks_further_back_than_google_does(policies: Policies) -> None:
    for name, condition in policies.promql.items():
        ranges = re.findall(r"\[([^\]]+)\]", condition["query"])
        back = [int(number) * MINUTES[unit] for text in ranges for number, unit in DURATION.findall(text)]
        wait = int(condition["duration"].removesuffix("s"))
        assert wait % 30 == 0, name
        assert max(back, default=0) <= 24 * 60, name
        assert max(back, default=0) + wait / 60 <= MOST_MINUTES, name


def test_series_of_this_cluster_alone_are_asked_for(policies: Policies) -> None:
    ours = re.compile(
        r'cluster(_name)?="fraud-dev",location="us-central1"|user_fraud_dev_|database_id=~".*:fraud-dev-mlflow"'
        r'|gateway_name=~"fraud-dev"'
    )
    for name, condition in policies.promql.items():
        selectors = re.findall(r"[a-zA-Z_][\w:]*\{[^}]*\}", condition["query"])
        assert selectors, name
        assert all(ours.search(selector) for selector in selectors), name


def test_policies_look_for_what_the_receiver_writes(policies: Policies, tmp_path: Path) -> None:
    with receiver(tmp_path) as port:
        assert post(port, "/alerts", FIRING) == 200
    [line] = lines(tmp_path)
    found = [one for one in policies.logs if 'container_name="alert-log"' in one["filter"]]
    assert len(found) == 2
    for one in found:
        asked = re.findall(r"jsonPayload\.(\w+)", one["filter"] + " ".join(one["label_extractors"].values()))
        assert set(asked) <= line.keys() - {"severity"}, "Cloud Logging takes severity out of the payload"
        assert 'jsonPayload.kind="alert" AND jsonPayload.status="firing"' in one["filter"]
    assert (line["kind"], line["status"]) == ("alert", "firing")
