"""What versions come to that leave standard support within a year of the estimate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from groundplan.clouds.billing import Use
from groundplan.clouds.support import VersionInUse
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.prices.book import PriceBook
from groundplan.quantities import cents


@dataclass(frozen=True, slots=True)
class SupportEnd:
    """A version whose standard support has ended or ends soon."""

    version: VersionInUse
    over: bool
    """Whether it has ended on the day of the estimate."""
    more_usd: Decimal | None
    """What a month costs more from then on; None where nothing more is billed, or its price is unknown."""

    @property
    def message(self) -> str:
        """What is told of it."""
        verb = "left" if self.over else "leaves"
        return f"{self.version.what} {verb} standard support on {self.version.standard_until}: {self.price}"

    @property
    def price(self) -> str:
        """What that costs, in words."""
        if self.version.then is None:
            return "it is upgraded by the cloud"
        return (
            "extended support has no price in the book"
            if self.more_usd is None
            else f"${self.more_usd:,.2f} a month more"
        )


def support_ends(versions: Iterable[VersionInUse], prices: PriceBook, region: str, today: date) -> Iterator[SupportEnd]:
    """The versions of which support has ended on the day `today`, or ends in the year after it."""
    for version in versions:
        if version.ends_within(today):
            yield SupportEnd(version, today >= version.standard_until, _more(version, prices, region, today))


def findings(ends: Iterable[SupportEnd]) -> list[Diagnostic]:
    """A warning (GP715) for each."""
    return [_finding(end) for end in ends]


def _finding(end: SupportEnd) -> Diagnostic:
    version = end.version
    found = Diagnostic("GP715", end.message, Severity.WARNING, hint=version.advice, path=version.path or None)
    return replace(found, address=version.address or None)


def _more(version: VersionInUse, prices: PriceBook, region: str, today: date) -> Decimal | None:
    then = _usd(version.billed_on(today) or version.then, prices, region)
    now = Decimal(0) if version.instead_of is None else _usd(version.instead_of, prices, region)
    return None if then is None or now is None else cents(then - now)


def _usd(use: Use | None, prices: PriceBook, region: str) -> Decimal | None:
    price = prices.item_price(use.item, region) if use else None
    if use is None or use.amount is None or price is None:
        return None
    return price.total(use.amount.expected)
