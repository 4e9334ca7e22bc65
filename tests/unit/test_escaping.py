"""Escaping: nothing that acts on a terminal, a CI system, a spreadsheet or a browser, and all else as it was."""

from __future__ import annotations

import html
import json
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.escaping import (
    for_csv,
    for_html,
    for_json,
    for_line,
    for_markdown,
    for_source,
    for_text,
    for_xml,
    lines_for_text,
    terminal,
)
from tests.unit.hostile import COMMANDS, CONTROLS, FORMULAS, MARKUPS, assert_harmless, texts

PLAIN = (
    "groundplan.yaml:3:5: error[GP201]: unknown key `gpus`",
    "10.0.0.0/8, ::/0, ::ffff:10.0.0.1 and 2001:db8::1",
    "|---|---:| **bold** <br> # heading ## second",
    "a::b::c std::vector<int>::size",
    "naïve 日本語 العربية ✓ ❤\ufe0f € $0.612",
    'module.a["##x"].b["c"] #[derive] ##',
)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert for_text(text) == for_line(text) == for_source(text) == for_xml(text) == text
    assert terminal(text, color=False) == terminal(text, color=True) == text
    assert for_json(json.dumps(text, ensure_ascii=False)) == json.dumps(text, ensure_ascii=False)


@pytest.mark.parametrize("text", [*COMMANDS, *CONTROLS, *MARKUPS, *FORMULAS])
@pytest.mark.parametrize(
    "escape", [for_text, for_line, for_source, for_markdown, for_html, for_xml, for_csv, lambda t: terminal(t, color=0)]
)
def test_no_format_lets_an_attack_through(escape: object, text: str) -> None:
    for put in (text, f"a\n{text}", f"a\r\n{text}\n", f"  {text}", f"{text}{text}"):
        assert_harmless(str(escape(put)))  # type: ignore[operator]


@given(texts)
def test_a_value_is_one_line(text: str) -> None:
    for escape in (for_text, for_line, for_markdown, for_html, for_csv):
        shown = str(escape(text))
        assert_harmless(shown)
        assert len(shown.splitlines()) <= 1
    assert for_text(for_text(text)) == for_text(text)
    assert terminal(for_text(text), color=False) == for_text(text)
    assert all(len(line.splitlines()) <= 1 for line in lines_for_text(text))


@given(texts)
def test_whole_outputs_are_harmless(text: str) -> None:
    assert_harmless(terminal(text, color=False))
    assert_harmless(terminal(text, color=True), colored=True)


def test_colors_of_our_own_stay_and_hide_no_command() -> None:
    painted = "\x1b[1mheading\x1b[0m\n"
    assert terminal(painted, color=True) == painted
    assert terminal(painted, color=False) == "\ufffd[1mheading\ufffd[0m\n"
    assert terminal("\x1b[31m::error::x", color=True) == "\x1b[31m\\::error::x"
    assert terminal("\x1b]0;t\x07\x1b[2J", color=True) == "\ufffd]0;t\ufffd\ufffd[2J"


def test_a_word_joiner_that_keeps_a_mention_apart_stays() -> None:
    assert terminal(for_markdown("@team"), color=False) == "@\u2060team"
    assert "\u2060" not in for_text("a\u2060b")


@given(st.recursive(texts, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2)))
def test_json_has_the_same_values_and_hides_nothing(value: object) -> None:
    document = for_json(json.dumps({"value": value}, indent=2, ensure_ascii=False))
    assert_harmless(document)
    assert json.loads(document) == {"value": value}
    document.encode("utf-8")


@given(texts)
def test_xml_can_be_read(text: str) -> None:
    element = ElementTree.Element("a", b=for_xml(text))
    element.text = for_xml(text)
    again = ElementTree.fromstring(ElementTree.tostring(element, encoding="unicode"))
    assert_harmless(again.text or "")


@given(texts)
def test_html_is_text_alone(text: str) -> None:
    shown = for_html(text)
    assert not set("<>\"'") & set(shown)
    assert html.unescape(shown) == for_line(text)


@pytest.mark.parametrize("text", [*FORMULAS, "=cmd|' /C calc'!A0 <script>", "\n=1", "\u00a0=1", "\u3000@x", "\x00=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    for part in str(for_csv(text)).split(";"):
        assert part.strip()[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize("value", [1, -1.5, Decimal("-0.61"), "-12.50", "+3", "1e-7", "", "2026-11-01", "a=b c=d"])
def test_numbers_and_words_stay_in_their_cells(value: object) -> None:
    assert for_csv(value) == value


def test_a_byte_that_is_no_character_is_named() -> None:
    assert for_text("a\udcffb") == terminal("a\udcffb", color=False) == "a\\udcffb"
