"""`--prices FILE` on the commands that choose and price machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.cli import run
from tests.architecture.sources import REPOSITORY

SPEC = REPOSITORY / "blueprints" / "gpu-training" / "blueprint.yaml"
BOOK = """\
apiVersion: groundplan-prices/v1
cloud: aws
currency: USD
source: Enterprise agreement 2026, page 4
as_of: 2026-11-01
prices:
  - {item: g5.2xlarge, region: us-east-1, option: on_demand, usd: 0.05}
  - {item: g5.2xlarge, region: us-east-1, option: spot, usd_low: 0.01, usd: 0.02, usd_high: 0.03}
"""
PATH = "training.pools.finetune.instance_types"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "ours.yaml"
    file.write_text(BOOK, encoding="utf-8")
    return file


def test_machines_are_chosen_and_priced_by_it(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", str(SPEC), "--prices", str(book), "--format", "json"]) == 0, capsys.readouterr()
    lines = {line["item"]: line for line in json.loads(capsys.readouterr().out)["lines"]}
    assert "Enterprise agreement 2026" in lines["g5.2xlarge"]["source"]
    assert run(["explain", str(SPEC), PATH, "--prices", str(book)]) == 0
    assert capsys.readouterr().out.startswith(f"{PATH} = g5.2xlarge")
    assert run(["resolve", str(SPEC), "--prices", str(book)]) == 0
    assert "g5.2xlarge" in capsys.readouterr().out


def test_comparisons_know_it(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compare", str(SPEC), "--capacity", "on_demand", "--format", "json"]
    assert run(arguments) == 0
    plain = capsys.readouterr().out
    assert run([*arguments, "--prices", str(book)]) == 0
    ours = capsys.readouterr().out
    assert "g5.2xlarge" in ours and ours != plain


@pytest.mark.parametrize("command", ["cost", "explain", "resolve", "compare"])
def test_a_broken_book_is_an_error_with_its_place(command: str, book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book.write_text(BOOK.replace("usd: 0.05", "usd: -1"), encoding="utf-8")
    assert run([command, str(SPEC), "--prices", str(book)]) == 2
    assert "ours.yaml:7:" in capsys.readouterr().err


@pytest.fixture
def plan(tmp_path: Path) -> str:
    values = {"region": "us-east-1", "instance_type": "g5.2xlarge"}
    resources = [{"address": "aws_instance.a", "type": "aws_instance", "values": values}]
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}))
    return str(path)


def test_plans_are_priced_by_it(book: Path, plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["cost", "--plan", plan, "--prices", str(book), "--format", "json"]
    assert run(ask) == 0, capsys.readouterr()
    lines = {line["item"]: line for line in json.loads(capsys.readouterr().out)["lines"]}
    assert "Enterprise agreement 2026" in lines["g5.2xlarge"]["source"]
    for further, code in (["--against", plan], 0), (["--changes"], 0), (["--budget", "20"], 3):
        assert run([*ask, *further]) == code, capsys.readouterr()


def test_a_broken_book_is_an_error_of_a_plan_too(book: Path, plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    book.write_text(BOOK.replace("usd: 0.05", "usd: -1"), encoding="utf-8")
    assert run(["cost", "--plan", plan, "--prices", str(book)]) == 2
    assert "ours.yaml:7:" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--cloud aws", "--account 123456789012", "--capacity spot", "--prove"])
def test_what_a_plan_says_itself_is_no_option(option: str, plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", "--plan", plan, *option.split()]) == 2
    assert "go with a SPEC" in capsys.readouterr().err


def test_a_proof_counts_on_no_free_tiers(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", str(SPEC), "--prove", "--free-tiers"]) == 2
    assert "--free-tiers" in capsys.readouterr().err
