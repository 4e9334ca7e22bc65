"""Values for charts use only keys that the charts document: Helm ignores a misspelt one in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds.nodes import NodeSize, daemon_sets
from tests.monitoring.rendered import Monitoring

KEYS = Path(__file__).parent / "chart_keys"
CHARTS = ("dcgm-exporter", "kube-prometheus-stack", "prometheus-pushgateway")


def documented(chart: str) -> list[str]:
    """Keys of a chart that we use, `/` between levels. One that ends in `/*` takes anything below it."""
    lines = (KEYS / f"{chart}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def paths(values: Any, above: str = "") -> Iterator[str]:
    """Every key of nested values down to its scalar, list or empty map."""
    if isinstance(values, dict) and values:
        for key, value in values.items():
            yield from paths(value, f"{above}/{key}" if above else key)
    else:
        yield above


def covering(path: str, keys: list[str]) -> str | None:
    """The documented key that allows a path."""
    return next((key for key in keys if key == path or (key.endswith("/*") and f"{path}/".startswith(key[:-1]))), None)


@pytest.mark.parametrize("chart", CHARTS)
def test_only_documented_keys(planned: dict[str, Monitoring], chart: str) -> None:
    keys = documented(chart)
    used: set[str] = set()
    for call, monitoring in planned.items():
        for path in paths(monitoring.values.get(chart, {})):
            key = covering(path, keys) if path else ""
            assert key is not None, f"{call}: {chart} does not document {path}"
            used.add(key)
    assert not set(keys) - used, "listed and not used"


@pytest.mark.parametrize("chart", CHARTS)
def test_lists_say_where_they_are_from(chart: str) -> None:
    text = (KEYS / f"{chart}.txt").read_text(encoding="utf-8")
    assert re.search(r"^# Source: https://\S+$", text, re.MULTILINE)
    assert documented(chart) == sorted(set(documented(chart)))


def test_paths_and_what_covers_them() -> None:
    assert list(paths({"a": {"b": 1, "c": {}}, "d": []})) == ["a/b", "a/c", "d"]
    assert covering("a/c/d", ["a/b", "a/c/*"]) == "a/c/*"
    assert covering("a/c", ["a/c/*"]) == "a/c/*"
    assert covering("a/cd", ["a/c/*"]) is None


def entries(values: Any) -> Iterator[tuple[str, Any]]:
    """Every key with its value, at any depth and inside lists."""
    below = values.values() if isinstance(values, dict) else values if isinstance(values, list) else ()
    if isinstance(values, dict):
        yield from values.items()
    for value in below:
        yield from entries(value)


def test_no_secret_is_among_the_values(planned: dict[str, Monitoring]) -> None:
    """Alertmanager reads its secrets from files, Grafana from an environment variable; both by name here."""
    secret = re.compile(r"(?i)password$|client_secret$|_secret$|_key$|(?<!service)(?<!account)token$|credentials$")
    for monitoring in planned.values():
        found = [key for values in monitoring.values.values() for key, _ in entries(values) if secret.search(key)]
        assert set(found) <= {"GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET", "automountServiceAccountToken"}
        every = [entry for values in monitoring.values.values() for entry in entries(values)]
        assert not [value for key, value in every if key == "slack_configs" and "api_url" in value[0]]


def test_every_server_and_agent_is_bounded_and_none_is_privileged(monitoring: Monitoring) -> None:
    stack = monitoring.values["kube-prometheus-stack"]
    parts = {
        "prometheus": stack["prometheus"]["prometheusSpec"],
        "alertmanager": stack["alertmanager"]["alertmanagerSpec"],
        "operator": stack["prometheusOperator"],
        "grafana": stack["grafana"],
        "sidecar": stack["grafana"]["sidecar"],
        "kube-state-metrics": stack["kube-state-metrics"],
        "node-exporter": stack["prometheus-node-exporter"],
        "pushgateway": monitoring.values["prometheus-pushgateway"],
        "dcgm": monitoring.values["dcgm-exporter"],
    }
    for name, values in parts.items():
        assert values["resources"]["requests"].keys() == {"cpu", "memory"}, name
        assert "memory" in values["resources"]["limits"], name
        if name != "sidecar":
            assert values["priorityClassName"], name
    privileged = [chart for chart, values in monitoring.values.items() if ("privileged", True) in entries(values)]
    assert privileged == ["dcgm-exporter"], "which takes the devices itself where the driver is in a folder"


@pytest.mark.parametrize("driver_root", [False, True])
def test_the_gpu_exporter_lives_on_a_node_of_eight_gpus(driver_root: bool, planned: dict[str, Monitoring]) -> None:
    """512 MiB is too little there, and a heap that may reach the limit is killed at it, wherever the driver is from.

    https://github.com/pytorch/ci-infra/issues/1011
    """
    values = planned["everything" if driver_root else "gpus"].values["dcgm-exporter"]
    variables = {entry["name"]: entry["value"] for entry in values["extraEnv"]}
    limit = int(values["resources"]["limits"]["memory"].removesuffix("Mi"))
    heap = int(variables["GOMEMLIMIT"].removesuffix("MiB"))
    asked = int(values["resources"]["requests"]["memory"].removesuffix("Mi"))
    assert limit >= 1024
    assert asked <= heap <= limit * 0.8
    assert int(variables["GOMAXPROCS"]) <= 4
    assert ("LD_LIBRARY_PATH" in variables) == driver_root


def test_agents_of_a_gpu_node_ask_for_less_than_examples_leave_them(planned: dict[str, Monitoring]) -> None:
    """The cloud's own daemon sets take half of it."""
    charts = planned["gpus"].values
    agents = (charts["dcgm-exporter"], charts["kube-prometheus-stack"]["prometheus-node-exporter"])
    asked = sum(int(agent["resources"]["requests"]["memory"].removesuffix("Mi")) for agent in agents)
    assert asked <= daemon_sets(NodeSize("g6.xlarge", 4, Decimal(16), 100, gpus=1)).memory_mib / 2
