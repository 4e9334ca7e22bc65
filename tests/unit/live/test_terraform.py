"""Live runs of a small root with the Terraform that groundplan brings, named as an operator may."""

from __future__ import annotations

import itertools
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.live import interrupts, running
from groundplan.live.events import SILENCE, Event
from groundplan.live.program import live_program
from groundplan.live.terraform import Live
from groundplan.live.trace import Origin

PROGRAM = str(Path(sys.executable).with_name("groundplan-terraform"))
ROOT = """
variable "password" {
  sensitive = true
}
resource "terraform_data" "one" {
  input = var.password
}
output "password" {
  value     = var.password
  sensitive = true
}
"""
SLOW = """
resource "terraform_data" "first" {}
resource "terraform_data" "slow" {
  depends_on = [terraform_data.first]
  provisioner "local-exec" {
    command = "trap '' INT TERM; echo begun; sleep 2"
  }
}
resource "terraform_data" "later" {
  depends_on = [terraform_data.slow]
}
"""
ORIGIN = Origin("states/root", "")


class Operator:
    """An environment folder with one root, and what was heard of its runs."""

    def __init__(self, top: Path, source: str) -> None:
        self.folder, self.out = top / "environment", top / "plan.tfplan"
        (self.folder / "root").mkdir(parents=True)
        (self.folder / "root" / "main.tf").write_text(source, encoding="utf-8")
        self.events: list[Event] = []
        self.environment = {
            **{"HOME": str(top), "PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": "/dev/null"},
            **{"TF_VAR_password": "swordfish-4711", "TF_CLI_ARGS_plan": "-destroy", "TF_WORKSPACE": "other"},
        }
        program = live_program(PROGRAM, self.environment)
        self.live = Live(program, self.folder, self.environment, top / "logs", self.hear)
        self.then: Callable[[Event], None] = lambda event: None

    def hear(self, event: Event) -> None:
        self.events.append(event)
        self.then(event)

    def planned(self) -> None:
        assert self.live.init("root").ok
        assert self.live.plan("root", self.out).ok

    def addresses(self) -> set[str]:
        state = self.live.state_pull("root") or {}
        return {resource["name"] for resource in state["resources"]}


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path, ROOT)


@pytest.fixture
def slow(tmp_path: Path) -> Operator:
    return Operator(tmp_path, SLOW)


def test_from_init_to_an_empty_plan(operator: Operator) -> None:
    live = operator.live
    assert live.init("root").ok
    assert sorted(path.name for path in (operator.folder / "root").iterdir()) == ["main.tf"]
    assert live.state_pull("root") is None
    planned = live.plan("root", operator.out)
    assert (planned.ok, planned.changes, planned.diagnostics) == (True, True, ())
    assert stat.S_IMODE(operator.out.stat().st_mode) == 0o600
    plan = live.show("root", operator.out)
    assert [change["address"] for change in plan["resource_changes"]] == ["terraform_data.one"]
    assert live.apply("root", operator.out, ORIGIN).ok
    assert stat.S_IMODE((operator.folder / "root" / "terraform.tfstate").stat().st_mode) == 0o600
    assert operator.addresses() == {"one"}
    assert live.output("root")["password"]["value"] == "swordfish-4711"
    assert live.plan("root", operator.out).changes is False
    assert live.plan("root", operator.out, destroy=True).changes is True
    assert live.plan("root", operator.out, refresh_only=True).changes is False
    kinds = {event.kind for event in operator.events}
    assert {"planned_change", "apply_start", "apply_complete", "change_summary"} <= kinds


def test_the_end_of_a_run_is_looked_for_where_the_system_does_not_tell_it(
    operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_pid: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "pidfd_open", forbidden)
    assert operator.live.init("root").ok
    assert operator.live.plan("root", operator.out).changes is True


def test_nothing_secret_is_logged_or_told(operator: Operator) -> None:
    source = operator.folder / "root" / "main.tf"
    broken = """
resource "terraform_data" "two" {
  lifecycle {
    precondition {
      condition     = nonsensitive(var.password) == "other"
      error_message = "not with ${nonsensitive(var.password)}"
    }
  }
}
"""
    source.write_text(source.read_text(encoding="utf-8") + broken, encoding="utf-8")
    assert operator.live.init("root").ok
    result = operator.live.plan("root", operator.out)
    assert not result.ok
    assert [each.code for each in result.diagnostics] == ["GP922"]
    assert "not with ********" in result.diagnostics[0].message
    assert result.log is not None
    assert stat.S_IMODE(result.log.stat().st_mode) == 0o600
    assert "not with ********" in result.log.read_text(encoding="utf-8")
    everything = "".join(path.read_text(encoding="utf-8") for path in result.log.parent.iterdir())
    assert "swordfish" not in everything + repr(operator.events)


def test_a_run_that_tells_nothing_for_long_is_told_to_run(operator: Operator) -> None:
    operator.live.clock = itertools.count(0.0, 40.0).__next__
    assert operator.live.init("root").ok
    told = [event for event in operator.events if event.kind == SILENCE]
    assert {event.text for event in told} >= {"terraform init still runs and has told nothing for 40 s"}


def test_a_state_is_written_and_one_of_another_lineage_is_not(operator: Operator, tmp_path: Path) -> None:
    operator.planned()
    assert operator.live.apply("root", operator.out, ORIGIN).ok
    state = operator.live.state_pull("root")
    assert state is not None
    file = tmp_path / "state.json"
    file.write_text(json.dumps({**state, "serial": state["serial"] + 1}), encoding="utf-8")
    assert operator.live.state_push("root", file).ok
    file.write_text(json.dumps({**state, "serial": state["serial"] + 2, "lineage": "another"}), encoding="utf-8")
    refused = operator.live.state_push("root", file)
    assert [each.code for each in refused.diagnostics] == ["GP926"]
    assert "lineage" in refused.diagnostics[0].message


