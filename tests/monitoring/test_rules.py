"""Every rule as Prometheus reads it: well-formed, fires when it should, silent when it should be, and explained."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monitoring.rendered import MODULE, Monitoring
from tools.module_docs import MODULES

CASES = Path(__file__).parent / "rules"
RUNBOOKS = Path(__file__).resolve().parents[2] / "docs" / "runbooks.md"
GOOGLE = MODULES / "gcp" / "managed_prometheus" / "rules"
NAMES = sorted(path.stem for path in (MODULE / "rules").glob("*.yaml"))

FIRING = re.compile(r'^ALERTS\{alertname="(\w+)",alertstate="firing"\}$')


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def cases(name: str) -> list[dict[str, Any]]:
    """The tests in the file beside a rule file."""
    loaded: dict[str, Any] = yaml.safe_load((CASES / f"{name}.test.yaml").read_text(encoding="utf-8"))
    return list(loaded["tests"])


def test_every_rule_file_is_rendered_and_has_cases(monitoring: Monitoring) -> None:
    assert sorted(monitoring.rules) == NAMES
    assert sorted(path.name for path in CASES.iterdir()) == [f"{name}.test.yaml" for name in NAMES]


@pytest.mark.parametrize("call", ["everything", "least"])
def test_promtool_accepts_every_rule(promtool: Path, planned: dict[str, Monitoring], call: str, tmp_path: Path) -> None:
    files = planned[call].write_rules(tmp_path)
    assert len(files) >= 4
    run(promtool, "check", "rules", "--lint=all", "--lint-fatal", *files)


@pytest.mark.parametrize("name", NAMES)
def test_cases(promtool: Path, monitoring: Monitoring, name: str, tmp_path: Path) -> None:
    monitoring.write_rules(tmp_path)
    shutil.copy(CASES / f"{name}.test.yaml", tmp_path)
    run(promtool, "test", "rules", tmp_path / f"{name}.test.yaml")


def test_every_alert_is_seen_firing_and_silent(monitoring: Monitoring) -> None:
    seen: dict[str, set[bool]] = {name: set() for name in monitoring.alerts}
    for name in NAMES:
        for case in cases(name):
            for check in case["promql_expr_test"]:
                if found := FIRING.match(check["expr"]):
                    seen[found[1]].add(bool(check["exp_samples"]))
    assert {name for name, states in seen.items() if states != {True, False}} <= {"Watchdog"}
    assert seen["Watchdog"] == {True}, "the Watchdog is never silent"


def test_every_alert_says_what_and_where_to_read_on(monitoring: Monitoring) -> None:
    for name, rule in monitoring.alerts.items():
        assert rule["labels"]["severity"] in {"critical", "warning", "none"}, name
        assert rule["annotations"].keys() == {"summary", "description", "runbook_url"}, name
        assert rule["annotations"]["runbook_url"] == f"https://example.com/runbooks#{name.lower()}"


def test_every_alert_has_its_runbook(monitoring: Monitoring) -> None:
    text = RUNBOOKS.read_text(encoding="utf-8")
    sections = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    managed = {
        name for path in GOOGLE.rglob("*.yaml") for name in re.findall(r"- alert: (\w+)", path.read_text("utf-8"))
    }
    assert sorted(name for name, _ in sections) == sorted(monitoring.alerts.keys() | managed)
    for name, body in sections:
        for part in ("**Means**", "**Check**", "**Remedy**"):
            assert part in body, f"{name}: {part}"


def test_thresholds_reach_the_rules(monitoring: Monitoring) -> None:
    assert monitoring.alerts["GpuIdle"]["expr"].endswith("< 5")
    assert monitoring.alerts["GpuIdle"]["for"] == "60m"
    assert "14.4 * (1 - 0.995)" in monitoring.alerts["ServingErrorBudgetBurnsFast"]["expr"]
    assert not any("${" in str(rule) for rule in monitoring.alerts.values())
