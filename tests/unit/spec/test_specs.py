"""Specs as files: every valid one parses, every invalid one gives exactly the text beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from groundplan.diagnostics import CODES, Diagnostic, DiagnosticsError, Place
from groundplan.spec import declared, shape
from groundplan.spec.load import load
from groundplan.spec.model import keys
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml
from groundplan.views.diagnostics import render_diagnostics
from tests.conftest import Golden

SPECS = Path(__file__).resolve().parents[2] / "specs"
VALID = sorted((SPECS / "valid").glob("*.yaml"))
INVALID = sorted((SPECS / "invalid").glob("*.yaml"))


def problems(path: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(DiagnosticsError) as caught:
        parse(load(path))
    return caught.value.diagnostics


def bare(found: Diagnostic, folder: Path) -> Diagnostic:
    """The finding with its file named from `folder`, so that the text is the same on every machine."""
    assert found.place is not None
    file = str(Path(found.place.file).relative_to(folder))
    return replace(found, place=Place(file, found.place.line, found.place.column))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid(path: Path) -> None:
    assert parse(load(path)).apiVersion == "groundplan/v1"


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid(path: Path, golden: Golden) -> None:
    found = [bare(problem, path.parent) for problem in problems(path)]
    code, _, _ = path.stem.partition("-")
    assert code.upper() in {problem.code for problem in found}
    golden(path.with_suffix(".txt"), abbreviated(render_diagnostics(found, color=False)))


LISTS: dict[str, Callable[[], list[str]]] = {
    "{keys at the top}": lambda: shape.keys_at(()),
    "{keys that ask for something}": lambda: [key.name for key in keys() if key.asks],
    "{billed components}": lambda: list(declared.billed()),
}
"""Lists that a further component makes longer, by what stands for them in the texts beside invalid specs."""


def abbreviated(text: str) -> str:
    """The text without those lists, so that a further component rewrites none of them."""
    for name, listed in LISTS.items():
        text = text.replace(", ".join(listed()), name)
    return text


@pytest.mark.parametrize(
    ("spec", "before", "name", "among"),
    [
        ("gp201-nothing-like-it", "allowed here: ", "{keys at the top}", {"apiVersion", "extends", "tracking"}),
        ("gp208-nothing", "add at least one of ", "{keys that ask for something}", {"training", "storage"}),
        ("gp207-budget-part", ", or one of ", "{billed components}", {"node_pool", "mlflow"}),
    ],
)
def test_what_is_abbreviated_is_listed_in_full(spec: str, before: str, name: str, among: set[str]) -> None:
    hint = problems(SPECS / "invalid" / f"{spec}.yaml")[0].hint or ""
    listed = hint.partition(before)[2].split(", ")
    assert listed == LISTS[name]()
    assert among <= set(listed)


def test_every_code_of_the_spec_has_an_example() -> None:
    shown = {path.stem.partition("-")[0].upper() for path in INVALID}
    assert {code for code in CODES if code[:3] in ("GP1", "GP2")} - shown == {"GP101"}  # not a file: test_load.py
    assert len(INVALID) >= 60
    assert {path.stem for path in SPECS.glob("invalid/*.txt")} == {path.stem for path in INVALID}


@pytest.mark.parametrize(
    "owner",
    ['${file("/etc/passwd")}', "%{ if true }x%{ endif }", 'it\'s \\ "quoted"', "größe 開発 🚀", "<b>&amp;", "o" * 256],
)
def test_free_text_comes_through_unchanged(owner: str) -> None:
    """The owner may be any one line; what a cloud allows in it is decided where clouds are known."""
    values = {**load(SPECS / "valid/minimal.yaml").values, "owner": owner}
    assert parse(parse_yaml(yaml.safe_dump(values, allow_unicode=True), "spec.yaml")).owner == owner


def test_unreadable_keys_and_wrong_values_come_together() -> None:
    text = (SPECS / "valid/minimal.yaml").read_text() + "name: again\nno: 1\nlables: {}\n"
    with pytest.raises(DiagnosticsError) as caught:
        parse(parse_yaml(text, "spec.yaml"))
    assert [found.code for found in caught.value.diagnostics] == ["GP103", "GP201", "GP205", "GP201"]
