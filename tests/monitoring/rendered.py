"""What the module `kubernetes/monitoring` gives to its charts, as real Terraform plans it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from groundplan.terraform.offline import offline_session

MODULE = Path(__file__).resolve().parents[2] / "modules" / "kubernetes" / "monitoring"

CALLS = """\
module "everything" {
  source = "../module"

  name                = "fraud-dev"
  system_pool         = { node_selector = { "groundplan/pool" = "system" } }
  storage             = { class = "encrypted-gp3" }
  workload_namespaces = ["serving", "training"]
  runbook_url         = "https://example.com/runbooks"
  platform            = { gpu_driver_root = "/home/kubernetes/bin/nvidia", coredns = false, autoscaler = false }

  alerts = {
    log       = {}
    sns       = { topic_arn = "arn:aws:sns:us-east-1:123456789012:fraud-dev-alerts" }
    slack     = { channel = "#ml-oncall", webhook_url = { name = "alerts-slack", key = "url" } }
    pagerduty = { routing_key = { name = "alerts-pagerduty", key = "routing-key" } }
    heartbeat = { url = { name = "alerts-heartbeat", key = "url" } }
    email = {
      to        = ["ml-oncall@example.com"]
      from      = "alerts@example.com"
      smarthost = "mail.example.com:587"
      username  = "alerts"
      password  = { name = "alerts-mail", key = "password" }
    }
  }

  grafana = {
    url = "https://grafana.example.com"
    oidc = {
      client_id     = "grafana"
      client_secret = { name = "grafana-oidc", key = "client-secret" }
      auth_url      = "https://id.example.com/authorize"
      token_url     = "https://id.example.com/token"
      api_url       = "https://id.example.com/userinfo"
      admin_group   = "ml-platform"
    }
  }

  cost = {
    node_usd_per_hour = { "g6.2xlarge" = 1, "m7i.large" = 0.1, "n1-standard-8" = 0.4, "n1-standard-8+1xt4" = 0.7 }
    monthly_usd       = 1500
  }
}

module "gpus" {
  source = "../module"

  name        = "gpus"
  system_pool = { node_selector = { "groundplan/pool" = "system" } }
  storage     = { class = "encrypted-gp3" }
}

module "least" {
  source = "../module"

  name        = "small"
  system_pool = { node_selector = { "groundplan/pool" = "system" } }
  storage     = { class = "encrypted-gp3" }
  gpu         = false
  mlflow      = false
}
"""


@dataclass(frozen=True)
class Monitoring:
    """Values by chart (later ones over earlier ones, as Helm reads them), and dashboards by file name."""

    values: dict[str, dict[str, Any]]
    dashboards: dict[str, str]

    @property
    def rules(self) -> dict[str, dict[str, Any]]:
        """Rule files by name."""
        found: dict[str, dict[str, Any]] = self.values["kube-prometheus-stack"]["additionalPrometheusRulesMap"]
        return found

    @property
    def alerts(self) -> dict[str, dict[str, Any]]:
        """Alert rules by name."""
        every = [rule for file in self.rules.values() for group in file["groups"] for rule in group["rules"]]
        return {rule["alert"]: rule for rule in every if "alert" in rule}

    def write_rules(self, folder: Path) -> list[Path]:
        """Each rule file in that folder, for Prometheus to read."""
        paths = [folder / f"{name}.yaml" for name in sorted(self.rules)]
        for path in paths:
            path.write_text(yaml.safe_dump(self.rules[path.stem], sort_keys=False), encoding="utf-8")
        return paths


def plan(top: Path) -> dict[str, Monitoring]:
    """The calls above, planned in that folder."""
    shutil.copytree(MODULE, top / "module")
    (top / "root").mkdir()
    (top / "root" / "main.tf").write_text(CALLS, encoding="utf-8")
    with offline_session(top, ["root"]) as session:
        result = session.plan("root")
    assert result.plan is not None, result.diagnostics
    calls = result.plan["planned_values"]["root_module"]["child_modules"]
    return {call["address"].removeprefix("module."): _monitoring(call["resources"]) for call in calls}


def _monitoring(resources: list[dict[str, Any]]) -> Monitoring:
    values: dict[str, dict[str, Any]] = {}
    dashboards: dict[str, str] = {}
    for resource in resources:
        if resource["type"] == "helm_release":
            merged: dict[str, Any] = {}
            for text in resource["values"]["values"]:
                merged = _over(merged, yaml.safe_load(text))
            values[resource["values"]["chart"]] = merged
        elif resource["type"] == "kubernetes_config_map_v1" and resource["name"] == "dashboard":
            dashboards.update(resource["values"]["data"])
    return Monitoring(values, dashboards)


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Two values files as Helm merges them: maps join, all else is replaced."""
    joined = dict(below)
    for key, value in above.items():
        old = joined.get(key)
        joined[key] = _over(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return joined
