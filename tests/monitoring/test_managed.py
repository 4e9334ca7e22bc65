"""The managed choice: the same rules, on metrics that AWS's collector really brings."""

from __future__ import annotations

import http.server
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.terraform.offline import offline_session
from tests.modules.examples import example_root, with_callees
from tests.monitoring.conftest import Finder
from tests.monitoring.prometheus import ask, prometheus
from tests.monitoring.rendered import MODULE as SELF_HOSTED
from tests.monitoring.test_running import SECONDS
from tools.module_docs import MODULES

NAME = "aws/managed_prometheus"
MANAGED = MODULES / NAME
METRICS = Path(__file__).parent / "metrics"

# Exporters of nodes and the Pushgateway are servers; the rule that reads these joins them with `or`.
NOT_COLLECTED = {"node_filesystem_avail_bytes", "node_filesystem_readonly", "node_filesystem_size_bytes"}
METRIC = re.compile(
    r"(?<![:\w])(?:kube|kubelet|container|cluster_autoscaler|mlflow|http|model|training|data|node)_[a-z0-9_]+(?![:\w])"
)

KUBELET = b"""\
# TYPE kubelet_node_name gauge
kubelet_node_name{node="node-1"} 1
# TYPE kubelet_volume_stats_available_bytes gauge
kubelet_volume_stats_available_bytes{namespace="mlflow",persistentvolumeclaim="data"} 1000
# TYPE kubelet_running_pods gauge
kubelet_running_pods 12
"""

NODE = {
    "name": "node-1",
    "label_groundplan_pool": "finetune",
    "label_groundplan_capacity": "spot",
    "label_node_kubernetes_io_instance_type": "g6.2xlarge",
}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The resources of the README's example by type."""
    top = tmp_path_factory.mktemp("managed")
    (top / "modules").symlink_to(MODULES)
    root = example_root(NAME)
    (top / root).mkdir()
    (top / root / "main.tf").write_text(with_callees(NAME), encoding="utf-8")
    with offline_session(top, [root]) as session:
        result = session.plan(root)
    assert result.plan is not None, result.diagnostics
    found: dict[str, list[dict[str, Any]]] = {}
    for change in result.plan["resource_changes"]:
        found.setdefault(change["type"], []).append(change["change"]["after"])
    return found


