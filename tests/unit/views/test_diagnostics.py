"""How findings look: exact text, safe for a terminal, the same every time."""

from __future__ import annotations

import json

from groundplan.diagnostics import Diagnostic, Place, Severity, Snippet
from groundplan.views.diagnostics import render_diagnostics, summary, to_json

PLACE = Place("spec.yaml", 12, 7)
FULL = Diagnostic(
    "GP201",
    "unknown key `gpuu`",
    hint="did you mean `gpu`?\nallowed here: gpu, vcpus",
    place=PLACE,
    snippet=Snippet("      gpuu: 1", 4),
    path="training.pools.main.gpuu",
)


def test_text() -> None:
    warning = Diagnostic("GP704", "price book is 200 days old", Severity.WARNING)
    assert render_diagnostics([FULL, warning], color=False) == (
        "spec.yaml:12:7: error[GP201]: unknown key `gpuu`\n"
        "  12 |       gpuu: 1\n"
        "     |       ^^^^\n"
        "     = did you mean `gpu`?\n"
        "     = allowed here: gpu, vcpus\n"
        "\n"
        "warning[GP704]: price book is 200 days old\n"
        "\n"
        "1 error, 1 warning\n"
    )


def test_nothing_to_say() -> None:
    assert render_diagnostics([], color=True) == ""


def test_summary_counts_by_severity() -> None:
    note = Diagnostic("GP704", "x", Severity.NOTE)
    assert summary([FULL, note, FULL, FULL, note]) == "3 errors, 2 notes"


def test_color_adds_only_escapes() -> None:
    colored = render_diagnostics([FULL], color=True)
    assert "\x1b[1;31m" in colored
    for escape in ("\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"):
        colored = colored.replace(escape, "")
    assert colored == render_diagnostics([FULL], color=False)


def test_caret_stands_under_wide_and_tabbed_text() -> None:
    for text, column, before in (("開発: x", 5, 6), ("\ta: x", 5, 4), ("e\u0301: x", 5, 3)):
        found = Diagnostic("GP204", "m", place=Place("f", 1, column), snippet=Snippet(text, 1))
        caret = render_diagnostics([found], color=False).splitlines()[2]
        assert caret == "     | " + " " * before + "^"


def test_long_lines_are_cut_around_the_caret() -> None:
    found = Diagnostic("GP204", "m", place=Place("f", 1, 501), snippet=Snippet("x" * 500 + "HERE" + "y" * 100_000, 4))
    line, caret = render_diagnostics([found], color=False).splitlines()[1:3]
    assert len(line) < 130
    assert line[caret.index("^") : caret.rindex("^") + 1] == "HERE"


def test_terminal_escapes_are_not_passed_on() -> None:
    found = Diagnostic(
        "GP204", "a\x1b[2Jb\nc", hint="\x07", place=Place("f\x1b", 1, 1), snippet=Snippet("\x1b[31m\x9b", 1)
    )
    text = render_diagnostics([found], color=False)
    assert not {"\x1b", "\x07", "\x9b"} & set(text)
    assert "\\nc" in text


def test_json() -> None:
    value = to_json(FULL)
    assert json.loads(json.dumps(value)) == {
        "code": "GP201",
        "severity": "error",
        "message": "unknown key `gpuu`",
        "hint": "did you mean `gpu`?\nallowed here: gpu, vcpus",
        "place": {"file": "spec.yaml", "line": 12, "column": 7},
        "address": None,
        "path": "training.pools.main.gpuu",
    }
    assert to_json(Diagnostic("GP801", "m"))["place"] is None
