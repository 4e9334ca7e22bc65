"""What people read in a rendered environment: its README and the layout of its roots."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli.pipeline import resolve_spec
from tests.unit.stack.specs import BASE, training

BUCKETS = {"buckets": {"data": {"size_gib": 10}}}


def rendered(folder: Path, **values: Any) -> dict[str, str]:
    spec = folder / "groundplan.yaml"
    spec.write_text(yaml.safe_dump({**BASE, **values}), encoding="utf-8")
    return dict(resolve_spec(spec).render(folder))


def test_no_two_blank_lines(tmp_path: Path) -> None:
    files = rendered(tmp_path, training=training(gpu={"type": "l4"}), storage=BUCKETS)
    roots = [name for name in files if re.match(r"\d\d-", name)]
    assert 'source = "../modules/kubernetes/gpu_plugin"\n}\n' in files["20-platform/main.tf"]
    assert [name for name in (*roots, "README.md") if "\n\n\n" in files[name]] == []


@pytest.mark.parametrize(
    ("state", "expected"),
    [({"backend": "local"}, "State is a file in each folder"), ({}, "`00-state` makes the bucket")],
)
def test_the_readme_says_where_state_is(state: dict[str, str], expected: str, tmp_path: Path) -> None:
    assert expected in rendered(tmp_path, storage=BUCKETS, state=state)["README.md"]


def test_decisions_are_in_the_words_of_the_spec(tmp_path: Path) -> None:
    readme = rendered(tmp_path, training=training(vcpus=4), storage=BUCKETS)["README.md"]
    assert "| `cluster.deletion_protection` | true |" in readme


def test_one_item_without_a_figure(tmp_path: Path) -> None:
    assert "**at least**: 1 item has no figure." in rendered(tmp_path, storage={"buckets": {"data": {}}})["README.md"]
