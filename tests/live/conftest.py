"""Environments that are applied for real, to a cloud that remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.world import World, render, world


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The small environment on each cloud, rendered once; tests get copies."""
    return {provider: render(provider, tmp_path_factory.mktemp(f"live-{provider}")) for provider in ("aws", "gcp")}


@pytest.fixture(params=["aws", "gcp"])
def operator(request: pytest.FixtureRequest, rendered: dict[str, Path], tmp_path: Path) -> Iterator[World]:
    """An environment that is not applied yet, on either cloud."""
    with world(request.param, rendered[request.param], tmp_path) as made:
        yield made
