"""What a change costs a month: the difference by component and block of the spec, and what is still paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from groundplan.change.model import Entry, Kind
from groundplan.cost.report import Line, Unpriced
from groundplan.diagnostics import Diagnostic
from groundplan.quantities import NO_USD, Band, cents

TINY_USD = Decimal(1)
"""A month; what differs by less in every case is told in one entry."""
RENAMED = "renamed_from"
"""The key of a block that says what it was called."""
_NO_BLOCK = ("name", "state")
"""Keys that are no blocks of a component, of which the component says more."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one of the environments costs, with the values of its spec; nothing where there is none yet."""

    lines: Sequence[Line] = ()
    unpriced: Sequence[Unpriced] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StillPaid:
    """Something that leaves the spec and stays in the cloud."""

    name: str
    """What it is and its name in the cloud."""
    address: str
    """Of the module call that had it."""
    path: str
    """Of the spec, where it was asked for."""

    def pays(self, line: Line) -> bool:
        """Whether the line is for it."""
        return line.address == self.address and (line.path == self.path or line.path.startswith(f"{self.path}."))


@dataclass(frozen=True, slots=True)
class CostChange:
    """What a change costs."""

    entries: Sequence[Entry] = ()
    """The largest difference first, what is still paid last."""
    monthly_usd: Band = NO_USD
    """What the new environment and what is left of the old one cost more than the old one."""
    notices: Sequence[Diagnostic] = ()
    """Where the new estimate stands against the budget of the spec."""


@dataclass(slots=True)
class _Block:
    """Lines of one component that a block of the spec asks for, on both sides."""

    component: str
    path: str
    address: str = ""
    before: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)
    unpriced: list[str] = field(default_factory=list)
    """What costs something, has no price, and was not there before."""

    @property
    def usd(self) -> Band:
        return _difference(_sum(self.before), _sum(self.after))

    @property
    def is_tiny(self) -> bool:
        return not self.unpriced and all(abs(case) < TINY_USD for case in self.usd.cases)

    @property
    def weight(self) -> tuple[Decimal, Decimal]:
        return abs(self.usd.expected), max(abs(case) for case in self.usd.cases)


def cost_change(
    before: Estimate | None, after: Estimate | None, left: Sequence[StillPaid] = (), back: Sequence[StillPaid] = ()
) -> CostChange:
    """The monthly difference; none where a side, being None, has no spec to be estimated from.

    `back` was left behind once and is asked for again: it was paid all the time, as much as it costs now.
    """
    if before is None or after is None:
        return CostChange()
    before = replace(before, lines=[*before.lines, *_kept(after.lines, before.lines, back)])
    kept = list(_kept(before.lines, after.lines, left))
    blocks = _blocks(before, after, kept)
    told = sorted((one for one in blocks if not one.is_tiny), key=lambda one: (*(-amount for amount in one.weight),))
    tiny = [one for one in blocks if one.is_tiny and one.usd != NO_USD]
    entries = [*map(_entry, told), *_together(tiny), *_still_paid(left, kept)]
    total = _difference(_sum(before.lines), _sum(after.lines) + _sum(kept))
    return CostChange(tuple(entries), total)


def _blocks(before: Estimate, after: Estimate, kept: Sequence[Line]) -> list[_Block]:
    """Blocks of both sides; one that was renamed is one, and what is still paid is on both."""
    blocks = _Blocks(before.values, after.values)
    for line in before.lines:
        blocks.of(line, before.values).before.append(line)
    for line in kept:
        blocks.of(line, before.values).after.append(line)
    for line in after.lines:
        one = blocks.of(line, after.values)
        one.after.append(line)
        one.path = blocks.path(line.path)
    known = {(item.item, item.component) for item in before.unpriced}
    for item in after.unpriced:
        if (item.item, item.component) not in known:
            blocks.of(item, after.values).unpriced.append(item.item)
    return list(blocks.found.values())


class _Blocks:
    """Blocks by component and by the name that they had at first."""

    def __init__(self, *specs: Mapping[str, Any]) -> None:
        self._specs = specs
        self.found: dict[tuple[str, str], _Block] = {}

    def of(self, billed: Line | Unpriced, values: Mapping[str, Any]) -> _Block:
        """The block that asks for it, in the spec with those values."""
        path = self.path(billed.path)
        new = _Block(billed.component, path, billed.address)
        return self.found.setdefault((billed.component, _at_first(path, values)), new)

    def path(self, path: str) -> str:
        """The block around a path, in whichever of the specs it is written out."""
        return max((block_path(path, values) for values in self._specs), key=len)


def block_path(path: str, values: Mapping[str, Any]) -> str:
    """The innermost block of the spec around the path that the user wrote; of what has none, its first key."""
    keys, depth, at = path.split("."), 1, values
    for index, key in enumerate(keys, start=1):
        inner = at.get(key)
        if not isinstance(inner, Mapping):
            break
        depth, at = index, inner
    return ".".join(keys[:depth])


def _at_first(path: str, values: Mapping[str, Any]) -> str:
    """The path by the names that its blocks had at first."""
    keys, at = path.split("."), values
    for index, key in enumerate(keys):
        inner = at.get(key)
        if not isinstance(inner, Mapping):
            break
        if isinstance(inner.get(RENAMED), str):
            keys[index] = inner[RENAMED]
        at = inner
    return ".".join(keys)


