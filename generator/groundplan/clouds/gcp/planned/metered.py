"""Resources that are billed by use alone: a table of what each uses, instead of a rule for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.planned import Planned, Uses, used


@dataclass(frozen=True, slots=True)
class Metered:
    """An item, and the key of a usage file that says how much of it; without a key no file does.

    `each` is how many units of the item one of the key's are.
    """

    item: str
    unit: str
    words: str
    key: str = ""
    each: Decimal | int = 1

    def use(self, r: Planned) -> Use:
        """What the resource uses of the item."""
        return use(self.item, self.unit, self.amount(r))

    def amount(self, r: Planned) -> Amount:
        """How much of it."""
        return r.stated(self.key, self.words, self.each) if self.key else used(self.words)


def by_use(*items: Metered) -> Uses:
    """The rule for a type that uses these items, each as the usage file says."""

    def rule(r: Planned, _: Catalog) -> Iterable[Use]:
        return (item.use(r) for item in items)

    return rule


def only_stated(*items: Metered) -> Uses:
    """The rule for a type whose use another resource of the plan reports already, unless a usage file has it here."""

    def rule(r: Planned, _: Catalog) -> Iterable[Use]:
        return (made for item in items if (made := item.use(r)).amount is not None)

    return rule
