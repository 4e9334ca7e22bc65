"""A change on a terminal: one screen, the worst first, the rest counted."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from groundplan.change.model import Change, Entry, Kind
from groundplan.escaping import for_text
from groundplan.views.change import content
from groundplan.views.change.content import Group
from groundplan.views.console import WIDTH
from groundplan.views.tables import bold

SCREEN, FEW = 40, 20
"""Lines of the whole view, and of the short form that `render` and `build` print."""
MOST_WORDS = 4
"""Words that are written out; one for a whole class is shorter than more."""
MOST_STOPS = 3
"""Reasons for which the apply fails: shown whatever else is cut."""
MOST_OF_UPGRADE = 4
MOST_ADOPTED, MOST_DIFFERENCES = 12, 40
"""Things that are taken over and told, and what differs of each."""
_RED, _YELLOW, _GREEN, _RESET = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;32m", "\x1b[0m"
_COLORS = {Kind.DESTROYS_DATA: _RED, Kind.CANNOT_BE_UNDONE: _RED, Kind.REPLACES: _YELLOW, Kind.OPENS: _YELLOW}
MOST_OF_COMPONENTS = 3
"""Lines that count components."""
_INDENT = 4
_TITLE = 11
"""Columns of the title of a detail."""

Details = Callable[[Entry], list[tuple[str, str]]]
"""Titles and words that are told below the line of an entry."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry, and the lines below its own."""

    entry: Entry
    details: Sequence[str] = ()


def text(change: Change, *, color: bool, verdict: str = "", width: int = WIDTH) -> str:
    """Everything that fits on a screen: all classes, and the details of the worst entries.

    `verdict` is said where no change needs a word, by a command that needs more than that.
    """
    return _view(change, SCREEN, _Paint(color, width), (_first_cause, content.causes, content.details), verdict)


def short(change: Change, *, color: bool, verdict: str = "", width: int = WIDTH) -> str:
    """The same in fewer lines, to stand among those of another command; one line where there is little to say."""
    if not change.entries:
        parts = (content.between(change), content.counts(change), content.money(change), content.resources(change))
        line = for_text(": ".join([parts[0], "; ".join(part for part in parts[1:] if part)]))
        return "\n".join([line, *_by_component(change, width), *_adopted(change, width, whole=False)]) + "\n"
    return _view(change, FEW, _Paint(color, width), (_first_cause,), verdict)


def _first_cause(entry: Entry) -> list[tuple[str, str]]:
    """The first key of the spec, or else what Terraform says of it."""
    return content.causes(entry)[:1]


def _view(change: Change, most: int, paint: _Paint, levels: Sequence[Details], verdict: str) -> str:
    head, end, groups = list(_head(change, paint)), list(_end(change, paint, verdict)), content.groups(change)
    room = most - len(head) - len(end) - 2
    shares = _shares([len(group.entries) for group in groups], room)
    shown = [[Shown(entry) for entry in group.entries[:share]] for group, share in zip(groups, shares, strict=True)]
    left = room - sum(_lines(share, len(group.entries)) for share, group in zip(shares, groups, strict=True))
    wide = max((len(group.title) for group in groups), default=0)
    for level in levels:
        shown, left = _told(shown, level, left, paint.width - wide - _INDENT)
    body = list(_body(groups, shown, paint, wide))
    taken = _adopted(change, paint.width, whole=most == SCREEN)
    return "\n".join([*head, *(["", *body] if body else []), *(["", *taken] if taken else []), "", *end]) + "\n"


def _head(change: Change, paint: _Paint) -> Iterator[str]:
    yield bold(content.between(change), color=paint.color)
    yield for_text(content.counts(change))
    if about := "; ".join(part for part in (content.money(change), content.resources(change)) if part):
        yield for_text(about)
    yield from _by_component(change, paint.width)
    for line in content.upgrade_lines(change)[:MOST_OF_UPGRADE]:
        yield from _wrapped([("upgrade", line)], paint.width)[:2]


