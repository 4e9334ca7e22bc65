"""What every test folder shares: golden files and the flag that rewrites them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

Golden = Callable[[Path, str], None]
"""Compares a text with a file of the repository; with `--update-golden` writes the file instead."""


settings.register_profile(
    "groundplan", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("groundplan")  # the same examples in every run, and none fails because the machine is busy


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite golden files with what the code gives now")


@pytest.fixture(scope="session")
def golden(request: pytest.FixtureRequest) -> Golden:
    update = bool(request.config.getoption("--update-golden"))

    def compare(path: Path, text: str) -> None:
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
            return
        if not path.is_file():
            pytest.fail(f"{path} is missing; `pytest --update-golden` writes it")
        assert text == path.read_bytes().decode("utf-8"), (
            f"{path.name} is out of date; `pytest --update-golden` rewrites it"
        )

    return compare


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the repository."""
    return Path(__file__).resolve().parents[1]
