"""How long the readers are fuzzed: a fixed number of the same examples, or with FUZZ_EXAMPLES so many new ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Feed = Callable[[st.SearchStrategy[Any], Callable[[Any], None]], int]
EXAMPLES = 60
"""Of each target in `make test`."""


@pytest.fixture
def feed() -> Feed:
    """Calls a target with examples of a strategy; gives the number of them."""
    wanted = int(os.environ.get("FUZZ_EXAMPLES", "0"))
    steady = settings(
        max_examples=wanted or EXAMPLES,
        derandomize=not wanted,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )

    def run(examples: st.SearchStrategy[Any], target: Callable[[Any], None]) -> int:
        fed = 0

        def counted(example: Any) -> None:
            nonlocal fed
            fed += 1
            target(example)

        steady(given(examples)(counted))()
        return fed

    return run
