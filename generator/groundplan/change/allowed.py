"""What the operator lets a change do: words of the command line, and dated lines of the spec."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from groundplan.allowances import Allowance, unused
from groundplan.change.model import Change, Entry
from groundplan.change.spec_paths import NAMED, below
from groundplan.components.changes.spec import Allowed, Changes
from groundplan.diagnostics import Diagnostic, Place, Severity
from groundplan.spec.document import Document
from groundplan.spec.model import Spec

MOST_DAYS = 90
"""How far ahead a line of the spec may reach: what holds for good is a setting and no word."""

_SEVERAL = 2
_INDEX = r'(?:\[(?:"(?:[^"\\]|\\.)*"|\d+)\])?'
_STEP = re.compile(rf"(?:module\.[\w-]+|(?:data\.)?[a-z][\w-]*\.[\w-]+){_INDEX}")


@dataclass(frozen=True, slots=True)
class SpecLine:
    """One line of `changes.allow`, and where it stands."""

    name: str
    allowance: Allowance
    until: date
    reason: str
    place: Place | None = None

    @property
    def path(self) -> str:
        """Its path in the spec."""
        return f"changes.allow.{self.name}"

    def holds(self, today: date) -> bool:
        """Whether it lets anything pass on that day."""
        return today <= self.until <= today + timedelta(days=MOST_DAYS)


def spec_lines(spec: Spec, document: Document) -> tuple[SpecLine, ...]:
    """The lines of the spec, in its order."""
    block = spec.block(Changes)
    lines = block.allow.items() if block else ()
    return tuple(_line(name, said, document.places[("changes", "allow", name)].key) for name, said in lines)


def _line(name: str, said: Allowed, place: Place) -> SpecLine:
    return SpecLine(name, Allowance(said.kind, said.at), date.fromisoformat(said.until), said.reason, place)


def allowed(change: Change, words: Sequence[Allowance], lines: Sequence[SpecLine], today: date) -> Change:
    """The change, each entry with the word or line that lets it pass.

    Its diagnostics get an error (GP207) for each word that allowed nothing, and a warning for each line of the spec
    that is over, reaches too far (GP735) or allowed nothing (GP736).
    """
    given, holding = [one for one in words if one.of_change], [line for line in lines if line.holds(today)]
    entries = tuple(_let_pass(entry, given, holding) for entry in change.entries)
    found = (*_unused(given, change.entries), *_past(lines, today), *_idle(holding, change.entries))
    return replace(change, entries=entries, diagnostics=(*change.diagnostics, *found))


def word(entry: Entry, others: Iterable[Entry] = ()) -> Allowance:
    """The narrowest word that lets the entry pass: the key of the spec that leads to it, or the block around several.

    `others` are the entries beside it: what would let another one pass that is stopped is no word for this one, which
    is then called by its address.
    """
    found = Allowance(entry.kind.value, _common([edit.path for edit in entry.edits]))
    if not found.what or (entry.address and _lets_more(found, entry, others)):
        return Allowance(entry.kind.value, entry.address or entry.path or entry.root)
    return found


def _common(paths: Sequence[str]) -> str:
    """The one path, or the named block that holds all of them; empty where only a wider one does."""
    if len(set(paths)) < _SEVERAL:
        return next(iter(paths), "")
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*(path.split(".") for path in paths), strict=False))
    block = ".".join(parts[0] for parts in shared)
    return block if block.rpartition(".")[0] in NAMED else ""


def _lets_more(found: Allowance, entry: Entry, others: Iterable[Entry]) -> bool:
    """Whether a word for a stopped entry is one for another that is stopped, too."""
    there = (one for one in others if one.needs_word and one is not entry)
    return entry.needs_word and any(covers(found, one) for one in there)


def covers(one: Allowance, entry: Entry) -> bool:
    """Whether the word is about the entry: its class alone, or with a path or an address that holds it.

    A path holds it where it holds every key of the spec that leads to it, or its block where none does. A root that
    could not be rehearsed is named by itself.
    """
    if one.kind != entry.kind.value:
        return False
    paths = [edit.path for edit in entry.edits] or [entry.path]
    if not one.what or (entry.of_root and one.what == entry.root):
        return True
    return all(below(path, one.what) for path in paths) or within(one.what, entry.root, entry.address)


def within(what: str, root: str, address: str) -> bool:
    """Whether what is said is the address or a module around it, with the root before it or without."""
    inside = what.removeprefix(f"{root}/") if root else what
    wanted, there = _steps(inside), _steps(address)
    if not wanted or len(wanted) > len(there):
        return False
    *around, last = wanted
    *modules, own = there[: len(wanted)]
    return around == modules and (last == own or (last == re.sub(rf"{_INDEX}$", "", own)))


def _steps(address: str) -> list[str]:
    """`module.a["b"]`, then `aws_x.y[0]`; nothing for what is no address."""
    steps, at = [], 0
    while match := _STEP.match(address, at):
        steps.append(match[0])
        if match.end() == len(address):
            return steps
        if address[match.end()] != ".":
            return []
        at = match.end() + 1
    return []


def _let_pass(entry: Entry, given: Sequence[Allowance], lines: Sequence[SpecLine]) -> Entry:
    by = next((f"--allow {one}" for one in given if covers(one, entry)), "")
    by = by or next((_said(line) for line in lines if covers(line.allowance, entry)), "")
    return replace(entry, allowed_by=by) if by else entry


def _said(line: SpecLine) -> str:
    where = f" ({line.place.file}:{line.place.line})" if line.place else ""
    return f"{line.path}{where} until {line.until}: {line.reason}"


def _unused(given: Iterable[Allowance], entries: Sequence[Entry]) -> list[Diagnostic]:
    there = [str(word(entry, entries)) for entry in entries if entry.needs_word]
    return [unused(one, there) for one in given if not any(covers(one, entry) for entry in entries)]


def _past(lines: Iterable[SpecLine], today: date) -> list[Diagnostic]:
    return [_warned("GP735", line, _why_not(line, today)) for line in lines if not line.holds(today)]


def _why_not(line: SpecLine, today: date) -> tuple[str, str]:
    if line.until < today:
        return f"`{line.path}` ended on {line.until}", "remove it, or give it a new day"
    latest = today + timedelta(days=MOST_DAYS)
    return f"`{line.path}` reaches to {line.until}, more than {MOST_DAYS} days ahead", f"write {latest} or earlier"


def _idle(lines: Iterable[SpecLine], entries: Sequence[Entry]) -> list[Diagnostic]:
    return [
        _warned("GP736", line, (f"`{line.path}` allows nothing that is here", "remove it when its change is applied"))
        for line in lines
        if not any(covers(line.allowance, entry) for entry in entries)
    ]


def _warned(code: str, line: SpecLine, words: tuple[str, str]) -> Diagnostic:
    message, hint = words
    return Diagnostic(code, message, Severity.WARNING, hint=hint, place=line.place, path=line.path)