def test_what_is_no_plan_is_one_line(operator: Operator, tmp_path: Path) -> None:
    assert operator.live.init("root").ok
    (tmp_path / "no.tfplan").write_text("no", encoding="utf-8")
    with pytest.raises(DiagnosticsError, match="GP925: root: terraform show: ") as raised:
        operator.live.show("root", tmp_path / "no.tfplan")
    assert "\n" not in raised.value.diagnostics[0].message


def test_a_lock_that_is_not_held_cannot_be_removed(operator: Operator) -> None:
    operator.planned()
    assert [each.code for each in operator.live.force_unlock("root", "-force").diagnostics] == ["GP926"]


def test_a_log_that_cannot_be_written_stops_before_anything(operator: Operator) -> None:
    operator.live.logs.write_text("a file", encoding="utf-8")
    with pytest.raises(DiagnosticsError, match="GP403"):
        operator.live.init("root")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Ctrl-C as in a terminal: what runs in the background of a script ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_lets_terraform_end(slow: Operator, number: signal.Signals) -> None:
    slow.planned()
    slow.then = lambda event: os.kill(os.getpid(), number) if event.kind == "provision_start" else None
    result = slow.live.apply("root", slow.out, ORIGIN)
    assert (result.ok, result.interrupted) == (False, True)
    assert "GP924" in {each.code for each in result.diagnostics}
    assert "waiting for Terraform" in next(event.text for event in slow.events if event.kind == "signal")
    assert "first" in slow.addresses()
    assert "later" not in slow.addresses()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    slow.then = lambda event: None
    assert slow.live.plan("root", slow.out).ok  # its lock was given back


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_a_signal_that_all_of_a_job_gets_interrupts_terraform_once(slow: Operator) -> None:
    """As from `docker stop`, systemd or a runner: groundplan has nothing to pass on to who has it already."""

    def ended(event: Event) -> None:
        if event.kind == "provision_start":
            for process in slow.live.interrupts._running:
                process.send_signal(signal.SIGTERM)
            os.kill(os.getpid(), signal.SIGTERM)

    slow.planned()
    slow.then = ended
    result = slow.live.apply("root", slow.out, ORIGIN)
    assert (result.ok, result.interrupted, slow.addresses() & {"first", "slow"}) == (False, True, {"first", "slow"})
    assert not any("wo interrupts" in event.text for event in slow.events)


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_each_further_signal_says_what_it_means(slow: Operator) -> None:
    slow.planned()
    left = ["provision_progress", "signal"]

    def insist(event: Event) -> None:
        if left and event.kind == left[0]:
            del left[0]
            os.kill(os.getpid(), signal.SIGINT)

    slow.then = insist
    result = slow.live.apply("root", slow.out, ORIGIN)
    told = [event.text for event in slow.events if event.kind == "signal"]
    assert result.interrupted and not result.ok
    assert "errored.tfstate" in told[1]


@pytest.mark.slow
def test_who_does_not_listen_any_more_leaves_no_terraform_behind(slow: Operator) -> None:
    def gone(event: Event) -> None:
        if event.kind == "provision_start":
            raise BrokenPipeError

    slow.planned()
    slow.then = gone
    with pytest.raises(BrokenPipeError):
        slow.live.apply("root", slow.out, ORIGIN)
    assert "first" in slow.addresses()
    slow.then = lambda event: None
    assert slow.live.plan("root", slow.out).ok


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_a_terminal_that_is_closed_interrupts_once(slow: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second interrupt makes Terraform give up what it is making."""
    more: list[int] = []

    def interrupt(process: subprocess.Popen[bytes], count: int) -> None:
        more.append(count)
        interrupts.interrupt(process, count)

    monkeypatch.setattr(running, "interrupt", interrupt)

    left = ["provision_progress"]

    def closed(event: Event) -> None:
        if event.kind in left:
            left.clear()  # lines of a slow machine come together, and a second signal is somebody who insists
            os.kill(os.getpid(), signal.SIGHUP)
        if event.kind == "signal":
            raise BrokenPipeError

    slow.planned()
    slow.then = closed
    before = signal.signal(signal.SIGHUP, signal.default_int_handler)
    with pytest.raises(BrokenPipeError):
        slow.live.apply("root", slow.out, ORIGIN)
    signal.signal(signal.SIGHUP, before)
    assert (more, "first" in slow.addresses()) == ([1], True)


def test_one_init_at_a_time(operator: Operator) -> None:
    from groundplan.live import plugins

    cache = operator.folder.parent / ".cache" / "groundplan" / "plugins"
    results = []
    with plugins.locked(cache, operator.live.interrupts, print):
        thread = threading.Thread(target=lambda: results.append(operator.live.init("root").ok))
        thread.start()
        thread.join(1)
        assert not operator.events
    thread.join()
    assert results == [True]


def test_what_holds_the_cache_of_providers_is_told_and_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from groundplan.live import plugins
    from groundplan.live.interrupts import Interrupts

    monkeypatch.setattr(plugins, "TELLING_LOOK", 1)
    monkeypatch.setattr(plugins, "LAST_LOOK", 3)
    told: list[str] = []
    with (
        plugins.locked(tmp_path, Interrupts(), told.append),
        pytest.raises(DiagnosticsError, match="GP818: another `init` holds the cache of providers"),
        plugins.locked(tmp_path, Interrupts(), told.append),
    ):
        pass
    assert [str(tmp_path / plugins.NAME) in line for line in told] == [True]
