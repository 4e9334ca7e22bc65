"""Environments that are applied for real, to a cloud that remembers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.world import World, render, world

ALL = "ALL_LIVE" in os.environ
"""Set by `make test-live`."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves to `make test-live` what carries `long`, and the second cloud of what runs on both."""
    if ALL:
        return
    left = [one for one in items if _is_here(one) and (one.get_closest_marker("long") or _is_second(one))]
    config.hook.pytest_deselected(items=left)
    items[:] = [one for one in items if one not in set(left)]


def _is_here(item: pytest.Item) -> bool:
    return item.path.parent == Path(__file__).parent


def _is_second(item: pytest.Item) -> bool:
    """Whether it is the AWS one of a pair."""
    named = {mark.args[0] for mark in item.iter_markers("parametrize")}
    call = getattr(item, "callspec", None)
    return call is not None and "operator" not in named and call.params.get("operator") == "aws"


@pytest.fixture(scope="session", autouse=True)
def _interruptible() -> None:
    """A shell's background jobs ignore SIGINT, and so would what they start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The small environment on each cloud, rendered once; tests get copies."""
    return {provider: render(provider, tmp_path_factory.mktemp(f"live-{provider}")) for provider in ("aws", "gcp")}


@pytest.fixture(params=["aws", "gcp"])
def operator(request: pytest.FixtureRequest, rendered: dict[str, Path], tmp_path: Path) -> Iterator[World]:
    """An environment that is not applied yet, on either cloud."""
    with world(request.param, rendered[request.param], tmp_path) as made:
        yield made
