"""Every dashboard loads anywhere, has units, and asks only for series that somebody is known to export."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monitoring.rendered import MODULE, Monitoring

FILES = sorted((MODULE / "dashboards").glob("*.json"))
METRICS = Path(__file__).parent / "metrics"
EACH = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
WORDS = {"and", "or", "unless", "bool", "by", "on", "without", "ignoring", "group_left", "group_right", "offset", "inf"}


def metrics_of(expression: str) -> set[str]:
    """The series that a PromQL expression reads."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"|\{[^}]*\}|\[[^\]]*\]', "", expression)
    bare = re.sub(r"\b(?:by|on|without|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    return {name for name in re.findall(r"(?<![\w.$:])[a-zA-Z_:][\w:]*(?![\w:]*\s*\()", bare) if name not in WORDS}


def known_metrics() -> dict[str, str]:
    """Metrics by name, from the lists kept here, with the list that has them."""
    found = {}
    for path in sorted(METRICS.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                found[line] = path.name
    return found


def expressions(dashboard: dict[str, Any]) -> Iterator[str]:
    """Queries of panels and of variables, with Grafana's variables filled in."""
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            found = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
            assert found, variable
            queries.append(found[1])
    for query in queries:
        yield re.sub(r"\$\{?\w+\}?", ".*", query.replace("$__rate_interval", "5m"))


def load(file: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def test_metrics_of_an_expression() -> None:
    text = 'sum by (pod) (rate(a_total{x="b",y=~"c.*"}[5m])) / on (d) group_left () max(e:f:sum1h) and vector(1) > 0'
    assert metrics_of(text) == {"a_total", "e:f:sum1h"}
    assert metrics_of('1 - avg(x_y{z="{"}) * 3600') == {"x_y"}


def test_every_part_has_a_dashboard(monitoring: Monitoring) -> None:
    wanted = {"cluster", "cost", "gpu", "training", "mlflow", "serving", "model"}
    assert {file.stem for file in FILES} == wanted
    assert {name.removesuffix(".json") for name in monitoring.dashboards} == wanted
    assert all(monitoring.dashboards[file.name] == file.read_text(encoding="utf-8") for file in FILES)
    assert len({load(file)["uid"] for file in FILES}) == len(FILES)


@EACH
def test_loads_with_any_data_source(file: Path) -> None:
    dashboard = load(file)
    assert dashboard["schemaVersion"] == 42
    assert dashboard["uid"] == f"groundplan-{file.stem}"
    assert dashboard["title"]
    assert dashboard["templating"]["list"][0]["type"] == "datasource"
    assert "__inputs" not in dashboard
    for panel in dashboard["panels"]:
        assert panel["datasource"] == DATASOURCE, panel["title"]
        assert all(target["datasource"] == DATASOURCE for target in panel["targets"]), panel["title"]


@EACH
def test_panels_have_titles_units_and_room(file: Path) -> None:
    panels = load(file)["panels"]
    assert len(panels) >= 6
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24, panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells


@EACH
def test_queries_are_promql(promtool: Path, file: Path, tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": text} for number, text in enumerate(expressions(load(file)))]
    path = tmp_path / "queries.yaml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}), encoding="utf-8")
    done = subprocess.run([promtool, "check", "rules", path], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@EACH
def test_queries_ask_for_known_series(monitoring: Monitoring, file: Path) -> None:
    unknown = {name for text in expressions(load(file)) for name in metrics_of(text)} - known(monitoring)
    assert not unknown


def test_rules_ask_for_known_series(monitoring: Monitoring) -> None:
    asked = {
        metric
        for content in monitoring.rules.values()
        for group in content["groups"]
        for rule in group["rules"]
        for metric in metrics_of(rule["expr"])
    }
    assert len(asked) > 20
    assert not asked - known(monitoring)


def test_recorded_series_are_used(monitoring: Monitoring) -> None:
    texts = [text for file in FILES for text in expressions(load(file))]
    texts += [rule["expr"] for file in monitoring.rules.values() for group in file["groups"] for rule in group["rules"]]
    used = {name for text in texts for name in metrics_of(text)}
    assert not recorded(monitoring) - used


def test_lists_of_metrics_have_sources_and_nothing_unused(monitoring: Monitoring) -> None:
    for path in METRICS.glob("*.txt"):
        assert re.match(r"# Source: \S+", path.read_text(encoding="utf-8")), path.name
    texts = [text for file in FILES for text in expressions(load(file))]
    texts += [rule["expr"] for file in monitoring.rules.values() for group in file["groups"] for rule in group["rules"]]
    used = {name for text in texts for name in metrics_of(text)}
    assert not known_metrics().keys() - used


def test_what_workloads_export_is_documented() -> None:
    document = (Path(__file__).resolve().parents[2] / "docs" / "monitoring.md").read_text(encoding="utf-8")
    missing = [name for name, source in known_metrics().items() if source == "workloads.txt" and name not in document]
    assert not missing


def recorded(monitoring: Monitoring) -> set[str]:
    """Series that our rules record."""
    return {
        rule["record"]
        for content in monitoring.rules.values()
        for group in content["groups"]
        for rule in group["rules"]
        if "record" in rule
    }


def known(monitoring: Monitoring) -> set[str]:
    return recorded(monitoring) | known_metrics().keys()
