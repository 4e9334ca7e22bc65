"""What every format of a change says."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, fields

from groundplan.change.allowed import word
from groundplan.change.model import Adopted, Change, Counts, Deviation, Edit, Entry, Interruption, Kind
from groundplan.change.upgrade.model import Difference, Part
from groundplan.change.wording import spoken
from groundplan.diagnostics import shortened
from groundplan.quantities import Band
from groundplan.views.tables import signed

TITLES = {
    Kind.DESTROYS_DATA: "destroys data",
    Kind.CANNOT_BE_UNDONE: "cannot be undone",
    Kind.REPLACES: "replaces",
    Kind.INTERRUPTS: "interrupts",
    Kind.OPENS: "opens",
    Kind.COSTS: "costs",
    Kind.UNKNOWN: "unknown until apply",
}
INTERRUPTIONS = {
    Interruption.NONE: "",
    Interruption.SECONDS: "seconds",
    Interruption.MINUTES: "minutes",
    Interruption.TENS_OF_MINUTES: "tens of minutes",
    Interruption.HOURS: "hours",
    Interruption.FOR_GOOD: "for good",
}
MOST_EDITS = 3
"""Keys of the spec named for one entry, and arguments that force it."""
MOST_VALUES, LONGEST_VALUE = 2, 60
"""Values that are shown of one argument, and their characters."""
MOST_PARTS = 4
"""Modules, charts and so on of an upgrade that are named."""
LONGEST = 200
"""Characters of a value of a spec, or of a name, that are shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one class, the worst first."""

    kind: Kind
    entries: Sequence[Entry]

    @property
    def title(self) -> str:
        """What the class is called."""
        return TITLES[self.kind]


def groups(change: Change) -> list[Group]:
    """The classes that the change has, the worst first; costs by how much."""
    found = (Group(kind, [entry for entry in change.entries if entry.kind is kind]) for kind in Kind)
    return [_by_amount(group) if group.kind is Kind.COSTS else group for group in found if group.entries]


def _by_amount(group: Group) -> Group:
    return Group(group.kind, sorted(group.entries, key=lambda entry: -abs(entry.monthly_usd.expected)))


def between(change: Change) -> str:
    """What is compared; the releases where they differ."""
    before, after = change.before, change.after
    if change.title:
        return change.title
    if before.release == after.release:
        return f"{before.label} to {after.label}"
    return " to ".join(
        f"{one.label} (groundplan {one.release})" if one.release else one.label for one in (before, after)
    )


def counts(change: Change) -> str:
    """How many entries of each class, in one line."""
    listed = [f"{group.title}: {len(group.entries)}" for group in groups(change) if group.kind is not Kind.COSTS]
    return ", ".join(listed) or "nothing is destroyed, replaced, interrupted or opened"


def resources(change: Change) -> str:
    """How many resources of Terraform are created, updated and so on, parts of things among them; empty where none."""
    listed = amounts(change.counts)
    return f"resources with their parts: {listed}" if listed else ""


def amounts(found: Counts) -> str:
    """`2 created, 1 replaced`."""
    listed = ((field.name, getattr(found, field.name)) for field in fields(found))
    return ", ".join(f"{amount} {name}" for name, amount in listed if amount)


def by_component(change: Change) -> str:
    """The same for each component, the most severe first; empty where it was not counted."""
    return "; ".join(f"{name} {amounts(found)}" for name, found in change.components)


def money(change: Change) -> str:
    """What a month costs more or less, in one line; empty where it costs the same."""
    return f"{band(change.monthly_usd)} a month" if any(change.monthly_usd.cases) else ""


def band(amount: Band) -> str:
    """`+$16.00 (+$10.00 to +$20.00)`."""
    spread = "" if amount.is_flat else f" ({signed(amount.low)} to {signed(amount.high)})"
    return f"{signed(amount.expected)}{spread}"


def interruption(entry: Entry) -> str:
    """For how long something does not answer; empty where nothing stops."""
    return INTERRUPTIONS[entry.interruption]


def place(entry: Entry) -> str:
    """The line of the spec that leads to it, or asks for it; empty without one."""
    found = next((edit.place for edit in entry.edits if edit.place), entry.place)
    return f"{found.file}:{found.line}" if found else ""


def edit_lines(entry: Entry) -> list[str]:
    """What of the spec is another value now, a line for each key, and how many more there are."""
    lines = [edit_words(edit) for edit in entry.edits[:MOST_EDITS]]
    return [*lines, *_more(len(entry.edits), "key")] or ([entry.path] if entry.path else [])


def edit_words(edit: Edit) -> str:
    """A key of the spec with its value before and after."""
    before, after = (shortened(value or "", LONGEST) for value in (edit.before, edit.after))
    if edit.after is None:
        return f"{edit.path} removed" if not before else f"{edit.path} removed, was {before}"
    return f"{edit.path}: {after}" if edit.before is None else f"{edit.path}: {before} -> {after}"


def _more(count: int, what: str, most: int = MOST_EDITS) -> list[str]:
    more = count - most
    return [f"and {more} more {what}{'' if more == 1 or not what else 's'}".rstrip()] if more > 0 else []


def forced_by(entry: Entry) -> str:
    """The arguments that force it, in a line; empty without any."""
    return ", ".join([*entry.forced_by[:MOST_EDITS], *_more(len(entry.forced_by), "argument")])


def location(entry: Entry) -> str:
    """Root and address."""
    return "/".join(part for part in (entry.root, entry.address) if part)


def causes(entry: Entry) -> list[tuple[str, str]]:
    """Titles and words of what leads to it: keys of the spec, and the arguments that force it, with their address."""
    forced, at = forced_by(entry), location(entry)
    terraform = ("forced by", f"{forced} of {at}" if at else forced) if forced else ("at", at)
    return [*(("spec", line) for line in edit_lines(entry)), *([terraform] if terraform[1] else [])]


def details(entry: Entry) -> list[tuple[str, str]]:
    """Titles and words of what leads to it, and of what it means."""
    others = (("reason", entry.reason), ("instead", entry.avoid), ("allowed by", entry.allowed_by))
    return [*causes(entry), *((title, words) for title, words in others if words)]


def words(change: Change) -> list[str]:
    """The words that let everything pass that is stopped, as a shell takes them, each once."""
    texts = dict.fromkeys(str(word(entry, change.entries)) for entry in change.stopped)
    return [shlex.join(["--allow", text]) for text in texts]


def stops(change: Change) -> list[str]:
    """What makes the apply fail, or may, a line for each reason, with the things that it is about."""
    found: dict[str, list[str]] = {}
    for entry in change.entries:
        for why in entry.stops:
            found.setdefault(why, []).append(entry.what)
    return [f"{spoken(whats)}: {why}" for why, whats in found.items()]


def verdict(change: Change) -> str:
    """Whether the change needs the operator's word, in a sentence."""
    stopped, let_pass = len(change.stopped), sum(bool(entry.allowed_by) for entry in change.entries)
    passed = f"; {let_pass} allowed" if let_pass else ""
    if not stopped:
        return f"no change needs your word{passed}"
    return f"{stopped} {'change needs' if stopped == 1 else 'changes need'} your word{passed}"


