"""What is read of a lock before Terraform runs is what the whole lock says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.environment.lock import read_lock
from groundplan.environment.outline import lock_text, outline_of

ENVIRONMENTS = sorted(file.parent for file in Path("environments").rglob("groundplan.lock.json"))


@pytest.mark.parametrize("folder", ENVIRONMENTS, ids=str)
def test_it_says_the_same_as_the_whole_lock(folder: Path) -> None:
    lock = read_lock(folder)
    assert lock is not None
    assert outline_of(lock_text(folder)) == lock.outline


@pytest.mark.parametrize(
    "change",
    [
        {"format_version": "0"},
        {"format_version": None},
        {"cloud": {"provider": "aws"}},
        {"cloud": {"provider": "aws", "region": 1}},
        {"cloud": []},
        {"files": []},
        {"files": {"main.tf": 1}},
        {"files": {"main\0.tf": "sha256:0"}},
        {"sealed": [["cost.md"]]},
        {"sealed": "cost.md"},
        {"spec": {"file": "groundplan.yaml", "sources": [{"file": "groundplan.yaml"}]}},
        {"spec": {"file": "groundplan.yaml", "copied": 1}},
        {"spec": None},
    ],
    ids=str,
)
def test_what_it_cannot_explain_is_left_to_the_whole_lock(change: dict[str, Any]) -> None:
    found = json.loads(lock_text(ENVIRONMENTS[0]))
    assert outline_of(json.dumps(found).encode()) is not None
    assert outline_of(json.dumps(found | change).encode()) is None


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b"null", b'{"format_version": "1"}'])
def test_neither_can_it_explain_what_is_no_lock(text: bytes) -> None:
    assert outline_of(text) is None
