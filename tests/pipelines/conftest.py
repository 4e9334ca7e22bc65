"""One site for all tests of a process; each test begins with what its pipelines have applied, or have not yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.github import Environment, Hub
from tests.pipelines.site import Site, site

ALL = "ALL_PIPELINES" in os.environ
"""Set by `make test-pipelines`."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves to `make test-pipelines` what carries `long`."""
    left = [one for one in items if not ALL and one.path.parent == _HERE and one.get_closest_marker("long")]
    config.hook.pytest_deselected(items=left)
    items[:] = [one for one in items if one not in set(left)]


_HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("pipelines")) as made:
        yield made


@pytest.fixture(scope="session")
def _google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with site(tmp_path_factory.mktemp("google"), "gcp") as made:
        yield made


@pytest.fixture
def on_google(_google: Site) -> Site:
    """A site on Google Cloud whose environment is applied."""
    _google.all_applied()
    return _google


@pytest.fixture
def applied(_site: Site) -> Site:
    """A site whose environment is applied."""
    _site.all_applied()
    return _site


@pytest.fixture
def made(_site: Site) -> Site:
    """A site of which a person has made the state bucket and the pipeline's identities, and nothing else is there."""
    _site.back_to("made")
    return _site


@pytest.fixture
def first(made: Site) -> Hub:
    """GitHub with a repository of which nothing is applied yet."""
    return _github(made)


@pytest.fixture
def hub(applied: Site) -> Hub:
    """GitHub with the repository."""
    return _github(applied)


@pytest.fixture
def google_hub(on_google: Site) -> Hub:
    """The same on Google Cloud."""
    return _github(on_google)


def _github(site: Site) -> Hub:
    """Its environment is what docs/pipelines.md says to set up."""
    made = Hub(site, {"cpu-serving-apply": Environment(frozenset({"ml-platform"}))})
    site.forge.allows = made.allows
    return made
