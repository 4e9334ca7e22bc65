"""What is shown while an apply works: on a terminal, and in a log."""

from __future__ import annotations

import io

import pytest

from groundplan.live.events import SIGNAL, SILENCE, Event
from groundplan.live.interrupts import WORDS
from groundplan.live.silence import LONG_SECONDS, Silence
from groundplan.views.console import Console
from groundplan.views.live.progress import Board, display, happened


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def event(kind: str, address: str, action: str = "create", seconds: float | None = None) -> Event:
    return Event("10-foundation", kind, address, action, seconds)


def console(err: io.StringIO) -> Console:
    return Console(io.StringIO(), err, color_out=False, color_err=False)


def test_a_log_has_a_line_for_each_thing_with_how_far_it_is() -> None:
    err = io.StringIO()
    shown = display(console(err), {}, Clock())
    with shown.root("10-foundation", 2):
        for one in (
            event("apply_start", "a.one"),
            event("apply_start", "data.a.x", "read"),
            event("apply_progress", "a.one", seconds=50),
            event("apply_progress", "a.one", seconds=60),
            event("apply_progress", "a.one", seconds=70),
            event("apply_complete", "a.one", seconds=131),
            event("apply_errored", "a.two", "update", 1),
        ):
            shown(one)
    assert err.getvalue().splitlines() == [
        "10-foundation 0/2: create a.one: begins",
        "10-foundation 0/2: create a.one: 1 min 0 s so far",
        "10-foundation 1/2: create a.one: done after 2 min 11 s",
        "10-foundation 1/2: update a.two: failed after 1 s",
    ]


@pytest.mark.parametrize("environment", [{"CI": "true"}, {"TERM": "dumb"}])
def test_a_pipeline_has_a_log_even_on_a_terminal(environment: dict[str, str]) -> None:
    err = Terminal()
    shown = display(console(err), environment, Clock())
    with shown.root("10-foundation", 1):
        shown(event("apply_start", "a.one"))
    assert err.getvalue() == "10-foundation 0/1: create a.one: begins\n"


def test_the_slowest_stand_first_with_their_seconds() -> None:
    clock = Clock()
    board = Board("10-foundation", 31, clock)
    for seconds, address in enumerate(("a.one", "a.two", "a.three", "a.four", "a.five", "a.six")):
        clock.now = float(seconds)
        board.hear(event("apply_start", address))
    clock.now = 130.0
    board.hear(event("apply_complete", "a.two"))
    assert board.lines() == [
        "10-foundation  [--------------------] 1/31  2 min 10 s",
        "  create a.one  2 min 10 s",
        "  create a.three  2 min 8 s",
        "  create a.four  2 min 7 s",
        "  create a.five  2 min 6 s",
        "  and 1 more",
    ]


def test_what_a_terminal_keeps_is_what_a_log_has() -> None:
    err = Terminal()
    shown = display(console(err), {}, Clock())
    long = 'module.a["' + "x" * 300 + '"].b.c'
    with shown.root("10-foundation", 3):
        shown(event("apply_start", long))
        shown(event("apply_complete", long, seconds=4))
        shown(Event("10-foundation", SIGNAL, text=WORDS[1]))
        shown(event("apply_start", "a.two[bold]\x1b[31m"))
        shown(event("apply_complete", "a.two[bold]\x1b[31m"))
    lines = err.getvalue().replace("\r", "").split("\n")
    assert any(line.endswith(f"10-foundation 1/3: create {long}: done after 4 s") for line in lines), "in one line"
    assert any(WORDS[1] in line for line in lines), "readable in the middle of it"
    assert "a.two[bold]" in err.getvalue() and "\x1b[31m" not in err.getvalue()


def test_a_terminal_that_is_gone_ends_nothing() -> None:
    refused: list[str] = []

    class Gone(Terminal):
        def write(self, text: str) -> int:
            refused.append(text)
            raise OSError(5, "gone")

    shown = display(console(Gone()), {}, Clock())
    with shown.root("10-foundation", 1):
        shown(event("apply_start", "a.one"))
        shown(event("apply_complete", "a.one"))
    assert refused


def test_what_is_read_is_no_news() -> None:
    assert happened(event("apply_start", "data.a.one", "read")) == ""
    assert happened(Event("10-foundation", "version")) == ""


def test_a_silence_is_news_once_until_something_is_told() -> None:
    clock = Clock()
    silence = Silence(clock)
    clock.now = LONG_SECONDS - 1
    assert silence.news() is None
    clock.now = LONG_SECONDS
    assert [silence.news(), silence.news()] == [LONG_SECONDS, None]
    silence.broken()
    clock.now = 3 * LONG_SECONDS
    assert [silence.news(), silence.news()] == [2 * LONG_SECONDS, None]


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_what_terraform_is_still_at_while_it_is_silent(stream: type[io.StringIO]) -> None:
    err, clock = stream(), Clock()
    shown = display(console(err), {}, clock)
    silence = Event("10-foundation", SILENCE, seconds=30.0)
    with shown.root("10-foundation", 2):
        shown(event("apply_start", "a.one"))
        clock.now = 5.0
        shown(event("apply_start", "a.two"))
        clock.now = 95.0
        shown(silence)
        shown(event("apply_complete", "a.one", seconds=95))
        shown(event("apply_complete", "a.two", seconds=95))
        shown(silence)
    told = "10-foundation: Terraform still runs and has told nothing for 30 s: "
    assert told + "it has begun to create a.one 1 min 35 s ago" in err.getvalue()
    assert told + "nothing is being made, so it may be waiting for its state" in err.getvalue()
