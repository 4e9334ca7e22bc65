"""One checkov process for all tests of checking, and a maker of environments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundplan.check.run import Checker
from tests.unit.check.environments import FILES, SPEC, lock, write

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes an environment: `make({…})` changes or adds files, `locked=False` leaves out spec and lock."""

    def build(changes: dict[str, str] | None = None, *, locked: bool = True) -> Path:
        files = FILES | (changes or {})
        beside = {"groundplan.yaml": SPEC, "groundplan.lock.json": lock(files)} if locked else {}
        return write(tmp_path / "demo", files | beside)

    return build


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    """One checker for all tests: the checkov process serves every folder."""
    with Checker() as shared:
        yield shared
