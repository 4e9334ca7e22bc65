"""A change as text, JSON, Markdown and HTML, from changes made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.allowances import allowances
from groundplan.change.allowed import allowed
from groundplan.change.model import Change, Counts, Entry, Kind, Side
from groundplan.views import change as view
from groundplan.views.change import content
from groundplan.views.change.html import page
from groundplan.views.change.markdown import MOST_CHARACTERS
from groundplan.views.change.text import FEW, SCREEN
from tests.conftest import Golden
from tests.unit.change.samples import BUCKET, DATABASE, ENTRIES, large, quiet, sample, upgraded
from tests.unit.change.test_allowed import TODAY

GOLDEN = Path(__file__).parent / "golden"
FORMATS = {
    "txt": lambda change: view.text(change, color=False),
    "short.txt": lambda change: view.short(change, color=False),
    "md": view.markdown,
    "json": lambda change: json.dumps(view.as_json(change), indent=2) + "\n",
    "html": page,
}
CHANGES = {"every-class": sample(), "nothing": quiet(), "upgrade": upgraded(), "large": large()}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", ["every-class", "nothing", "upgrade"])
def test_formats(name: str, suffix: str, golden: Golden) -> None:
    golden(GOLDEN / f"change-{name}.{suffix}", FORMATS[suffix](CHANGES[name]))


def test_more_than_anybody_reads_is_counted(golden: Golden) -> None:
    golden(GOLDEN / "change-large.txt", view.text(large(), color=False))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_one_screen(change: Change) -> None:
    for make, most in ((view.text, SCREEN), (view.short, FEW + 8)):
        lines = make(change, color=False).splitlines()
        assert len(lines) <= most
        assert all(line == line.rstrip() for line in lines)


@pytest.mark.parametrize("kind", Kind)
def test_each_class_has_a_line_whatever_else_there_is(kind: Kind) -> None:
    assert kind in content.TITLES
    assert any(line.startswith(content.TITLES[kind]) for line in view.short(large(), color=False).splitlines())


def test_the_worst_stand_first_and_what_is_stopped_is_told_in_full() -> None:
    lines = view.text(sample(), color=False)
    order = [lines.index(f"  {entry.what}  ") for entry in ENTRIES if entry.kind is not Kind.UNKNOWN]
    assert order == sorted(order)
    for entry in (BUCKET, DATABASE):
        for _, words in content.details(entry):
            assert words in " ".join(lines.split())


def test_what_is_allowed_says_by_what_and_needs_no_word() -> None:
    change = allowed(sample(), allowances(["destroys-data"]), (), TODAY)
    text = view.text(change, color=False)
    assert text.splitlines()[-1] == "no change needs your word; 2 allowed"
    assert "allowed by --allow destroys-data" in text
    data = view.as_json(change)
    assert data["needs_word"] == []
    assert [entry["allowed_by"] for entry in data["entries"][:3]] == ["--allow destroys-data"] * 2 + [None]


def test_a_word_is_written_as_a_shell_takes_it() -> None:
    hostile = replace(BUCKET, edits=(), path="", address='module.a.aws_s3_bucket.this["$(reboot)"]')
    assert content.words(sample(hostile)) == ["""--allow 'destroys-data:module.a.aws_s3_bucket.this["$(reboot)"]'"""]


@pytest.mark.parametrize("name", ["&<>" * 500, "*_[]|~#$@`" * 200, "x" * 5_000, "``` " * 900])
def test_a_comment_is_no_longer_than_a_forge_takes(name: str) -> None:
    entries = [replace(entry, what=name, reason=name, avoid=name, forced_by=(name,) * 9) for entry in ENTRIES]
    comment = view.markdown(sample(*(entry for entry in entries for _ in range(200))))
    assert len(comment) < MOST_CHARACTERS + 200 <= 65_536
    assert len(view.markdown(large())) < MOST_CHARACTERS


def test_colors_are_those_of_a_terminal_alone() -> None:
    assert "\x1b[1;31mdestroys data" in view.text(sample(), color=True)
    assert "\x1b" not in view.text(sample(), color=False)


def test_the_page_has_every_entry_and_asks_for_nothing() -> None:
    made = page(large())
    assert made.count("<details") == len(large().entries)
    assert "<script" not in made
    assert 'content="default-src &#39;none&#39;; style-src &#39;sha256-' in made.replace("'", "&#39;")


def test_an_entry_with_nothing_but_words_is_shown() -> None:
    bare = Entry(Kind.UNKNOWN, "something")
    for make in FORMATS.values():
        assert "something" in make(sample(bare))


@pytest.mark.parametrize("make", [view.text, view.short])
def test_what_makes_the_apply_fail_is_shown_whatever_is_cut(make: Callable[..., str]) -> None:
    change = large()
    last = replace(change.entries[-1], stops=("its deletion protection refuses it",))
    shown = make(replace(change, entries=(*change.entries[:-1], last)), color=False)
    assert "its deletion protection refuses it" in " ".join(shown.split())
    assert len(shown.splitlines()) <= SCREEN


def test_an_environment_without_a_release_is_named_alone() -> None:
    assert content.between(replace(sample(), before=Side("main", ""))) == "main to demo (groundplan 0.2.0)"


def test_counts_of_resources_say_that_parts_are_among_them() -> None:
    assert content.resources(sample()).startswith("resources with their parts: 3 created")
    assert not content.resources(replace(sample(), counts=Counts()))


@pytest.mark.parametrize("width", [70, 160])
def test_details_are_as_wide_as_the_terminal(width: int) -> None:
    long = Entry(Kind.REPLACES, "node pool a is replaced", reason="word " * 60, address="a.b")
    made = Change(Side("a", ""), Side("b", ""), [long], Counts())
    lines = view.text(made, color=False, width=width).splitlines()
    told = [line for line in lines if "word word" in line]
    assert width - 10 < max(map(len, told)) <= width


def test_a_comment_says_what_its_command_needs_besides() -> None:
    change = Change(Side("a", ""), Side("b", ""), [Entry(Kind.REPLACES, "node pool a is replaced")], Counts())
    assert view.markdown(change, "it takes the name").startswith("### groundplan change: it takes the name\n")
    stopped = Change(Side("a", ""), Side("b", ""), [Entry(Kind.DESTROYS_DATA, "bucket a is destroyed")], Counts())
    assert "1 change needs your word" in view.markdown(stopped, "it takes the name").splitlines()[0]