def headline(change: Change) -> str:
    """What the change does and costs, in a line."""
    return "; ".join(part for part in (counts(change), money(change)) if part)


def name(entry: Entry) -> str:
    """What it is."""
    return shortened(entry.what, LONGEST)


def cost(entry: Entry) -> str:
    """What it costs more or less a month, as expected; empty where it costs the same."""
    return f"{signed(entry.monthly_usd.expected)} a month" if any(entry.monthly_usd.cases) else ""


def effect(entry: Entry) -> str:
    """How long something stops, or else what a month costs more or less, which the costs say in their own words."""
    return interruption(entry) or ("" if entry.kind is Kind.COSTS else cost(entry))


def adopted(one: Adopted) -> str:
    """What is taken over, where the spec names it, and how much of it differs."""
    at = f" ({one.place.file}:{one.place.line})" if one.place else ""
    taken = f"{one.what}: {one.imported} imported for {one.path}{at}"
    count = len(one.differences)
    return f"{taken}, {count or 'nothing'} {'differ' if count > 1 else 'differs'}"


def difference(one: Deviation) -> str:
    """What will be otherwise, what asks for it, and what it is for."""
    values = [
        f"{each.path} {shortened(each.before, LONGEST_VALUE)} -> {shortened(each.after, LONGEST_VALUE)}"
        for each in one.attributes[:MOST_VALUES]
    ]
    values += _more(len(one.attributes), "value", MOST_VALUES)
    what = f"{type_of(one)} {', '.join(values)}" if values else f"{type_of(one)} is not there so far and made"
    what += " (cannot be changed: another one would take its place)" if one.replaces else ""
    return "; ".join(filter(None, (what, asked_by(one), one.why)))


def type_of(one: Deviation) -> str:
    """The type of its resource: the last but one word of the address, without the key."""
    return one.address.partition("[")[0].split(".")[-2]


def asked_by(one: Deviation) -> str:
    """What of the spec asks for it: a line, the default of a key, or nothing, since the modules have it so always."""
    paths = ", ".join(one.paths)
    if not paths:
        return "as in every environment" if one.attributes else ""
    if not one.stated:
        return f"by default of {paths}"
    return f"{paths} ({one.place.file}:{one.place.line})" if one.place else paths


def upgrade_lines(change: Change) -> list[str]:
    """What another release makes of the environment: a line for each kind of part, then how its files were read."""
    upgrade = change.upgrade
    if upgrade is None:
        return []
    by_part = ((part, [one for one in upgrade.differences if one.part is part]) for part in Part)
    lines = [f"{part}: {_parts(found)}" for part, found in by_part if found]
    return [*lines, *upgrade.migrations[:MOST_PARTS]]


def _parts(found: Sequence[Difference]) -> str:
    return ", ".join([*map(part_words, found[:MOST_PARTS]), *_more(len(found), "", MOST_PARTS)])


def part_words(one: Difference) -> str:
    """The part, and its version or value before and after, unless that is a digest, which tells nobody anything."""
    name, before, after = (shortened(text, LONGEST) for text in (one.name, one.before, one.after))
    if not one.before or not one.after:
        return f"{name} {'added' if not one.before else 'removed'}"
    return name if one.part is Part.MODULE else f"{name} {before} -> {after}"
