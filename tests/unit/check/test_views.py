"""One report in every format."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from groundplan.check.report import (
    CheckovReport,
    CheckReport,
    CostAge,
    Finding,
    NotChecked,
    RootReport,
    ScanCounts,
    Skip,
    Step,
    StepName,
    StepStatus,
)
from groundplan.diagnostics import Diagnostic, Place, Severity, Snippet
from groundplan.sandbox.walls import Walls
from groundplan.views.check import junit, markdown, sarif, text, to_json
from tests.conftest import Golden

SPEC_LINE, SPEC_SNIPPET = Place("out/groundplan.yaml", 17, 3), Snippet("  buckets:", 8)
BUCKET = Place("out/modules/aws/object_store/main.tf", 5, 1)


def bucket(name: str) -> Finding:
    diagnostic = Diagnostic(
        "GP601",
        "CKV_AWS_21 Ensure all data stored in the S3 bucket have versioning enabled",
        hint='set `versioning_configuration.status` to "Enabled"',
        place=SPEC_LINE,
        snippet=SPEC_SNIPPET,
        address=f'module.object_store.aws_s3_bucket.this["{name}"]',
        path="storage.buckets",
    )
    return Finding(diagnostic, "CKV_AWS_21", BUCKET, "10-foundation", "object_store", ("hcl", "plan"))


def plain(code: str, message: str, place: Place | None, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(Diagnostic(code, message, severity, place=place), code, place, "20-platform")


REPORT = CheckReport(
    folder="out",
    findings=(
        plain(
            "GP401",
            "20-platform/own.tf was not rendered from the spec",
            Place("out/20-platform/own.tf", 1),
            Severity.NOTE,
        ),
        plain("GP501", "main.tf is not formatted", Place("out/20-platform/main.tf", 3)),
        plain("GP504", "something | happened\x00\nin <two> lines", None),
        bucket("data"),
        bucket("logs"),
        plain("GP906", "module x is fetched", Place("out/20-platform/a b.tf", 2, 3), Severity.WARNING),
    ),
    steps=(
        Step(StepName.FORMAT, StepStatus.FAILED, None, 0.2),
        Step(StepName.VALIDATE, StepStatus.PASSED, None, 0.5),
        Step(StepName.PLAN, StepStatus.FAILED, None, 0.75),
        Step(StepName.CHECKOV, StepStatus.FAILED, None, 1.5),
        Step(StepName.CHARTS, StepStatus.NOT_RUN, "no chart is at hand"),
        Step(StepName.RULES, StepStatus.PASSED, None, 0.01),
        Step(StepName.FRESHNESS, StepStatus.NOT_RUN, "not asked for"),
    ),
    roots=(RootReport("10-foundation", True, True, 41, 1.2), RootReport("20-platform", True, False, None, 0.6)),
    checkov=CheckovReport(
        passed=40,
        failed=2,
        skipped=2,
        resources=63,
        hcl=ScanCounts(38, 2, 1, 60),
        plan=ScanCounts(22, 2, 1, 41),
        secrets=ScanCounts(),
        skips=(
            Skip(
                "CKV_AWS_144",
                "Ensure replication",
                "aws_s3_bucket.a",
                "one | region is enough",
                "10-foundation",
                BUCKET,
            ),
            Skip("CKV_AWS_18", "Ensure logging", "aws_s3_bucket.a", None, "10-foundation", BUCKET),
        ),
    ),
    cost_age=CostAge(date(2025, 11, 18), date(2026, 9, 24), date(2026, 11, 29)),
    walls=Walls("unshare", network=True, processes=True, reason="mount: Operation not permitted"),
    not_checked=(NotChecked("checkov on the plan of 20-platform", "it has no plan"),),
    seconds=1.94,
)

CLEAN = CheckReport("out", (), (Step(StepName.FORMAT, StepStatus.PASSED, None, 0.2),), (), None, (), 0.21)

SARIF_CORE: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "type": "object",
                            "required": ["name", "rules"],
                            "properties": {"rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}},
                        }
                    },
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "invocations": {"type": "array", "items": {"required": ["executionSuccessful"]}},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "rule": {
            "type": "object",
            "required": ["id", "shortDescription", "help"],
            "properties": {
                "shortDescription": {"$ref": "#/$defs/message"},
                "help": {"$ref": "#/$defs/message"},
                "defaultConfiguration": {"properties": {"level": {"$ref": "#/$defs/level"}}},
            },
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
        "result": {
            "type": "object",
            "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
            "properties": {
                "level": {"$ref": "#/$defs/level"},
                "message": {"$ref": "#/$defs/message"},
                "locations": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/location"}},
                "relatedLocations": {"type": "array", "items": {"$ref": "#/$defs/location"}},
                "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        },
        "location": {
            "type": "object",
            "required": ["physicalLocation"],
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation", "region"],
                    "properties": {
                        "artifactLocation": {"properties": {"uri": {"pattern": "^[^/ \\\\][^ \\\\]*$"}}},
                        "region": {
                            "properties": {
                                "startLine": {"type": "integer", "minimum": 1},
                                "startColumn": {"type": "integer", "minimum": 1},
                            }
                        },
                    },
                }
            },
        },
    },
}
"""What the standard (OASIS SARIF 2.1.0, sections 3.13 to 3.30) demands of the parts that are written."""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("report.txt", text(REPORT, False)),
        ("report.md", markdown(REPORT)),
        ("report.json", json.dumps(to_json(REPORT), indent=2) + "\n"),
        ("report.sarif", json.dumps(sarif(REPORT), indent=2) + "\n"),
        ("report.xml", junit(REPORT)),
        ("clean.txt", text(CLEAN, False)),
        ("clean.xml", junit(CLEAN)),
    ],
)
def test_formats(golden: Golden, name: str, written: str) -> None:
    golden(Path(__file__).parent / "golden" / name, written)


def test_colour_adds_nothing_but_colour() -> None:
    import re

    assert re.sub(r"\x1b\[[\d;]*m", "", text(REPORT, True)) == text(REPORT, False)


def test_json_has_what_every_command_promises() -> None:
    value = to_json(REPORT)
    assert {"format_version", "ok", "diagnostics", "terraform", "checkov"} <= value.keys()
    assert {"passed", "failed", "skipped", "resources"} <= value["checkov"].keys()
    keys = {"code", "severity", "message", "hint", "place", "address", "terraform_place"}
    assert all(keys <= diagnostic.keys() for diagnostic in value["diagnostics"])


def test_sarif_is_well_formed() -> None:
    log = sarif(REPORT)
    jsonschema.validate(log, SARIF_CORE)
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    prints = [result["partialFingerprints"]["groundplan/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_points_to_the_spec_and_relates_the_source() -> None:
    result = next(r for r in sarif(REPORT)["runs"][0]["results"] if r["ruleId"] == "CKV_AWS_21")
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "out/groundplan.yaml"
    related = result["relatedLocations"][0]["physicalLocation"]
    assert related == {
        "artifactLocation": {"uri": "out/modules/aws/object_store/main.tf"},
        "region": {"startLine": 5, "startColumn": 1},
    }


@pytest.mark.parametrize(
    ("folder", "base", "uri"),
    [
        ("/repo/envs/dev", "/repo", "envs/dev/groundplan.yaml"),
        ("/elsewhere/dev", "/repo", "groundplan.yaml"),
        ("/elsewhere/dev", None, "groundplan.yaml"),
        ("envs/dev", "/repo", "envs/dev/groundplan.yaml"),
    ],
)
def test_sarif_uris_are_relative(folder: str, base: str | None, uri: str) -> None:
    place = Place(f"{folder}/groundplan.yaml", 1)
    report = CheckReport(folder, (plain("GP404", "old", place),), (), (), None, (), 0.0)
    location = sarif(report, base=base)["runs"][0]["results"][0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_junit_counts_what_it_lists() -> None:
    suites = ElementTree.fromstring(junit(REPORT).partition("\n")[2])
    for suite in suites:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
    failures = {suite.get("name"): suite.get("failures") for suite in suites}
    assert {name: count for name, count in failures.items() if count != "0"} == {
        "format": "1",
        "plan": "1",
        "checkov": "2",
    }
    assert list(failures) == [step.value for step in StepName]
