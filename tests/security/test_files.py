"""Specs, price books, plans and locks as an attacker would write them: each ends in an answer or in an error."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.security.conftest import Sentinel

ESCAPES = {
    "title of the terminal": "\x1b]0;pwn\x07\x1b[31mRED\x9b1m",
    "command of GitHub": "a\n::error file=x::injected\n::set-output name=x::y",
    "older command of GitHub": "a\n##[error]injected",
    "command of Azure": "a\r\n##vso[task.setvariable variable=x]y",
    "command of TeamCity": "a\u2028##teamcity[buildStatus status='SUCCESS']",
    "text in another direction": "a\u202eb\u2066c",
    "formula": "=cmd|' /C calc'!A0",
    "page": "<script>alert(1)</script>",
    "table": "a | b | `c` [d](javascript:alert(1))",
}
BOOK = {
    "apiVersion": "groundplan-prices/v1",
    "cloud": "aws",
    "currency": "USD",
    "source": "ours",
    "as_of": "2026-11-01",
    "prices": [{"item": "g6.2xlarge", "region": "us-east-1", "option": "on_demand", "usd": 0.61}],
}
SPEC = {
    "apiVersion": "groundplan/v1",
    "name": "demo",
    "owner": "ml",
    "cloud": {"provider": "aws", "region": "us-east-1", "account": "210987654321"},
    "training": {"pools": {"t": {"instance_types": ["g6.2xlarge"], "nodes": {"min": 0, "max": 4}}}},
}


def plan(**resource: Any) -> str:
    """A plan in JSON with one resource."""
    whole = {"address": "aws_ebs_volume.x", "mode": "managed", "type": "aws_ebs_volume", "name": "x", "values": {}}
    region = {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}}
    return json.dumps(
        {
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": [whole | resource]}},
            "configuration": {"provider_config": region},
        }
    )


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "groundplan.yaml"
    path.write_text(json.dumps(SPEC), encoding="utf-8")
    return path


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
@pytest.mark.parametrize("output", ["text", "json"])
def test_a_plan_prints_nothing_but_text(sentinel: Sentinel, tmp_path: Path, text: str, output: str) -> None:
    file = tmp_path / "plan.json"
    for fields in ({"address": text}, {"type": text}, {"values": {"type": text, "size": 10}}, {"type": f"aws_{text}"}):
        file.write_text(plan(**fields), encoding="utf-8")
        ended = sentinel.groundplan(["cost", "--plan", str(file), "--format", output])
        assert ended.code in (0, 1, 2)


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
def test_a_price_book_prints_nothing_but_text(sentinel: Sentinel, tmp_path: Path, spec: Path, text: str) -> None:
    book = tmp_path / "book.yaml"
    for changed in ({"source": text}, {"cloud": text}, {text: 1}, {"prices": [BOOK["prices"][0] | {"item": text}]}):  # type: ignore[index]
        book.write_text(json.dumps(BOOK | changed), encoding="utf-8")
        sentinel.groundplan(["prices", "check", str(book)])
        sentinel.groundplan(["cost", str(spec), "--prices", str(book)])
    book.write_text(json.dumps(BOOK | {"source": text}), encoding="utf-8")
    for output in ("csv", "html", "markdown") if text[0] in "=<a" else ("text", "json"):
        ended = sentinel.groundplan(["compare", str(spec), "--prices", str(book), "--format", output])
        assert ended.code in (0, 1, 2, 3), ended.printed
        assert "<script>alert" not in ended.out
        cells = [cell for row in csv.reader(ended.out.splitlines()) for cell in row] if output == "csv" else []
        assert not any(cell.lstrip().startswith(("=", "+", "@")) for cell in cells)


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
def test_a_spec_prints_nothing_but_text(sentinel: Sentinel, tmp_path: Path, text: str) -> None:
    file = tmp_path / "spec.yaml"
    for changed in ({"name": text}, {text: 1}, {"cloud": text}, {"owner": text}, {"extends": f"{text}.yaml"}):
        file.write_text(json.dumps(SPEC | changed), encoding="utf-8")
        for output in ("text", "json"):
            assert sentinel.groundplan(["validate", str(file), "--format", output]).code in (0, 2)
        assert sentinel.groundplan(["explain", str(file)]).code in (0, 2)


@pytest.mark.parametrize("text", ESCAPES.values(), ids=ESCAPES)
def test_arguments_are_shown_as_text(sentinel: Sentinel, spec: Path, text: str) -> None:
    for arguments in (
        ["validate", text],
        ["check", text],
        [text],
        ["cost", str(spec), "--region", text],
        ["cost", str(spec), "--format", text],
        ["explain", str(spec), text],
        ["compare", str(spec), "--against", text],
    ):
        assert sentinel.groundplan(arguments).code != 0


NUMBERS = ["9" * 5000, "-1", "1e400", "1e-400", "NaN", "Infinity", "true", '"10"', "[]", "{}", "null", "0.1e-30"]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda text: text[:12])
def test_any_number_is_priced_or_refused(sentinel: Sentinel, tmp_path: Path, spec: Path, number: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(plan(values={"size": 0}).replace('"size": 0', f'"size": {number}'), encoding="utf-8")
    assert sentinel.groundplan(["cost", "--plan", str(file)]).code in (0, 1, 2)
    book = tmp_path / "book.yaml"
    book.write_text(json.dumps(BOOK).replace("0.61", number), encoding="utf-8")
    assert sentinel.groundplan(["cost", str(spec), "--prices", str(book)]).code in (0, 2)
    rows = "cloud,region,item,option,payment,upfront_usd,usd_low,usd_expected,usd_high,unit,tier_from,as_of,source\n"
    table = tmp_path / "book.csv"
    table.write_text(f"{rows}aws,us-east-1,g6.2xlarge,on_demand,,,,{number},,hour,,2026-11-01,s\n", encoding="utf-8")
    assert sentinel.groundplan(["cost", str(spec), "--prices", str(table)]).code in (0, 2)
    changed = tmp_path / "spec.yaml"
    changed.write_text(json.dumps(SPEC).replace('"max": 4', f'"max": {number}'), encoding="utf-8")
    assert sentinel.groundplan(["cost", str(changed)]).code in (0, 2)


@pytest.mark.parametrize(
    "command", [["validate"], ["cost"], ["cost", "--plan"], ["prices", "check"], ["render", "-o", "out"]]
)
@pytest.mark.parametrize("kind", ["pipe", "device", "environment", "folder", "nothing", "binary", "deep", "large"])
def test_any_file_is_read_or_refused(
    sentinel: Sentinel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ("file.json" if "--plan" in command else "file.yaml")
    match kind:
        case "pipe":
            os.mkfifo(file)
        case "device":
            file.symlink_to("/dev/zero")
        case "environment":
            file.symlink_to("/proc/self/environ")
        case "folder":
            file.mkdir()
        case "binary":
            file.write_bytes(bytes(range(256)) * 64)
        case "deep":
            file.write_text("[" * 100_000, encoding="utf-8")
        case "large":
            with file.open("wb") as sparse:
                sparse.truncate(2**40)
    ended = sentinel.groundplan([*command, str(file)])
    assert ended.code in (1, 2), ended.printed
    assert "GP" in ended.printed
    assert not (tmp_path / "out").exists()
