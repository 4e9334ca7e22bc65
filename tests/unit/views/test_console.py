"""How far work is: a bar on a terminal, and nothing but one line at the end elsewhere."""

from __future__ import annotations

import errno
import io
import os
import sys

import pytest

from groundplan.views.console import Console, bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO) -> str:
    console = Console(io.StringIO(), stream, color_out=False, color_err=False)
    with console.counted("asking AWS", 4) as told:
        for title in ("machines in us-east-1", "spot\x1b[31m prices\nFORGED", "x" * 200):
            told(title)
    return stream.getvalue()


def test_a_bar_on_a_terminal() -> None:
    text = shown(Terminal())
    assert "asking AWS [#####---------------] 1/4 machines in us-east-1" in text
    assert "[###############-----] 3/4" in text
    assert text.endswith("\r\x1b[K"), "the line is gone when the work is done"
    assert "\n" not in text
    assert "\x1b[31m" not in text
    assert max(map(len, text.split("\r"))) < 100


def test_nothing_elsewhere_of_work_that_is_short() -> None:
    assert shown(io.StringIO()) == ""


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [(0, 0, f"[{'-' * 20}] 0/0"), (3, 3, f"[{'#' * 20}] 3/3"), (1, 3, f"[{'#' * 6}{'-' * 14}] 1/3")],
)
def test_bars(done: int, total: int, text: str) -> None:
    assert bar(done, total) == text


class Gone(io.StringIO):
    """A terminal that was closed, as the system tells it."""

    tried = 0

    def write(self, _text: str) -> int:
        self.tried += 1
        raise OSError(errno.EIO, "Input/output error")


def test_a_terminal_that_is_gone_ends_nothing() -> None:
    console = Console(io.StringIO(), gone := Gone(), color_out=False, color_err=False)
    console.note("done")
    console.told("more")
    assert gone.tried == 2


class Pipe(io.StringIO):
    def fileno(self) -> int:
        return 1


class Sized(Terminal):
    def fileno(self) -> int:
        return 1


@pytest.mark.parametrize(
    ("stream", "columns", "width"),
    [(Sized(), 90, 90), (Sized(), 20, 60), (Sized(), 0, 120), (Pipe(), 90, 120), (Terminal(), 90, 120)],
)
def test_views_are_as_wide_as_the_terminal_and_120_columns_elsewhere(
    stream: io.StringIO, columns: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also of one that has no descriptor."""
    monkeypatch.setattr("os.get_terminal_size", lambda _descriptor: os.terminal_size((columns, 40)))
    monkeypatch.setattr(sys, "stderr", Pipe())
    monkeypatch.setattr(sys, "stdout", stream)
    console = Console.of_process({})
    assert (console.width_out, console.width_err) == (width, 120)
