"""Whatever a value holds, it stays text: read back with another implementation of Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from groundplan.markdown import Markdown, bullets, code, fenced, folded, heading, line, link, prose, strong, table, text

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = st.text(st.sampled_from("ab1 \\`*_[]()|~#$<>&!@-+=.:;\"'\n\t\r\x00\x1b\x7f\u2028\u202eé/"), max_size=14)


def plain(value: str) -> str:
    """What a reader is to see of the value: one line, control characters shown as such."""
    control = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
    return control.sub("\ufffd", re.sub(r"\s+", " ", value).strip())


def seen(markdown: str) -> str:
    """The text of the page; fails for anything that is more than text, code or a cell."""
    pieces = []
    for token in READER.parse(markdown):
        assert token.type.removesuffix("_open").removesuffix("_close") in ALLOWED, token
        for child in token.children or ():
            assert child.type in ("text", "code_inline", "html_inline"), child
            pieces.append("" if child.type == "html_inline" else child.content)
    return "".join(pieces).replace("\u2060", "")


ALLOWED = ("paragraph", "inline", "heading", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item")


@given(NASTY)
@example("1. a")
@example("---")
@example("![a](http://example.com)")
@example("<script>alert(1)</script>")
@example("&amp; &#64; \\| `a` | b")
@example("_a_ a_b __c__ snake_case_")
@example("$a$ ~~b~~ **c**")
def test_text_is_seen_as_it_is(value: str) -> None:
    assert seen(f"{line(value)}\n").strip() == plain(value)
    assert seen(f"x {text(value)} y").removeprefix("x").removesuffix("y").strip() == plain(value)
    assert seen(heading(2, value)).strip() == plain(value)
    assert [seen(row) for row in bullets([value]).splitlines()] == [plain(value)]


@given(NASTY)
@example("`a` and `b|c`, not ` so")
@example("`` ` ``")
def test_prose_is_seen_as_it_is_but_for_the_marks_of_code(value: str) -> None:
    written = f"x {prose(value)} y"
    assert seen(written).replace("`", "") == f"x {plain(value).replace('`', '')} y"


@given(st.lists(NASTY, min_size=1, max_size=3))
def test_a_value_stays_in_its_cell(values: list[str]) -> None:
    page = table([f"h{n}" for n, _ in enumerate(values)], [values, [code(value) for value in values]], numbers={0})
    cells = [token for token in READER.parse(page) if token.type == "inline"]
    rows = [[seen_inline(cell.content) for cell in cells[start : start + len(values)]] for start in (0, len(values))]
    assert rows[0] == [f"h{n}" for n, _ in enumerate(values)]
    assert len(cells) == 3 * len(values)
    assert rows[1] == [plain(value) for value in values]


def seen_inline(content: str) -> str:
    return seen(f"x {content} y").removeprefix("x").removesuffix("y").strip()


@given(NASTY)
@example("a`b")
@example("``")
@example("a|b`c")
def test_code_is_seen_as_it_is(value: str) -> None:
    assert seen(f"x{code(value)}y") == f"x{plain(value)}y"


@given(NASTY, NASTY)
def test_a_link_has_one_label_and_one_target(label: str, target: str) -> None:
    [inline] = [token for token in READER.parse(f"x {link(label, f'docs/{target}')} y") if token.type == "inline"]
    kinds = [child.type for child in inline.children or ()]
    assert kinds.count("link_open") == kinds.count("link_close") == 1


def test_a_link_to_a_plain_path_reads_as_one() -> None:
    assert link("COST.md", "COST.md") == "[COST.md](COST.md)"
    assert link("a", "https://example.com/a?b=c#d") == "[a](https://example.com/a?b=c#d)"


@given(NASTY)
def test_a_line_never_ends_its_fenced_block(value: str) -> None:
    tokens = READER.parse(f"```\n{fenced(value)}\n```\n")
    assert [token.type for token in tokens] == ["fence"]


def test_markdown_is_taken_as_it_is() -> None:
    made = Markdown("`a` **b**")
    assert (text(made), line(made), strong("a*b")) == (made, made, "**a\\*b**")
    assert table(("a", "b"), [(made, 1)], numbers={1}) == "| a | b |\n| --- | ---: |\n| `a` **b** | 1 |\n"


def test_nobody_is_mentioned() -> None:
    assert text("ask @team, not a@b.example") == "ask @\u2060team, not a@b.example"


@pytest.mark.parametrize("value", ["state_store", "a.b-c/d", "g6.2xlarge, g6.4xlarge", "2 to 3", "us-east-1"])
def test_names_read_as_they_are(value: str) -> None:
    assert text(value) == line(value) == value


def test_nothing_is_left_of_nothing() -> None:
    assert (bullets([]), folded("a", ""), code("")) == ("", "", "")
    assert folded("a <b>", "c") == "<details><summary>a &lt;b&gt;</summary>\n\nc\n</details>\n"
