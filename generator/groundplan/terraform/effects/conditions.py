"""Conditions of the tables: under which a difference counts.

A condition is terms joined by ` & `, all of which have to hold; an empty one always does. The words and what they
compare stand in `WORDS` and `COMPARISONS`. A value that is not known yet meets every term that it could meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from groundplan.terraform.effects.equality import canonical, empty, number
from groundplan.terraform.effects.model import Pattern
from groundplan.terraform.effects.walk import values
from groundplan.terraform.plugin.values import has_unknown, is_unknown

Holds = Callable[[Any, Any], bool]
"""(value before, value after) -> whether a term holds; neither is unknown."""


@dataclass(frozen=True, slots=True)
class States:
    """Both states of the whole resource."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """The terms of one row."""

    terms: tuple[Callable[[Any, Any, States], bool], ...] = ()

    def holds(self, before: Any, after: Any, states: States) -> bool:
        """Whether a difference at one place counts."""
        return all(term(before, after, states) for term in self.terms)


def parse_condition(text: str) -> Condition:
    """The condition that a cell of the tables states.

    Raises:
        ValueError: a word that is none.
    """
    return Condition(tuple(_term(term.strip()) for term in text.split("&") if term.strip()))


def _size(value: Any) -> int:
    return len(value) if isinstance(value, list | dict | tuple) else int(not empty(value))


def _loses(before: Any, after: Any) -> bool:
    elements = {canonical(item) for item in after} if isinstance(after, list) else set()
    return isinstance(before, list) and any(canonical(item) not in elements for item in before)


def _lowered(before: Any, after: Any) -> bool:
    old, new = number(before), number(after)
    return old is not None and new is not None and new < old


def _outside(before: Any, after: Any) -> bool:
    try:
        old, new = ip_network(str(before), strict=False), ip_network(str(after), strict=False)
    except ValueError:
        return True
    within = int(new[0]) <= int(old[0]) and int(old[-1]) <= int(new[-1])
    return old.version != new.version or not within


def _major(value: Any) -> str:
    digits = re.search(r"\d{1,9}", str(value))
    return digits.group() if digits else str(value)


def _is(value: Any, wanted: str) -> bool:
    return canonical(value) == (wanted or None)


WORDS: Mapping[str, Holds] = {
    "stated": lambda _before, after: not empty(after),
    "was_stated": lambda before, _after: not empty(before),
    "appears": lambda before, after: empty(before) and not empty(after),
    "vanishes": lambda before, after: not empty(before) and empty(after),
    "comes_or_goes": lambda before, after: empty(before) != empty(after),
    "count": lambda before, after: _size(before) != _size(after),
    "loses": _loses,
    "lowered": _lowered,
    "raised": lambda before, after: _lowered(after, before),
    "outside": _outside,
    "major": lambda before, after: _major(before) != _major(after),
    "minor": lambda before, after: _major(before) == _major(after),
}
"""Terms of one word:

stated         it has a value afterwards; taken out of the configuration, nothing happens
was_stated     it had a value before
appears        there was none before
vanishes       there is none afterwards
comes_or_goes  there is a value on one side only
count          another number of elements
loses          an element that was there is not any more
lowered        a smaller number
raised         a greater number
outside        a range of addresses that does not hold the one before
major, minor   another first number of a version, or the same one
"""

WITH_TEXT: Mapping[str, Callable[[Any, Any, str], bool]] = {
    "from": lambda before, _after, text: _is(before, text),
    "to": lambda _before, after, text: _is(after, text),
    "both_hold": lambda before, after, text: text in str(before) and text in str(after),
}
"""Terms of a word and a text:

from TEXT       the value before
to TEXT         the value afterwards
both_hold TEXT  the text is in the values of both sides
"""

COMPARISONS = ("where", "was")
"""Terms about another argument of the same resource, `where PATH=TEXT` afterwards, `was PATH=TEXT` before; `!=` for
all but that; an empty text for an argument without a value. Of several places that the path names one is enough."""

_COMPARISON = re.compile(r"(where|was) ([a-z0-9_.*#]{1,200}?)(!?=)(.{0,100})")


def _term(text: str) -> Callable[[Any, Any, States], bool]:
    if text in WORDS:
        return _known(WORDS[text], text)
    word, _, rest = text.partition(" ")
    if word in WITH_TEXT and rest:
        test = WITH_TEXT[word]
        return _known(lambda before, after: test(before, after, rest), word)
    if match := _COMPARISON.fullmatch(text):
        side, path, sign, wanted = match.groups()
        return _comparison(side, tuple(path.split(".")), sign == "=", wanted)
    raise ValueError(f"no condition: {text!r}")


def _known(holds: Holds, word: str) -> Callable[[Any, Any, States], bool]:
    """The term, which something unknown meets unless the value before rules it out."""

    def term(before: Any, after: Any, _states: States) -> bool:
        if has_unknown(after):
            return _possible(holds, word, before)
        return holds(before, after)

    return term


def _possible(holds: Holds, word: str, before: Any) -> bool:
    if word in ("was_stated", "from"):
        return holds(before, None)
    if word == "appears":
        return empty(before)
    return not empty(before) if word in ("vanishes", "loses", "lowered") else True


def _comparison(side: str, path: Pattern, wanted: bool, text: str) -> Callable[[Any, Any, States], bool]:
    def term(_before: Any, _after: Any, states: States) -> bool:
        there = list(values(path, states.before if side == "was" else states.after)) or [None]
        return any(is_unknown(value) or _is(value, text) == wanted for value in there)

    return term
