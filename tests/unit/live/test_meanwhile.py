"""What is made in a thread while Terraform works."""

from __future__ import annotations

import threading

import pytest

from groundplan.app.live.meanwhile import Meanwhile
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
