"""Shapes in which most services bill, so that a type is a line of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import ALWAYS, Amount, Use, use
from groundplan.clouds.planned import Planned, Uses, unstated

Part = Callable[[Planned], Iterable[Use]]
"""One thing that a resource is billed for."""
Number = Callable[[Planned], Decimal | None]
"""How many there are of something; None where a plan does not say."""


def rule(*parts: Part) -> Uses:
    """The rule of a type that is billed for all of the parts."""

    def uses(r: Planned, _: Catalog) -> Iterable[Use]:
        for part in parts:
            yield from part(r)

    return uses


def count(*path: str, default: int | None = 1) -> Number:
    """The number at the path, `default` where there is none."""

    def number(r: Planned) -> Decimal | None:
        found = r.number(*path)
        return Decimal(default) if found is None and default is not None else found

    return number


def entries(*path: str) -> Number:
    """How many entries the list at the path has; None where it is not known."""

    def number(r: Planned) -> Decimal | None:
        found = len(r.items(*path))
        return Decimal(found) if found else None

    return number


def one(_: Planned) -> Decimal:
    """A single one."""
    return Decimal(1)


def hourly(item: str, words: str, number: Number = one) -> Part:
    """So many of something around the clock."""

    def part(r: Planned) -> Iterator[Use]:
        many = number(r)
        if many is None:
            yield unstated(item, "hour", f"{words}: their number is known only after apply")
        elif many:
            yield use(item, "hour", Amount.around_the_clock(f"{many:f} {words}, {ALWAYS}", many))

    return part


def of_type(prefix: str, path: tuple[str, ...], words: str, number: Number = one) -> Part:
    """So many machines of the type that the argument names, around the clock."""

    def part(r: Planned) -> Iterable[Use]:
        name = r.text(*path)
        if not name:
            return (unstated(prefix, "hour", "the type is known only after apply"),)
        return hourly(f"{prefix}.{name}", f"{words} {name}", number)(r)

    return part


def monthly(item: str, unit: str, words: str, number: Number = one) -> Part:
    """So many of something that is billed by the month."""

    def part(r: Planned) -> Iterator[Use]:
        many = number(r)
        if many is None:
            yield unstated(item, unit, f"{words}: their number is known only after apply")
        elif many:
            yield use(item, unit, Amount.of(many, f"{many:f} {words}"))

    return part


def stated(item: str, unit: str, key: str, words: str, each: Decimal | int = 1) -> Part:
    """What only a usage file says, under the key, times `each`."""

    def part(r: Planned) -> Iterator[Use]:
        yield use(item, unit, r.stated(key, words, each))

    return part


def unmetered(item: str, unit: str, words: str) -> Part:
    """What is billed by a use for which there is no key."""

    def part(_: Planned) -> Iterator[Use]:
        yield unstated(item, unit, words)

    return part


def when(test: Callable[[Planned], bool], *parts: Part) -> Part:
    """The parts where the test holds."""

    def part(r: Planned) -> Iterator[Use]:
        if test(r):
            for inner in parts:
                yield from inner(r)

    return part
