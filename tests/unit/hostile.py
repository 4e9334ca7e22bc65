"""Texts that would like to be more than text, and results in which every text is one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from hypothesis import strategies as st

COMMANDS = (
    "::error file=x::injected",
    "::set-output name=x::y",
    "::add-mask::x",
    "\u00a0 ::stop-commands::x",
    "\ufe0f::warning::x",
    "##[error]injected",
    "x ##[add-mask]x",
    "#\ufe0f#[error]x",
    "##vso[task.setvariable variable=x]y",
    "##VSO[task.complete result=Succeeded]",
    "##teamcity[buildStatus status='SUCCESS']",
    "section_start:1700000000:x\r\x1b[0Kfold",
    "travis_fold:start:x",
)
"""What CI systems act on."""
CONTROLS = (
    "\x1b]0;pwn\x07",
    "\x1b[31mRED",
    "\x1b[2J\x1b[1;1H",
    "\x9b31m",
    "\x9d0;t\x9c",
    "a\rb",
    "a\x08b",
    "\x00\x7f\x85",
    "\u202eevil\u202c",
    "\u2066x\u2069\u200f",
    "\u200b\u200d\u2060\ufeff",
    "\u2028::error::x",
    "\u2029##[error]x",
    "\U000e0041\ufff9\uffff",
    "\udcff\ud800",
    "\v::error::x\f",
)
"""Characters that move a cursor, hide themselves or turn what follows."""
FORMULAS = ("=1+1", "+1+a", "-2+3+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", " =1", "\uff1d1+1", "x;=1+1", "x; @a")
MARKUPS = ("<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\" onload='x'", "<!--", "]]>")

CI = re.compile(
    r"^(?:\s|\ufe0f|\x1b\[[0-9;]*m)*:\ufe0f*:.*::|#\ufe0f*#[\w.-]*\[|section_(?:start|end):|travis_fold:",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that a CI system acts on."""
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2061-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]|(?<!@)\u2060"
)
"""A character that no output holds, once its own colours are taken out."""
COLOR = re.compile(r"\x1b\[[0-9;]*m")
BREAKS = ("\n", "\r\n", "\r", "\x85", "\u2028", "\x0b")

texts = (
    st.lists(
        st.one_of(
            st.sampled_from((*COMMANDS, *CONTROLS, *FORMULAS, *MARKUPS, *BREAKS)),
            st.text(max_size=5),
            st.text(alphabet=":#[]=+-@;|\n\r\t \x1b\x9b\ufe0f\u202e", max_size=6),
        ),
        min_size=1,
        max_size=4,
    )
    .map("".join)
    .filter(bool)
)
"""Hostile texts, in pieces that are joined as they come."""


def poisoned(value: Any, text: str, kept: frozenset[str] = frozenset()) -> Any:
    """The same result with `text` at the start and the end of every text in it that is not one of a closed set.

    Fields in `kept`, by name, are left as they are: by them one thing finds another.
    """
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changed = {
        field.name: _poisoned(getattr(value, field.name), str(field.type), text, kept)
        for field in fields(value)
        if field.init and field.name not in kept
    }
    return replace(value, **changed)


def _poisoned(value: Any, declared: str, text: str, kept: frozenset[str]) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return f"{text}{value}{text}" if re.search(r"\bstr\b", declared) else value
    if isinstance(value, tuple | list):
        return tuple(_poisoned(one, declared, text, kept) for one in value)
    if isinstance(value, Mapping):
        return {_poisoned(k, declared, text, kept): _poisoned(v, declared, text, kept) for k, v in value.items()}
    return poisoned(value, text, kept)


def assert_harmless(output: str, *, colored: bool = False) -> None:
    """No character that acts on a terminal, and no line on which a CI system acts."""
    plain = COLOR.sub("", output) if colored else output
    hidden = FORBIDDEN.search(plain)
    assert hidden is None, f"{hidden[0]!r} in {plain[max(0, hidden.start() - 60) : hidden.end() + 20]!r}"
    command = CI.search(plain)
    assert command is None, repr(command[0])
