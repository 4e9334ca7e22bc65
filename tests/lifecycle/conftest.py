"""What tests of whole lives share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from groundplan.check import Checker
from groundplan.check.report import StepName
from groundplan.check.run import ALL_STEPS


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
