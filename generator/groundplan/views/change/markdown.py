"""A change as a comment on a pull request: what must be seen first, the rest folded, no longer than a forge takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.change.model import Adopted, Change, Entry, Kind
from groundplan.change.upgrade.model import Upgrade
from groundplan.diagnostics import shortened
from groundplan.markdown import Markdown, bullets, code, folded, heading, line, prose, strong, text
from groundplan.views.change import content
from groundplan.views.change.content import Group
from groundplan.views.tables import Column, markdown_table

MOST_ROWS, MOST_DETAILS, MOST_WORDS = 40, 20, 10
LONGEST_CELL = 160
MOST_CHARACTERS = 60_000
"""Forges take 65,536 characters; escaped, a name takes several times as many as it has."""
_COLUMNS = (Column("class"), Column("what"), Column("for"), Column("a month", number=True), Column("spec"))
_SEVERE = (Kind.DESTROYS_DATA, Kind.CANNOT_BE_UNDONE, Kind.REPLACES, Kind.INTERRUPTS, Kind.OPENS)


def markdown(change: Change, verdict: str = "") -> str:
    """The verdict, a table of what the change does, each entry folded with its reasons, then costs and unknowns.

    `verdict` is said where no change needs a word, by a command that needs more than that.
    """
    said = verdict if verdict and not change.stopped else content.verdict(change)
    found = content.groups(change)
    severe = [group for group in found if group.kind in _SEVERE]
    others = [group for group in found if group.kind not in _SEVERE]
    return _bounded(
        [
            heading(3, f"groundplan change: {said}"),
            f"{line(content.between(change))}: {text(content.headline(change))}\n",
            _words(change),
            _table(severe),
            *(_details(entry) for entry in _first(severe)),
            *(folded(f"{group.title}: {len(group.entries)}", _list(group)) for group in others),
            *(_adopted(one) for one in change.adopted[:MOST_DETAILS]),
            _upgrade(change.upgrade),
            f"{line(content.resources(change))}\n" if content.resources(change) else "",
        ]
    )


def _adopted(one: Adopted) -> str:
    items = [shortened(content.difference(each), 2 * LONGEST_CELL) for each in one.differences[:MOST_ROWS]]
    more = f"\n{len(one.differences) - MOST_ROWS} more: {code('--format json')}\n"
    listed = bullets(map(prose, items)) + (more if len(one.differences) > MOST_ROWS else "")
    head = f"taken over: {shortened(content.adopted(one), LONGEST_CELL)}"
    return folded(head, listed) if items else f"{line(head)}\n"


def _bounded(parts: Iterable[str]) -> str:
    """The parts that fit, in their order, and a line that says that others do not."""
    kept: list[str] = []
    room = MOST_CHARACTERS
    for part in parts:
        if len(part) + 1 > room:
            kept.append(f"The rest is too long for a comment: {code('--format json')}\n")
            break
        room -= len(part) + 1
        kept += [part] if part else []
    return "\n".join(kept)


def _upgrade(upgrade: Upgrade | None) -> str:
    """What another release makes of the environment, and what its changelog says of that."""
    if upgrade is None:
        return ""
    parts = [f"{one.part}: {content.part_words(one)}" for one in upgrade.differences]
    lines = [*upgrade.migrations, *parts, *(f"{one.release}: {one.text}" for one in upgrade.changelog)]
    shown = bullets(prose(shortened(text, 2 * LONGEST_CELL)) for text in lines[:MOST_ROWS])
    more = f"\n{len(lines) - MOST_ROWS} more: {code('--format json')}\n" if len(lines) > MOST_ROWS else ""
    return folded(f"groundplan {upgrade.before} to {upgrade.after}", shown + more)


def _words(change: Change) -> str:
    words = content.words(change)
    shown = bullets(code(shortened(word, LONGEST_CELL)) for word in words[:MOST_WORDS])
    more = f"\n{len(words) - MOST_WORDS} more: {code('--format json')}\n" if len(words) > MOST_WORDS else ""
    return f"{shown}{more}" if words else ""


def _table(groups: Sequence[Group]) -> str:
    rows = [(_titled(group, entry), *_row(entry)) for group in groups for entry in group.entries]
    more = f"\n{len(rows) - MOST_ROWS} more: {code('--format json')}\n" if len(rows) > MOST_ROWS else ""
    return markdown_table(_COLUMNS, rows[:MOST_ROWS]) + more if rows else ""


def _titled(group: Group, entry: Entry) -> Markdown:
    return strong(group.title) if entry.needs_word else text(group.title)


def _row(entry: Entry) -> tuple[object, ...]:
    what, place = (shortened(part, LONGEST_CELL) for part in (entry.what, content.place(entry)))
    return what, content.interruption(entry), content.cost(entry).removesuffix(" a month"), code(place)


def _first(groups: Sequence[Group]) -> list[Entry]:
    """The entries that are told in full: the worst."""
    return [entry for group in groups for entry in group.entries][:MOST_DETAILS]


def _details(entry: Entry) -> str:
    items = (f"{title}: {shortened(words, 2 * LONGEST_CELL)}" for title, words in content.details(entry))
    return folded(shortened(entry.what, LONGEST_CELL), bullets(map(prose, items)))


def _list(group: Group) -> str:
    """A line for each entry, with its figure or its reason."""
    items = (_short(entry) for entry in group.entries[:MOST_ROWS])
    more = len(group.entries) - MOST_ROWS
    return bullets(items) + (f"\n{more} more: {code('--format json')}\n" if more > 0 else "")


def _short(entry: Entry) -> Markdown:
    figure = content.band(entry.monthly_usd) if content.cost(entry) and not entry.reason else ""
    parts = (entry.what, figure, entry.reason)
    return prose(shortened(": ".join(part for part in parts if part), LONGEST_CELL))