@pytest.fixture(scope="module")
def scrape(planned: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    [scraper] = planned["aws_prometheus_scraper"]
    loaded: dict[str, Any] = yaml.safe_load(scraper["scrape_configuration"])
    return loaded


@pytest.fixture(scope="module")
def rules(planned: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Rule files by name."""
    return {file["name"]: file["data"] for file in planned["aws_prometheus_rule_group_namespace"]}


def shared_rules() -> list[str]:
    return sorted(path.name for path in (MANAGED / "rules").iterdir() if path.name != "collector.yaml")


@pytest.mark.parametrize("name", shared_rules())
def test_rules_are_those_of_the_servers(name: str) -> None:
    one, other = ((folder / "rules" / name).read_bytes() for folder in (MANAGED, SELF_HOSTED))
    assert one == other, f"copy {name} from one module to the other: each must stand alone"


def test_only_rules_on_what_is_not_there_are_left_out() -> None:
    left_out = {path.name for path in (SELF_HOSTED / "rules").iterdir()} - set(shared_rules())
    assert left_out == {"cost.yaml", "gpu.yaml", "pending.yaml"}


def test_promtool_accepts_every_rule(promtool: Path, rules: dict[str, str], tmp_path: Path) -> None:
    for name, text in rules.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert sorted(rules) == ["cluster", "collector", "mlflow", "model", "serving", "training"]
    files = sorted(tmp_path.iterdir())
    done = subprocess.run(
        [promtool, "check", "rules", "--lint=all", "--lint-fatal", *files],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_promtool_accepts_what_the_collector_is_told(promtool: Path, scrape: dict[str, Any], tmp_path: Path) -> None:
    # Debian builds Prometheus without Kubernetes discovery, so fixed targets stand in for what it would find.
    jobs = [
        {key: value for key, value in job.items() if key != "kubernetes_sd_configs"}
        | {"static_configs": [{"targets": ["127.0.0.1:9"]}]}
        for job in scrape["scrape_configs"]
    ]
    file = tmp_path / "scrape.yaml"
    file.write_text(yaml.safe_dump({**scrape, "scrape_configs": jobs}, sort_keys=False), encoding="utf-8")
    done = subprocess.run(
        [promtool, "check", "config", "--syntax-only", file], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_targets_are_found_by_what_kubernetes_has(scrape: dict[str, Any]) -> None:
    for job in scrape["scrape_configs"]:
        [discovery] = job["kubernetes_sd_configs"]
        assert discovery["role"] in {"node", "pod", "endpoints"}
        assert set(discovery) <= {"role", "namespaces"}
        assert (discovery["role"] == "node") == ("authorization" in job), "the API asks who reads, pods do not"


def test_the_collector_keeps_every_metric_that_a_rule_reads(scrape: dict[str, Any], rules: dict[str, str]) -> None:
    kept = {"kube_node_labels"}
    for job in scrape["scrape_configs"]:
        for step in job.get("metric_relabel_configs", ()):
            if step.get("action") == "keep":
                kept.update(step["regex"].split("|"))
    for own in ("mlflow", "workloads"):
        lines = (METRICS / f"{own}.txt").read_text(encoding="utf-8").splitlines()
        kept.update(line for line in lines if line and not line.startswith("#"))
    read = {
        metric
        for text in rules.values()
        for group in yaml.safe_load(text)["groups"]
        for rule in group["rules"]
        for metric in METRIC.findall(re.sub(r'"[^"]*"|\bby \([^)]*\)|\bon \([^)]*\)', "", rule["expr"]))
    }
    assert len(read) > 15
    assert read - kept == NOT_COLLECTED


class Kubelet(http.server.BaseHTTPRequestHandler):
    """A kubelet as the Kubernetes API passes it on."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/api/v1/nodes/node-1/proxy/metrics" else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(KUBELET)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def prometheus_url(find: Finder, scrape: dict[str, Any], tmp_path: Path) -> Iterator[str]:
    """A Prometheus that runs the collector's job `kubelet` on a node given by hand."""
    [job] = [job for job in scrape["scrape_configs"] if job["job_name"] == "kubelet"]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Kubelet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        target = f"127.0.0.1:{server.server_address[1]}"
        found = {f"__meta_kubernetes_node_{name}": value for name, value in NODE.items()}
        here = {
            key: value for key, value in job.items() if key not in {"scheme", "authorization", "kubernetes_sd_configs"}
        }
        here["relabel_configs"] = [step for step in job["relabel_configs"] if step["target_label"] != "__address__"]
        config = {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [{**here, "static_configs": [{"targets": [target], "labels": found}]}],
        }
        with prometheus(find("prometheus", "prometheus"), tmp_path, config) as url:
            yield url
        server.shutdown()


def test_a_node_is_seen_as_kube_state_metrics_would_show_it(prometheus_url: str) -> None:
    end = time.monotonic() + SECONDS
    url = f"{prometheus_url}/api/v1/query?query=%7Bjob%3D%22kubelet%22,__name__!~%22up%7Cscrape_.*%22%7D"
    while not (found := ask(url)["result"]) and time.monotonic() < end:
        time.sleep(0.5)
    series = {one["metric"].pop("__name__"): one["metric"] for one in found}
    assert series.keys() == {"kube_node_labels", "kubelet_volume_stats_available_bytes"}, "the rest is dropped"
    labels = series["kube_node_labels"]
    del labels["instance"]
    assert labels == {
        "job": "kubelet",
        "node": "node-1",
        "label_groundplan_pool": "finetune",
        "label_groundplan_capacity": "spot",
        "label_node_kubernetes_io_instance_type": "g6.2xlarge",
    }


def test_the_alert_manager_reads_its_routes(planned: dict[str, list[dict[str, Any]]]) -> None:
    [definition] = planned["aws_prometheus_alert_manager_definition"]
    outer = yaml.safe_load(definition["definition"])
    assert list(outer) == ["alertmanager_config"]
    config = yaml.safe_load(outer["alertmanager_config"])
    names = {receiver["name"] for receiver in config["receivers"]}
    assert {config["route"]["receiver"], *(route["receiver"] for route in config["route"]["routes"])} == names
    [topic] = [found for receiver in config["receivers"] for found in receiver.get("sns_configs", ())]
    assert "api_url" not in topic
    assert "http_config" not in topic, "AWS refuses both"
    assert topic["sigv4"]["region"]
