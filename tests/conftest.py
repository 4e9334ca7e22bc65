"""What every test folder shares: golden files and the flag that rewrites them, and which tests are slow."""

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


SLOW_FOLDERS = ("services", "live", "pipelines", "lifecycle", "modules", "packaging", "readme", "security")
"""Folders in which every test has the marker `slow`. They run in this order, before all others."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="only rewrite golden files, with what the code gives")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what is slow, and puts it first: a worker that runs out of short tests takes over long ones, one by one.

    Servers come before all: idle workers take from the end, so that the servers of a file start in one worker alone.
    With `--update-golden` only what has goldens runs.
    """
    if config.getoption("--update-golden"):
        config.hook.pytest_deselected(items=[item for item in items if not _has_golden(item)])
        items[:] = filter(_has_golden, items)
    for item in items:
        if _folder(item) in SLOW_FOLDERS:
            item.add_marker("slow")
    items.sort(key=_turn)


def _has_golden(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and "golden" in item.fixturenames


def _folder(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _turn(item: pytest.Item) -> int:
    folder = _folder(item)
    if folder in SLOW_FOLDERS:
        return SLOW_FOLDERS.index(folder)
    return len(SLOW_FOLDERS) + (item.get_closest_marker("slow") is None)


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
