"""The HCL filter: what it writes, and that real Terraform reads back what went in."""

from __future__ import annotations

import json
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan.hcl.write import LINE_LENGTH, Expression, attributes, hcl, quote
from groundplan.terraform.offline import format_check
from groundplan.terraform.runner import Runner, embedded_program

HOSTILE = (
    "${", "%{", "$${", "%%{", "$$${", "%%%{", "$", "%", "$$", "%%", "$%{", "%${", "${}", "${file(\"/etc/passwd\")}",
    "%{ if true }x%{ endif }", '"', '\\"', "\\", "\\\\", "\\n", "\\u0041", "\\${", "\n", "\r\n", "\t", "\x00", "\x07",
    "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "#", "//", "/*", "*/", "<<EOT\nx\nEOT", "<<-EOT", "EOT",
    "'", "`", "{", "}", "[", "]", "=", ",", "🚀", "👩‍👩‍👧", "é", "e\u0301", "\u0301", "가", "각", "\U0001d4b3",
    "\U0010ffff", "\ue000", "\ufffd", "\ufffe", "x" * 3000, "", " ", "  trailing ", "for", "null", "true", "1e9",
)  # fmt: skip
"""Text that means something to HCL, to a terminal or to Unicode."""

QUICK = settings(max_examples=12, suppress_health_check=list(HealthCheck))

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=40),
    st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=8).map("".join),
    st.text(alphabet='${%}\\"\n', max_size=12),
    st.text(min_size=300, max_size=400),
).filter(lambda text: not any(unicodedata.category(char) == "Cs" for char in text))

keys = st.one_of(st.sampled_from([text for text in HOSTILE if text]), st.text(min_size=1, max_size=12)).filter(
    lambda text: not any(unicodedata.category(char) == "Cs" for char in text)
)
numbers = st.one_of(st.integers(-(2**53), 2**53), st.decimals(-1000, 1000, places=3).map(lambda n: n.normalize()))
values = st.recursive(
    st.one_of(texts, numbers, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=12,
)


def nfc(value: Any) -> Any:
    """The value as Terraform keeps it: strings in NFC, numbers as JSON numbers, later keys winning."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {nfc(key): nfc(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [nfc(inner) for inner in value]
    return float(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value


def from_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: from_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [from_json(inner) for inner in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def through_terraform(folder: Path, text: str) -> dict[str, Any]:
    """The outputs of a root with this text, applied by real Terraform."""
    (folder / "main.tf").write_text(text, encoding="utf-8", newline="")
    for state in folder.glob("*.tfstate*"):
        state.unlink()
    runner = Runner(embedded_program(), {"HOME": str(folder)})
    applied = runner.run(folder, "apply", "-auto-approve", "-no-color")
    assert applied.returncode == 0, applied.stderr
    shown = runner.run(folder, "output", "-json")
    return {name: output["value"] for name, output in json.loads(shown.stdout).items()}


def outputs(batch: list[Any]) -> str:
    return "\n".join(f'output "o{n}" {{\n{attributes({"value": value}, 2)}\n}}\n' for n, value in enumerate(batch))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-3, "-3"),
        (1.5, "1.5"),
        (Decimal("120.50"), "120.50"),
        (Decimal("1E+3"), "1000"),
        (Expression("var.name"), "var.name"),
        ("plain", '"plain"'),
        ("${x}", '"$${x}"'),
        ("%{x}", '"%%{x}"'),
        ("$${x}", '"$\\u0024{x}"'),
        ('a"b\\c\nd\te\r', '"a\\"b\\\\c\\nd\\te\\r"'),
        ("\x1b", '"\\u001b"'),
        ("e\u0301", '"é"'),
        ([], "[]"),
        ((1, "a"), '[1, "a"]'),
        ({}, "{}"),
        ({"a": 1, "long-key": "x"}, '{\n  a        = 1\n  long-key = "x"\n}'),
        ({"for": 1, "4": 2, "é": 3}, '{\n  "for"    = 1\n  "4"      = 2\n  "\\u00e9" = 3\n}'),
        ([{"a": 1}], "[\n  {\n    a = 1\n  },\n]"),
    ],
)
def test_values_as_hcl(value: Any, text: str) -> None:
    assert hcl(value) == text


def test_a_long_list_takes_a_line_for_each_element() -> None:
    short, long = ["x" * 10] * 7, ["x" * 10] * 8
    assert len(hcl(short)) <= LINE_LENGTH and "\n" not in hcl(short)
    assert hcl(long).count("\n") == len(long) + 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="no HCL"):
        hcl(value)


def test_what_is_no_value_is_refused() -> None:
    with pytest.raises(TypeError, match="no HCL for object"):
        hcl(object())  # type: ignore[arg-type]


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="character 3 is half of a surrogate pair"):
        quote("ab\udc80")


def test_every_hostile_text_comes_back(tmp_path: Path) -> None:
    pairs = [f"{first}{second}" for first in HOSTILE for second in HOSTILE[:16]]
    batch = [*HOSTILE, *pairs]
    text = f'output "all" {{\n{attributes({"value": batch}, 2)}\n}}\n'
    assert through_terraform(tmp_path, text)["all"] == nfc(batch)


def test_every_hostile_key_comes_back(tmp_path: Path) -> None:
    value = {key: "x" for key in HOSTILE if key}
    assert through_terraform(tmp_path, outputs([value, {"for": "a", "in": "b"}]))["o0"] == nfc(value)


@pytest.mark.slow
@QUICK
@given(st.lists(texts, min_size=60, max_size=120))
def test_arbitrary_text_comes_back(tmp_path: Path, batch: list[str]) -> None:
    text = f'output "all" {{\n{attributes({"value": batch}, 2)}\n}}\n'
    assert through_terraform(tmp_path, text)["all"] == nfc(batch)


@pytest.mark.slow
@QUICK
@given(st.lists(values, min_size=10, max_size=30))
def test_arbitrary_structures_come_back_and_are_formatted(tmp_path: Path, batch: list[Any]) -> None:
    text = outputs(batch)
    found = through_terraform(tmp_path, text)
    assert [from_json(found[f"o{n}"]) if f"o{n}" in found else None for n in range(len(batch))] == nfc(batch)
    assert format_check(tmp_path) == ()
