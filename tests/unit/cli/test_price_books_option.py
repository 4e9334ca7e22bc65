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


def test_a_plan_takes_none(book: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", "--plan", str(tmp_path / "plan.json"), "--prices", str(book)]) == 2
    assert "--plan takes --region only" in capsys.readouterr().err
