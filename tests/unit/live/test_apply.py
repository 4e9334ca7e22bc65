"""What an apply asks, and what it tells of a root that failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.app.live.apply import Applied
from groundplan.app.live.outcomes import Outcome, Question, Recorder, Result
from groundplan.app.live.plan import EnvironmentPlan
from groundplan.change.model import Change, Counts, Entry, Kind, Side
from groundplan.diagnostics import Diagnostic
from groundplan.live.events import Event
from groundplan.views.live import apply as view
from groundplan.views.live import plan as plan_view

SIDE = Side("out", "0.1.0")


def question(*entries: Entry) -> Question:
    return Question("demo", ["10-foundation"], Change(SIDE, SIDE, entries, Counts()))


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (Entry(Kind.INTERRUPTS, "cluster demo is updated"), "yes"),
        (Entry(Kind.OPENS, "bucket demo is public"), "yes"),
        (Entry(Kind.REPLACES, "node group a is replaced"), "demo"),
        (Entry(Kind.CANNOT_BE_UNDONE, "key demo is destroyed"), "demo"),
        (Entry(Kind.DESTROYS_DATA, "database demo is destroyed"), "demo"),
        (Entry(Kind.UNKNOWN, "thing x is destroyed", gone=True), "demo"),
        (Entry(Kind.INTERRUPTS, "route x is destroyed", gone=True), "demo"),
    ],
)
def test_the_environments_name_is_asked_for_where_something_is_lost_or_replaced(entry: Entry, word: str) -> None:
    assert view.word(question(entry)) == word
    assert view.prompt(question(entry)).endswith(f"type {word} to apply 10-foundation")


def test_what_failed_is_told_apart_from_what_is_there() -> None:
    told: list[Event] = []
    recorder = Recorder(told.append)
    for kind, address in [
        ("apply_start", "a.one"),
        ("apply_start", "a.two"),
        ("apply_complete", "a.one"),
        ("apply_start", "a.three"),
        ("apply_errored", "a.two"),
    ]:
        recorder(Event("00-state", kind, address, "create"))
    assert len(told) == 5
    outcome = Outcome(
        "00-state",
        Result.FAILED,
        recorder.done,
        [*recorder.unfinished.values()],
        errored_state=Path("out/00-state/errored.tfstate"),
        version="v7",
    )
    text = view.text(Applied("demo", Path("my out"), [outcome, Outcome("10-foundation", Result.NOT_REACHED)]))
    assert "done, and still there: a.one\n" in text
    assert "begun and not finished: a.two, a.three\n" in text
    assert "kept in out/00-state/errored.tfstate: " in text
    assert "version v7" in text
    assert "  groundplan state restore 'my out' --root 00-state --version v7\n" in text
    assert text.endswith("10-foundation  not reached\n\nnext: groundplan apply 'my out' --resume\n")
    again = Applied("demo", Path("out"), [Outcome("00-state", Result.DECLINED)], again=("--root", "00-state"))
    assert view.text(again).endswith("next: groundplan apply out --root 00-state\n")
    nothing = view.text(Applied("demo", Path("out"), [Outcome("00-state", Result.FAILED, version="v7")]))
    assert "restore" not in nothing, "going back would undo what somebody else has done"
    declined = view.text(Applied("demo", Path("out"), [Outcome("00-state", Result.DECLINED)]))
    assert "waits for your approval: --yes where nothing is lost or replaced, else --confirm demo\n" in declined
    recorder.clear()
    assert not recorder.done
    assert not recorder.unfinished


def test_what_waits_for_a_word_says_which() -> None:
    replaced = Entry(Kind.REPLACES, "node group a is replaced", address="module.a.x_y.z", path="serving.pools.a")
    passed = Entry(Kind.DESTROYS_DATA, "bucket b is destroyed", allowed_by="--allow destroys-data")
    for entries, lines in (
        ((replaced, passed), ["needs your word: --confirm demo, or --yes with", "  --allow replaces:module.a.x_y.z"]),
        ((passed,), ["waits for your approval: --yes"]),
    ):
        outcome = Outcome("10-foundation", Result.DECLINED, asked=question(*entries))
        told = view.text(Applied("demo", Path("out"), [outcome])).splitlines()
        assert [line.removeprefix(" " * 15) for line in told[1:-2]] == lines


def test_what_is_looked_up_is_no_resource_that_is_applied() -> None:
    recorder = Recorder(lambda _event: None)
    for address, action in (("a.one", "create"), ("data.a.two", "read")):
        recorder(Event("00-state", "apply_start", address, action))
        recorder(Event("00-state", "apply_complete", address, action))
    assert [one.address for one in recorder.done] == ["a.one"]
    assert not recorder.unfinished


class TestNext:
    """The command that is told can be typed as it is."""

    def asked(self, allowed_by: str = "") -> Applied:
        asked = question(Entry(Kind.REPLACES, "node pool a is replaced", allowed_by=allowed_by))
        return Applied("demo", Path("out"), [Outcome("10-foundation", Result.DECLINED, asked=asked)])

    def test_with_the_word_that_is_enough_where_nobody_can_be_asked(self) -> None:
        mild = self.asked("--allow replaces")
        assert view.text(mild, asks=False).endswith("next: groundplan apply out --yes\n")
        assert view.text(mild, asks=True).endswith("next: groundplan apply out\n")
        assert view.text(self.asked(), asks=False).endswith("next: groundplan apply out\n")

    def test_a_root_that_waits_is_not_asked_for_alone(self) -> None:
        waits = Outcome("10-foundation", Result.FAILED, diagnostics=[Diagnostic("GP941", "after")])
        text = view.text(Applied("demo", Path("out"), [waits], again=("--root", "10-foundation")))
        assert text.endswith("next: groundplan apply out\n")

    def test_what_is_replaced_is_not_said_to_need_no_word(self) -> None:
        [declined] = self.asked().outcomes
        assert declined.asked
        planned = EnvironmentPlan("demo", "1", "ada", (), declined.asked.change)
        told = plan_view.markdown(planned)
        assert "what is lost or replaced takes the name of the environment" in told
        assert "no change needs your word" not in told
        assert "no change needs your word" not in view.question(declined.asked, color=False)
