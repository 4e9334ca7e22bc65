"""The texts that plans come in: encodings, what wraps them, formats; and `--region` that nothing needs."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.cli.common import OK
from groundplan.cost.plan import decoded, price_plan, read_plan
from groundplan.diagnostics import DiagnosticsError

PLAN = {
    "format_version": "1.2",
    "planned_values": {
        "root_module": {
            "resources": [
                {"address": "aws_nat_gateway.ä", "type": "aws_nat_gateway", "values": {"region": "us-east-1"}},
                {"address": "aws_kms_key.b", "type": "aws_kms_key", "values": {"region": "us-east-1"}},
            ]
        }
    },
}
TEXT = json.dumps(PLAN, ensure_ascii=False)
WRAPPED = f"[command]/tmp/0a0a/terraform-bin show -json plan.bin\n{TEXT}\n"
FOOTER = '::debug::Terraform exited with code 0.\n::debug::stdout: {"a": 1}\n::set-output name=exitcode::0\n'


def total(data: bytes) -> str:
    return f"{price_plan(read_plan(decoded(data, 'p'), 'p'), 'p').cost.total.expected}"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        WRAPPED.encode(),
        (WRAPPED + FOOTER).encode(),
        (WRAPPED + FOOTER).replace("\n", "\r\n").encode(),
        codecs.BOM_UTF16_LE + (WRAPPED + FOOTER).replace("\n", "\r\n").encode("utf-16-le"),
        (WRAPPED.replace("{", "{\n").replace("}", "}\n") + "\n" + FOOTER).encode(),
    ],
)
def test_each_is_read(data: bytes) -> None:
    assert total(data) == "33.85"


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.2", "1.99"])
def test_formats_of_terraform_since_0_12(version: str) -> None:
    assert total(json.dumps({**PLAN, "format_version": version}).encode()) == "33.85"


@pytest.mark.parametrize("data", [b"PK\x03\x04\xff\xff", b"\xff\xfe{", codecs.BOM_UTF16_LE + b"\x00\xd8", b"\xff" * 9])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(DiagnosticsError, match=r"not a text in UTF-8 or UTF-16"):
        decoded(data, "plan.json")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (f"[command]terraform\n{{\n{TEXT[1:-1]}", 3, "terraform_wrapper: false"),
        ("[command]terraform", 1, "terraform_wrapper: false"),
        ('{"@level":"info"}\n{"@level":"info"}', 2, "log of `terraform plan -json`"),
        ('{"@level":"info"}', 1, "log of `terraform plan -json`"),
    ],
)
def test_what_to_do_is_said(text: str, line: int, hint: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        read_plan(text, "plan.json")
    [found] = caught.value.diagnostics
    assert (found.place and found.place.line, hint in (found.hint or "")) == (line, True)


def test_a_format_is_not_repeated_at_length() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        read_plan(json.dumps({"format_version": "7" * 100_000}), "plan.json")
    assert len(caught.value.diagnostics[0].message) < 1_000


class TestRegionOption:
    def said(self, plan: Any, region: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(plan))
        assert run(["cost", "--plan", str(file), "--region", region]) == OK
        found = capsys.readouterr()
        return found.out, found.err

    def test_a_plan_that_says_every_region_has_no_need_of_one(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out, error = self.said(PLAN, "eu-west-1", tmp_path, capsys)
        assert "33.85" in out and "warning[GP710]: no resource needed `--region eu-west-1`" in error

    def test_it_counts_where_the_plan_says_none(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        nat = {"address": "aws_nat_gateway.a", "type": "aws_nat_gateway", "values": {}}
        plan = {**PLAN, "planned_values": {"root_module": {"resources": [nat]}}}
        out, error = self.said(plan, "eu-west-1", tmp_path, capsys)
        assert out.startswith("aws eu-west-1") and "GP710" not in error
