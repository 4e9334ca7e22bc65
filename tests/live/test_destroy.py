"""`groundplan destroy` on a cloud that remembers, with Terraform and states in buckets."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.failures import held_at
from tests.live.faults import Fault
from tests.live.world import NAME, World, render, world
from tests.services.processes import free_port

pytestmark = pytest.mark.slow
GROUNDPLAN = Path(sys.executable).with_name("groundplan")
gcp = pytest.mark.parametrize("operator", ["gcp"], indirect=True)
aws = pytest.mark.parametrize("operator", ["aws"], indirect=True)


def command(operator: World, *arguments: str) -> list[str]:
    """The words of a call."""
    options = ["--terraform-bin", str(operator.program), "--format", "json"]
    return [str(GROUNDPLAN), "destroy", str(operator.folder), *options, *arguments]


def destroy(operator: World, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and what was told on stderr."""
    ran = subprocess.run(
        command(operator, *arguments),
        check=False,
        env=operator.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=500,
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


@gcp
@pytest.mark.long
def test_what_controllers_made_goes_first_and_what_does_not_go_stops_it(operator: World) -> None:
    operator.apply()
    balancer = operator.cluster.add("Service", "default", "web", type="LoadBalancer")
    operator.cluster.add("Service", "default", "inner", type="ClusterIP")
    operator.cluster.add("PersistentVolumeClaim", "default", "data", stuck=True)
    code, found, _ = destroy(operator, "--root", "10-foundation", "--confirm", NAME)
    assert (code, [one["code"] for one in found["diagnostics"]]) == (1, ["GP942"])
    code, found, told = destroy(operator, "--dry-run")
    assert (code, [one["name"] for one in found["cluster"]["things"]]) == (6, ["web", "data"]), told
    assert operator.cluster.deleted == []
    code, found, told = destroy(operator, "--root", "20-platform", "--confirm", NAME, "--allow", "destroys-data")
    assert (code, results(found)) == (0, [("20-platform", "destroyed")]), told
    assert operator.cluster.deleted == [balancer], "volumes stay as long as the cluster does"
    assert all(operator.cluster.tokens), operator.cluster.tokens


@gcp
@pytest.mark.long
def test_where_the_cluster_is_gone_by_hand_the_rest_goes_all_the_same(operator: World) -> None:
    operator.apply()
    operator.cloud.store.lose("aws_eks_cluster" if operator.provider == "aws" else "google_container_cluster")
    words = missing(operator)
    code, found, told = destroy(operator, "--confirm", NAME, *words)
    assert (code, results(found)) == (0, [("20-platform", "destroyed"), ("10-foundation", "destroyed")]), (found, told)
    assert "GP743" in [one["code"] for one in found["diagnostics"]]


@gcp
@pytest.mark.long
def test_a_cluster_that_does_not_answer_stops_it_unless_it_is_left_out(operator: World) -> None:
    operator.apply()
    operator.cluster.url = f"https://127.0.0.1:{free_port()}"
    code, found, _ = destroy(operator, "--dry-run")
    assert (code, [one["code"] for one in found["diagnostics"]]) == (5, ["GP824"])
    allow = [part for kind in ("destroys-data", "cannot-be-undone") for part in ("--allow", kind)]
    code, found, told = destroy(operator, "--without-cluster", "--confirm", NAME, *allow)
    assert (code, results(found)) == (0, [("20-platform", "destroyed"), ("10-foundation", "destroyed")]), (found, told)
    assert operator.cluster.tokens == set()


@aws
def test_a_failure_in_the_middle_is_told_and_the_same_command_goes_on(operator: World) -> None:
    operator.apply()
    words = missing(operator)
    operator.cloud.store.lose("aws_internet_gateway")
    operator.cloud.fail(Fault("error", "delete", "aws_vpc", message="DependencyViolation"))
    code, found, told = destroy(operator, "--confirm", NAME, *words)
    assert (code, results(found)) == (1, [("20-platform", "destroyed"), ("10-foundation", "failed")]), told
    [root] = [one for one in found["roots"] if one["result"] == "failed"]
    assert any("aws_vpc." in one["address"] for one in root["unfinished"]), root
    assert found["next"] == f"groundplan destroy {operator.folder}"
    operator.cloud.fail()
    with held_at(operator, "aws_vpc", "delete") as wait:
        process = operator.start_words(command(operator, "--confirm", NAME, *words), cwd=operator.folder)
        wait()
        operator.send(process, signal.SIGINT)
        ran = operator.ended(process)
    assert (ran.code, "waiting for Terraform" in ran.output) == (130, True), ran.output
    code, found, told = destroy(operator, "--confirm", NAME, *words)
    assert (code, results(found)) == (0, [("20-platform", "nothing to destroy"), ("10-foundation", "destroyed")]), told


def missing(operator: World) -> list[str]:
    """The words that it takes."""
    _, found, told = destroy(operator, "--dry-run")
    assert "missing" in found, (found, told)
    return [part for word in found["missing"] for part in ("--allow", word)]


@aws
@pytest.mark.long
def test_the_root_with_the_states_goes_where_it_is_named_with_all_that_keeps_it(operator: World) -> None:
    operator.apply("00-state")
    operator.put("left.txt", b"an object")
    code, found, _ = destroy(operator)
    assert (code, {result for _, result in results(found)}) == (0, {"nothing to destroy"})
    code, found, told = destroy(operator, "--root", "00-state", "--confirm", NAME)
    assert (code, bool(found["missing"])) == (6, True), told
    words = [part for word in found["missing"] for part in ("--allow", word)]
    code, found, told = destroy(operator, "--root", "00-state", "--confirm", NAME, *words)
    assert (code, results(found)) == (0, [("00-state", "destroyed")]), (found["diagnostics"], told)
    assert (operator.cloud.store.count(), operator.bucket_names()) == (0, set())
    assert any(one["until"] for one in found["stays"]), "the key can be brought back for some days"
    assert "prevent_destroy = true" in (operator.folder / "modules/aws/state_store/bucket.tf").read_text("utf-8")
