"""What tests of whole lives share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from groundplan.check import run
from groundplan.check.report import StepName
from groundplan.check.run import ALL_STEPS, Checker
from tests.lifecycle.plans import Plans, keeping


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    """One checker for all tests of a worker: checkov is loaded once, and remembers the modules it has read."""
    with Checker() as checker:
        yield checker


@pytest.fixture(scope="session")
def planner() -> Iterator[Checker]:
    """A checker that does all but scan."""
    with Checker(steps=ALL_STEPS - {StepName.CHECKOV}) as checker:
        yield checker


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Plans:
    """The plans that checks of a test make."""
    kept: Plans = {}
    monkeypatch.setattr(run, "offline_session", keeping(run.offline_session, kept))
    return kept
