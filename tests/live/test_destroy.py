"""`groundplan destroy` on a cloud that remembers, with Terraform and states in buckets."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.world import NAME, World, render, world

pytestmark = pytest.mark.slow
GROUNDPLAN = Path(sys.executable).with_name("groundplan")
aws = pytest.mark.parametrize("operator", ["aws"], indirect=True)


def destroy(operator: World, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and what was told on stderr."""
    ran = subprocess.run(
        [GROUNDPLAN, "destroy", operator.folder, "--terraform-bin", operator.program, "--format", "json", *arguments],
        check=False,
        env=operator.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout), ran.stderr


def results(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(root["root"], root["result"]) for root in found["roots"]]


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The environment with a cluster that is protected against deletion."""
    cluster = {"deletion_protection": True}
    folders = {provider: tmp_path_factory.mktemp(f"kept-{provider}") for provider in ("aws", "gcp")}
    return {provider: render(provider, folder, cluster=cluster) for provider, folder in folders.items()}


@pytest.fixture(params=["aws", "gcp"])
def guarded(request: pytest.FixtureRequest, protected: dict[str, Path], tmp_path: Path) -> Iterator[World]:
    """The same as `operator`, with protections."""
    with world(request.param, protected[request.param], tmp_path) as made:
        yield made


def test_one_command_takes_it_down_in_reverse_and_has_nothing_to_do_the_second_time(guarded: World) -> None:
    """Words are told at once, what is protected is freed in an apply of its own, and a bucket that is full emptied."""
    guarded.apply()
    bucket = fill_a_bucket(guarded)
    kept = guarded.cloud.store.count()
    code, found, told = destroy(guarded, "--confirm", NAME)
    assert (code, guarded.cloud.store.count()) == (6, kept), told
    assert [word for word in found["missing"] if "_cluster." in word], found["missing"]
    words = [part for word in found["missing"] for part in ("--allow", word)]
    code, found, told = destroy(guarded, "--confirm", NAME, *words)
    assert (code, results(found)) == (0, [("20-platform", "destroyed"), ("10-foundation", "destroyed")]), (found, told)
    assert bucket not in guarded.bucket_names()
    assert guarded.get(guarded.state_key("20-platform"))
    code, found, _ = destroy(guarded)
    assert (code, {result for _, result in results(found)}) == (0, {"nothing to destroy"})


def fill_a_bucket(operator: World) -> str:
    """Puts an object into a bucket that is not that of the states; gives its name."""
    name = next(iter(sorted(operator.bucket_names() - {operator.bucket})))
    operator.put_into(name, "model.bin", b"weights")
    return name
