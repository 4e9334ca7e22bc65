"""A change as one page that asks nothing of any network, for whoever reviews it outside of a terminal."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup

from groundplan import __version__
from groundplan.change.model import Change, Entry
from groundplan.views.change import content
from groundplan.views.page import STYLE, policy, safe

MOST_ENTRIES = 1_000
"""Entries of a class that the page shows: a browser has to lay it out."""


@dataclass(frozen=True, slots=True)
class Card:
    """One entry as the template shows it."""

    what: str
    effect: str
    place: str
    details: list[tuple[str, str]]
    stopped: bool


def page(change: Change) -> str:
    """The page. Every text in it is escaped; its policy allows its own style by hash and nothing else."""
    from jinja2 import Environment, StrictUndefined

    style = STYLE + _asset("change.css")
    template = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, finalize=safe
    ).from_string(_asset("change.html.j2"))
    found = content.groups(change)
    return template.render(
        policy=policy([], [style]),
        style=Markup(style),
        title=content.between(change),
        verdict=content.verdict(change),
        words=content.words(change),
        summary=content.counts(change),
        money=content.money(change),
        resources=content.resources(change),
        groups=[(group.title, len(group.entries), list(map(_card, group.entries[:MOST_ENTRIES]))) for group in found],
        upgrade=change.upgrade,
        parts=[content.part_words(one) for one in change.upgrade.differences] if change.upgrade else [],
        version=__version__,
    )


def _card(entry: Entry) -> Card:
    return Card(entry.what, content.effect(entry), content.place(entry), _details(entry), entry.needs_word)


def _details(entry: Entry) -> list[tuple[str, str]]:
    return [*content.details(entry), *([("source", entry.source)] if entry.source else [])]


def _asset(name: str) -> str:
    return (files("groundplan.views.change") / "page" / name).read_text(encoding="utf-8")