def _by_component(change: Change, width: int) -> list[str]:
    listed = content.by_component(change)
    lines = textwrap.wrap(for_text(listed), width - width // 6, subsequent_indent="  ", break_on_hyphens=False)
    more = ["  and further ones: --format json counts all"] if len(lines) > MOST_OF_COMPONENTS else []
    return [*lines[:MOST_OF_COMPONENTS], *more]


def _adopted(change: Change, width: int, *, whole: bool) -> list[str]:
    """What is taken over; as a `whole` with all that differs, however many lines that takes: it is asked for once."""
    lines: list[str] = []
    for one in change.adopted[:MOST_ADOPTED]:
        lines += _wrapped([("taken over", content.adopted(one))], width)
        told = one.differences[:MOST_DIFFERENCES] if whole else ()
        lines += [line for each in told for line in _wrapped([("", f"- {content.difference(each)}")], width)]
        if whole and (more := len(one.differences) - len(told)):
            lines.append(f"{'':<{_TITLE}}and {more} more: --format json lists all")
    rest = len(change.adopted) - MOST_ADOPTED
    return [*lines, *([f"{'':<{_TITLE}}and {rest} more: --format json lists all"] if rest > 0 else [])]


def _end(change: Change, paint: _Paint, other: str) -> Iterator[str]:
    verdict, words, stops = content.verdict(change), content.words(change), content.stops(change)
    for line in _wrapped([("at apply", why) for why in stops[:MOST_STOPS]], paint.width):
        yield paint(_YELLOW, line)
    if len(stops) > MOST_STOPS:
        yield f"{'':<{_TITLE}}and {len(stops) - MOST_STOPS:,} more: --format json lists all"
    if not words:
        yield paint(_YELLOW if other else _GREEN, other or verdict)
        return
    yield paint(_RED, f"{verdict}:")
    yield from (for_text(f"  {one}") for one in words[:MOST_WORDS])
    rest = f"and {len(words) - MOST_WORDS} more; " if len(words) > MOST_WORDS else ""
    yield f"  {rest}or lines of `changes.allow` in the spec; --allow {Kind.DESTROYS_DATA} lets all of them pass"


def _shares(counts: Sequence[int], room: int) -> list[int]:
    """How many entries of each class are shown: at least one of each, then more of the worst classes."""
    shares = [min(count, 1) for count in counts]
    for index, count in enumerate(counts):
        used = sum(_lines(share, number) for share, number in zip(shares, counts, strict=True))
        free = room - used + _lines(shares[index], count)
        shares[index] = count if count <= free else max(1, free - 1)
    return shares


def _lines(share: int, count: int) -> int:
    """Lines that so many of the entries of a class take, with the one that counts the others."""
    return share + (share < count)


def _told(shown: Sequence[Sequence[Shown]], level: Details, left: int, width: int) -> tuple[list[list[Shown]], int]:
    """The same with more told of each entry, the worst first, as far as lines are left; and how many are left then."""
    told: list[list[Shown]] = []
    for group in shown:
        told.append([])
        for one in group:
            details = [] if one.entry.kind is Kind.COSTS else _wrapped(level(one.entry), width)
            more = len(details) - len(one.details)
            told[-1].append(Shown(one.entry, details) if 0 < more <= left else one)
            left -= more if 0 < more <= left else 0
    return told, left


def _wrapped(details: Sequence[tuple[str, str]], width: int) -> list[str]:
    """The lines of the details, each at most so wide, later ones below the words of the first."""
    rest = f"{'':<{_TITLE}}"
    return [
        line
        for title, words in details
        for line in textwrap.wrap(
            for_text(words),
            width,
            initial_indent=f"{title:<{_TITLE}}",
            subsequent_indent=rest,
            break_on_hyphens=False,
        )
    ]


def _body(groups: Sequence[Group], shown: Sequence[Sequence[Shown]], paint: _Paint, wide: int) -> Iterator[str]:
    """A line for each entry in columns: class, what, how long or how much, line of the spec; below it its details."""
    rows = iter(_columns([one.entry for entries in shown for one in entries], paint.width // 2))
    for group, entries in zip(groups, shown, strict=True):
        title = group.title
        for one in entries:
            yield f"{paint(_COLORS.get(group.kind, ''), f'{title:<{wide}}')}  {next(rows)}".rstrip()
            title = ""
            yield from (f"{'':<{wide + _INDENT}}{line}" for line in one.details)
        if more := len(group.entries) - len(entries):
            yield f"{'':<{wide}}  and {more:,} more: --format json lists all"


def _columns(entries: Sequence[Entry], widest: int) -> list[str]:
    """Columns as wide as that at most; the next ones of a longer one stand further to the right."""
    rows = [tuple(map(for_text, (content.name(one), content.effect(one), content.place(one)))) for one in entries]
    what, effect = (max((min(len(row[index]), widest) for row in rows), default=0) for index in (0, 1))
    return [f"{row[0]:<{what}}  {row[1]:<{effect}}  {row[2]}" for row in rows]


class _Paint:
    """How it is put on a screen: in colour or not, and in so many columns."""

    def __init__(self, color: bool, width: int) -> None:
        self.color, self.width = color, width

    def __call__(self, code: str, words: str) -> str:
        shown = for_text(words)
        return f"{code}{shown}{_RESET}" if self.color and code else shown
