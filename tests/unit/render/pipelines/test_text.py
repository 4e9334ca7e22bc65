"""Values as text: whatever stands in them, they stay one value."""

from __future__ import annotations

import shlex
import subprocess

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from groundplan.render.pipelines.model import Call, Given, Unless
from groundplan.render.pipelines.text import Escaped, Noted, groovy, literal, scalar, shell, yaml_text

HOSTILE = [
    "${{ github.token }}",
    "x\n- run: id",
    "a: b # c",
    "'; id; '",
    '"$(id)"',
    "`id`",
    "on",
    "null",
    "0x1F",
    "1e3",
    "- a",
    "{a: b}",
    "\u202egnp.exe",
    "\x00\x1b[2J",
    "a\\",
    "",
    " ",
    "&x",
    "*x",
    "!!python/object",
    "2026-01-01",
    "~",
    "é",
]


@given(st.text(max_size=60))
def test_yaml_reads_back_what_was_written(text: str) -> None:
    clean = text.encode("utf-8", errors="replace").decode("utf-8")
    assert yaml.safe_load(f"a: {scalar(clean)}") == {"a": clean}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_one_value_of_yaml(text: str) -> None:
    value = literal(text)
    written = yaml_text({"a": [value], "b": Noted("x", text)})
    read = yaml.safe_load(written)
    assert read["b"] == "x"
    assert read["a"][0].replace("${{ '${{' }}", "${{") == text
    assert isinstance(value, Escaped) == ("${{" in text)


def test_text_with_an_expression_is_never_written_as_it_is() -> None:
    with pytest.raises(ValueError, match="evaluated"):
        yaml_text({"a": "${{ github.token }}"})


@pytest.mark.parametrize("text", [text for text in HOSTILE if "\0" not in text])
def test_hostile_text_is_one_word_of_a_shell(text: str) -> None:
    """Known beforehand, or a variable: both ways the program gets exactly the text."""
    call = Call("", ("echo", Given.FOLDER, Given.BASE, Unless("--confirm", Given.CONFIRM)))
    line = shell(call, {Given.FOLDER: text}).replace("groundplan echo", "printf '%s|'", 1)
    variables = {"GROUNDPLAN_BASE": text, "GROUNDPLAN_CONFIRM": text}
    done = subprocess.run(["sh", "-c", line], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout == "".join(f"{word}|" for word in (text, text, *(("--confirm", text) if text else ())))


def test_codes_that_are_no_failure() -> None:
    line = shell(Call("", ("plan", "a b"), output="plan.md", accepts=(6,)), {})
    assert line == "groundplan plan 'a b' > plan.md || [ $? -eq 6 ]"
    assert shlex.split(line)[2] == "a b"
    assert shell(Call("", ("drift",), output="d.md", empties=True), {}) == "groundplan drift > d.md && : > d.md"


@pytest.mark.parametrize("text", HOSTILE)
def test_groovy_evaluates_nothing(text: str) -> None:
    written = groovy(text)
    assert written[0] == written[-1] == "'"
    inner = written[1:-1].replace("\\\\", "").replace("\\'", "")
    assert "'" not in inner
    assert "\n" not in inner