def _entry(block: _Block) -> Entry:
    return Entry(
        kind=Kind.COSTS,
        what=f"{_thing(block)} {_costs(block)}",
        component=block.component,
        address=block.address,
        path=block.path,
        reason="; ".join(_reasons(block)),
        monthly_usd=block.usd,
    )


def _thing(block: _Block) -> str:
    """The block, with the component where that is another one than it says; of what has none, the component."""
    component, keys = block.component.replace("_", " "), block.path.split(".")
    if block.component in keys:
        return block.path
    return component if len(keys) == 1 and block.path in _NO_BLOCK else f"{component} of {block.path}"


def _costs(block: _Block) -> str:
    verb = "cost" if _thing(block).endswith("s") and "." not in block.path else "costs"
    expected = block.usd.expected
    if block.usd == NO_USD:
        return "changes in what has no price"
    if cents(expected) == 0:
        least, most = block.usd.low, block.usd.high
        return f"{verb} the same in the expected month, {_usd(max(most, -least))} {_more(most + least)} at most"
    if not block.before:
        return f"{verb} {_usd(expected)} a month"
    return f"{verb} {_usd(abs(expected))} a month {_more(expected)}" if block.after else _gone(verb, expected)


def _gone(verb: str, expected: Decimal) -> str:
    return f"{verb} {_usd(abs(expected))} a month less: it goes"


def _more(usd: Decimal) -> str:
    return "more" if usd > 0 else "less"


def _reasons(block: _Block) -> Iterator[str]:
    if block.usd.low != block.usd.high:
        yield f"{_signed(block.usd.low)} to {_signed(block.usd.high)}"
    items = sorted(_items(block).items(), key=lambda one: -abs(one[1]))
    if len(items) > 1 and items[0][1]:
        yield f"mostly {items[0][0]}"
    if block.unpriced:
        yield f"without a price: {', '.join(dict.fromkeys(block.unpriced))}"


def _items(block: _Block) -> Mapping[str, Decimal]:
    """The expected difference of each item."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for sign, lines in ((-1, block.before), (1, block.after)):
        for line in lines:
            found[line.item] += sign * line.monthly_usd.expected
    return {item: usd for item, usd in found.items() if usd}


def _together(blocks: Sequence[_Block]) -> Iterator[Entry]:
    if not blocks:
        return
    usd = sum((one.usd for one in blocks), NO_USD)
    names = ", ".join(dict.fromkeys(one.component.replace("_", " ") for one in blocks))
    ends = f"{_usd(abs(usd.expected))} a month {_more(usd.expected)}" if cents(usd.expected) else "the same"
    what = f"{names} cost{'s' * (len(blocks) == 1)} {ends}"
    yield Entry(Kind.COSTS, what, reason=f"each less than {_usd(TINY_USD)}", monthly_usd=usd)


def _kept(before: Sequence[Line], after: Sequence[Line], left: Sequence[StillPaid]) -> Iterator[Line]:
    """Of lines for what is left behind, as much as the new environment no longer counts."""
    counted: dict[tuple[str, ...], Band] = defaultdict(lambda: NO_USD)
    for line in after:
        counted[_billed(line)] += line.monthly_usd
    for line in before:
        if _payer(line, left):
            usd = (line.monthly_usd + -counted[_billed(line)]).each(lambda case: max(case, Decimal(0)))
            yield replace(line, monthly_usd=usd)


def _payer(line: Line, left: Sequence[StillPaid]) -> tuple[str, str] | None:
    """Call and path of what is left behind that the line is for: of several the innermost."""
    return max(((one.address, one.path) for one in left if one.pays(line)), key=lambda one: len(one[1]), default=None)


def _billed(line: Line) -> tuple[str, ...]:
    return line.component, line.item, line.option or "", line.path, line.address


def _still_paid(left: Sequence[StillPaid], kept: Sequence[Line]) -> Iterator[Entry]:
    """One entry for all that is left behind of a block: a line may be for several."""
    for one in {(one.address, one.path): one for one in left}.values():
        lines = [line for line in kept if _payer(line, left) == (one.address, one.path)]
        usd = _sum(lines)
        if usd == NO_USD:
            continue
        names = [other.name for other in left if (other.address, other.path) == (one.address, one.path)]
        yield Entry(
            kind=Kind.COSTS,
            what=f"{', '.join(names)} {'are' if len(names) > 1 else 'is'} left behind and still paid: "
            f"{_usd(usd.expected)} a month",
            component=lines[0].component,
            address=one.address,
            path=one.path,
            reason=f"{_usd(usd.low)} to {_usd(usd.high)}" if not usd.is_flat else "",
            avoid="delete it for good with the command that the README has for it",
        )


def _difference(before: Band, after: Band) -> Band:
    """By case of the month; the least first, whatever becomes cheaper."""
    cases = (after + -before).cases
    return Band(min(cases), cases[1], max(cases))


def _sum(lines: Iterable[Line]) -> Band:
    return sum((line.monthly_usd for line in lines), NO_USD)


def _usd(amount: Decimal) -> str:
    return f"${cents(amount):,}"


def _signed(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else '+'}{_usd(abs(amount))}"
