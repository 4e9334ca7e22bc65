"""What tests of whole lives share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from groundplan.check import Checker


@pytest.fixture(scope="session")
def checker() -> Iterator[Checker]:
    """One checker for all tests of a worker: checkov is loaded once, and remembers the modules it has read."""
    with Checker() as checker:
        yield checker
