"""The operator's word: what it lets pass, what it cannot, and what happens when it allows nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from groundplan.allowances import allowances
from groundplan.check.allow import allowed_by, as_allowed, with_unused
from groundplan.check.report import CheckReport
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity

EMPTY = CheckReport("demo", (), (), (), None, (), 0.0)
EIGHT = "public-range:50.0.0.0/8"


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("public-ranges:50.0.0.0/8", "--allow has no class `public-ranges`"),
        ("50.0.0.0/8", "--allow has no class `50.0.0.0/8`"),
        ("public-range", "--allow public-range: `` is no range"),
        ("public-range:everyone", "--allow public-range: `everyone` is no range"),
        ("public-range:0.0.0.0/0", "--allow public-range: 0.0.0.0/0 is everyone, whom nobody can allow"),
        ("public-range:10.0.0.0/0", "--allow public-range: 0.0.0.0/0 is everyone, whom nobody can allow"),
        ("public-range:::/0", "--allow public-range: ::/0 is everyone, whom nobody can allow"),
    ],
)
def test_words_that_make_no_sense(word: str, message: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        allowances([EIGHT, word])
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.message) == ("GP204", message)


def test_an_unknown_class_is_answered_with_those_there_are() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        allowances(["public-ranges:50.0.0.0/8"])
    hint = caught.value.diagnostics[0].hint or ""
    assert hint.startswith("did you mean `public-range`? known: public-range, unknown-range")


@pytest.mark.parametrize(
    ("needs", "words", "allowed"),
    [
        ([EIGHT], [EIGHT], True),
        ([EIGHT], ["public-range:50.0.0.0/7"], True),
        ([EIGHT], ["public-range:50.0.0.0/9"], False),
        ([EIGHT], ["unknown-range:50.0.0.0/8"], False),
        ([EIGHT, "public-range:51.0.0.0/8"], [EIGHT], False),
        ([EIGHT, "public-range:51.0.0.0/8"], [EIGHT, "public-range:51.0.0.0/8"], True),
        (["public-range:2001::/31"], [EIGHT], False),
        (["unknown-range:aws_a.b"], ["unknown-range:aws_a.b"], True),
        (["unknown-range:aws_a.b[0]"], ["unknown-range:aws_a.b"], False),
        ([], [EIGHT], False),
    ],
)
def test_all_that_is_needed_must_be_allowed(needs: list[str], words: list[str], allowed: bool) -> None:
    assert bool(allowed_by(needs, allowances(words))) is allowed


def test_what_is_allowed_is_a_note_that_says_by_what() -> None:
    finding = Diagnostic("GP911", "50.0.0.0/8", hint="narrow it")
    note = as_allowed(finding, allowances([EIGHT]))
    assert note == replace(
        finding, message=f"50.0.0.0/8; allowed by --allow {EIGHT}", severity=Severity.NOTE, hint=None
    )


def test_a_word_that_allows_nothing_is_an_error_that_lists_what_there_is() -> None:
    there = replace(EMPTY, allowable=(EIGHT,))
    reports = with_unused([EMPTY, there], allowances(["public-range:51.0.0.0/8"]))
    (finding,) = reports[0].findings
    assert finding.diagnostic.message == "--allow public-range:51.0.0.0/8 allows nothing that is here"
    assert finding.diagnostic.hint == f"there is {EIGHT}"
    assert finding.diagnostic.severity is Severity.ERROR
    assert reports[1] == there


def test_a_word_that_one_folder_of_several_needs_is_used() -> None:
    used = replace(EMPTY, allowable=(EIGHT,), allowed=(EIGHT,))
    assert with_unused([EMPTY, used], allowances([EIGHT])) == [EMPTY, used]
