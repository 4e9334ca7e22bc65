"""Prometheus and Alertmanager themselves read what the module gives them: on loopback, for a few seconds."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monitoring.conftest import Finder
from tests.monitoring.prometheus import ask, prometheus
from tests.monitoring.rendered import Monitoring

pytestmark = pytest.mark.slow

SECONDS = 60.0

EXPOSED = """\
# TYPE kube_job_failed gauge
kube_job_failed{condition="true",namespace="training",job_name="finetune"} 1
kube_job_failed{condition="true",namespace="training",job_name="evaluate"} 0
# TYPE kube_deployment_status_replicas_available gauge
kube_deployment_status_replicas_available{namespace="mlflow",deployment="mlflow"} 2
"""


class Metrics(http.server.BaseHTTPRequestHandler):
    """A small endpoint with a failed training job."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(EXPOSED.encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def metrics_port() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metrics) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def prometheus_url(find: Finder, monitoring: Monitoring, metrics_port: int, tmp_path: Path) -> Iterator[str]:
    """A Prometheus with the rendered rules that scrapes the endpoint every second."""
    (tmp_path / "rules").mkdir()
    monitoring.write_rules(tmp_path / "rules")
    scrape = {"job_name": "kube-state-metrics", "static_configs": [{"targets": [f"127.0.0.1:{metrics_port}"]}]}
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules/*.yaml"],
        "scrape_configs": [scrape],
    }
    with prometheus(find("prometheus", "prometheus"), tmp_path, config) as url:
        yield url


def firing(url: str) -> dict[str, dict[str, Any]]:
    found = ask(f"{url}/api/v1/alerts")
    return {alert["labels"]["alertname"]: alert for alert in found["alerts"] if alert["state"] == "firing"}


def test_prometheus_scrapes_and_fires(prometheus_url: str, monitoring: Monitoring) -> None:
    end = time.monotonic() + SECONDS
    while not {"TrainingJobFailed", "Watchdog"} <= firing(prometheus_url).keys() and time.monotonic() < end:
        time.sleep(0.5)
    alerts = firing(prometheus_url)
    assert alerts.keys() == {"TrainingJobFailed", "Watchdog"}
    failed = alerts["TrainingJobFailed"]
    assert failed["labels"]["job_name"] == "finetune"
    assert failed["annotations"]["summary"] == "Training job training/finetune failed"
    assert failed["annotations"]["runbook_url"] == "https://example.com/runbooks#trainingjobfailed"

    groups = ask(f"{prometheus_url}/api/v1/rules")["groups"]
    wanted = {group["name"] for file in monitoring.rules.values() for group in file["groups"]}
    assert {group["name"] for group in groups} == wanted
    assert not [rule["name"] for group in groups for rule in group["rules"] if rule.get("health") == "err"]
    (target,) = ask(f"{prometheus_url}/api/v1/targets")["activeTargets"]
    assert target["health"] == "up"


def alertmanager_config(monitoring: Monitoring, folder: Path) -> Path:
    """The rendered configuration without the heartbeat's address: `url_file` is younger than Debian's Alertmanager."""
    config = json.loads(json.dumps(monitoring.values["kube-prometheus-stack"]["alertmanager"]["config"]))
    for receiver in config["receivers"]:
        for webhook in receiver.get("webhook_configs", ()):
            if "url" not in webhook:
                assert webhook.pop("url_file") == "/etc/alertmanager/secrets/alerts-heartbeat/url"
                webhook["url"] = "https://heartbeat.example.com"
    path = folder / "alertmanager.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("labels", "receiver"),
    [
        (("alertname=MlflowDown", "severity=critical"), "critical"),
        (("alertname=GpuIdle", "severity=warning"), "warning"),
        (("alertname=KubeSomething",), "warning"),
        (("alertname=Watchdog", "severity=none"), "heartbeat"),
        (("alertname=CPUThrottlingHigh", "severity=info"), "nobody"),
        (("alertname=InfoInhibitor", "severity=none"), "nobody"),
    ],
)
def test_alertmanager_routes(
    find: Finder, monitoring: Monitoring, tmp_path: Path, labels: tuple[str, ...], receiver: str
) -> None:
    amtool = find("prometheus-alertmanager", "amtool")
    config = alertmanager_config(monitoring, tmp_path)
    command: list[str | Path] = [
        amtool,
        "config",
        "routes",
        "test",
        f"--config.file={config}",
        f"--verify.receivers={receiver}",
        *labels,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("call", ["everything", "least"])
def test_alertmanager_accepts_its_configuration(
    find: Finder, planned: dict[str, Monitoring], tmp_path: Path, call: str
) -> None:
    config = alertmanager_config(planned[call], tmp_path)
    command: list[str | Path] = [find("prometheus-alertmanager", "amtool"), "check-config", config]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
