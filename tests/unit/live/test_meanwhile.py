"""What is made in a thread while Terraform works."""

from __future__ import annotations

import threading

import pytest

from groundplan.app.live.meanwhile import Meanwhile, side_by_side
from groundplan.diagnostics import Diagnostic, DiagnosticsError


def test_it_is_made_once_and_in_a_thread_from_when_it_is_begun() -> None:
    began, made_in = threading.Event(), []

    def make() -> str:
        made_in.append(threading.current_thread())
        began.set()
        return "made"

    later = Meanwhile(make)
    assert not made_in
    later.begin()
    later.begin()
    assert began.wait(10)
    assert [later(), later()] == ["made", "made"]
    assert len(made_in) == 1
    assert made_in[0] is not threading.main_thread()


def test_what_keeps_it_from_being_made_is_raised_where_it_is_asked_for() -> None:
    def make() -> str:
        raise DiagnosticsError([Diagnostic("GP101", "no")])

    later = Meanwhile(make)
    later.begin()
    with pytest.raises(DiagnosticsError):
        later()


def test_two_are_asked_while_each_waits_for_the_other() -> None:
    both = threading.Barrier(2, timeout=10)
    assert sorted(side_by_side(both.wait, both.wait)) == [0, 1]
    assert side_by_side(lambda: 1, lambda: "two") == (1, "two")


def test_of_two_that_fail_the_first_is_told_when_both_have_ended() -> None:
    ended = threading.Event()

    def first() -> None:
        raise DiagnosticsError([Diagnostic("GP101", "first")])

    def second() -> None:
        ended.set()
        raise DiagnosticsError([Diagnostic("GP101", "second")])

    with pytest.raises(DiagnosticsError, match="first"):
        side_by_side(first, second)
    assert ended.is_set()
