"""What Terraform does when something goes wrong, so that the live commands are tested against what it really does."""

from __future__ import annotations

import json
import signal

import pytest

from tests.live.failures import full_disk, held_at, lock_held
from tests.live.faults import Fault
from tests.live.world import World, programs

APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
on_aws = pytest.mark.parametrize("operator", ["aws"], indirect=True)


@pytest.fixture
def state_root(operator: World) -> World:
    """An operator who has initialised `00-state`, whose state is a file."""
    operator.good("00-state", "init", "-input=false")
    return operator


@on_aws
def test_what_was_made_before_an_error_stays_and_is_not_made_again(state_root: World) -> None:
    state_root.cloud.fail(Fault("error", "create", "aws_s3_bucket_policy", message="AccessDenied: no"))
    ran = state_root.run("00-state", *APPLY)
    assert (ran.code, "AccessDenied: no" in ran.output) == (1, True)
    made = {one.key for one in state_root.cloud.store.objects("aws_s3_bucket")}
    state_root.cloud.fail()
    state_root.good("00-state", *APPLY)
    assert {one.key for one in state_root.cloud.store.objects("aws_s3_bucket")} == made
    assert state_root.plan_code("00-state") == 0


@on_aws
def test_a_provider_that_crashes_is_an_error_and_the_next_apply_ends_well(state_root: World) -> None:
    state_root.cloud.fail(Fault("crash", "create", "aws_s3_bucket_versioning"))
    ran = state_root.run("00-state", *APPLY)
    assert (ran.code, "Plugin did not respond" in ran.output) == (1, True), ran.output
    state_root.cloud.fail()
    state_root.cloud.start()
    state_root.good("00-state", *APPLY)
    assert state_root.plan_code("00-state") == 0


@on_aws
def test_drift_is_seen_and_mended(state_root: World) -> None:
    state_root.good("00-state", *APPLY)
    store = state_root.cloud.store
    key = store.objects("aws_kms_key")[0]
    store.edit("aws_kms_key", {"arn": key.values["arn"]}, enable_key_rotation=False)
    assert state_root.plan_code("00-state", "-refresh-only") == 2
    assert state_root.plan_code("00-state") == 2
    state_root.good("00-state", *APPLY)
    assert store.get("aws_kms_key", key.key)["enable_key_rotation"] is True
    store.lose("aws_kms_alias")
    state_root.good("00-state", *APPLY)
    assert (store.count("aws_kms_alias"), state_root.plan_code("00-state")) == (1, 0)


@on_aws
def test_an_interrupt_lets_the_provider_stop_and_keeps_the_state(state_root: World) -> None:
    with held_at(state_root, "aws_kms_alias") as wait:
        process = state_root.start("00-state", *APPLY)
        wait()
        state_root.send(process, signal.SIGINT)
        ran = state_root.ended(process)
    assert (ran.code, "Interrupt received" in ran.output) == (1, True), ran.output
    assert json.loads((state_root.folder / "00-state" / "terraform.tfstate").read_text("utf-8"))["resources"]


@on_aws
def test_a_full_disk_is_an_error(state_root: World) -> None:
    ran = state_root.run("00-state", "plan", "-input=false", "-no-color", "-out=saved.tfplan", **full_disk())
    assert (ran.code, "file too large" in ran.output) == (1, True), ran.output
    assert state_root.cloud.store.count() == 0


def test_a_lock_that_somebody_holds_stops_a_run_before_anything_changes(operator: World) -> None:
    operator.make_bucket()
    operator.good("10-foundation", "init", "-input=false")
    with lock_held(operator, "10-foundation") as lock:
        ran = operator.run("10-foundation", *APPLY)
    assert (ran.code, lock["Who"] in ran.output, operator.cloud.store.count()) == (1, True, 0), ran.output


@on_aws
@pytest.mark.parametrize("name", ["terraform", "tofu"])
def test_programs_on_the_path_do_the_same(operator: World, name: str) -> None:
    if name not in programs():
        pytest.skip(f"there is no `{name}` on PATH")
    operator.program = programs()[name]
    operator.apply("00-state", "10-foundation")
    assert operator.plan_code("10-foundation") == 0


@pytest.mark.slow
@pytest.mark.parametrize("operator", ["gcp"], indirect=True)
@pytest.mark.long
def test_a_state_of_more_than_16_mib_is_written_in_parts(operator: World) -> None:
    operator.make_bucket()
    root, mib = "10-foundation", 1024 * 1024
    operator.good(root, "init", "-input=false")
    outputs = {"large": {"value": "x" * (17 * mib), "type": "string"}}
    state = {"version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "one", "outputs": outputs}
    file = operator.home / "large.tfstate"
    file.write_text(json.dumps({**state, "resources": []}), encoding="utf-8")
    operator.good(root, "state", "push", "-force", str(file))
    data = operator.get(operator.state_key(root))
    assert data and len(data) > 16 * mib
    assert json.loads(data)["outputs"] == outputs
    assert operator.storage and len(operator.storage.uploads) == 1
