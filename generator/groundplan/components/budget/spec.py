"""What a spec says of what the environment may cost."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from groundplan.spec.base import Email, Key, Model

_PART = r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*$"
_ITEM = r"^[a-z0-9][a-z0-9+_.-]*$"
_BILLING_ACCOUNT = r"^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$"
_CURRENCY = r"^[A-Z]{3}$"

Dollars = Annotated[float, Field(gt=0, le=1_000_000_000)]
Part = Annotated[str, StringConstraints(pattern=_PART, max_length=100)]
Item = Annotated[str, StringConstraints(pattern=_ITEM, max_length=100)]
Quantity = Annotated[float, Field(ge=0, le=1_000_000_000_000)]
Percent = Annotated[int, Field(ge=1, le=1000)]


class BillingLimit(Model):
    """A limit in the currency of a billing account."""

    amount: Dollars
    """What a month may cost."""
    currency: Annotated[str, StringConstraints(pattern=_CURRENCY)]
    """Its currency, such as `EUR`."""


class GcpEnforce(Model):
    """What only a budget of Google Cloud has."""

    only_on: ClassVar[str] = "gcp"

    billing_account: Annotated[str, StringConstraints(pattern=_BILLING_ACCOUNT)]
    """Billing account that pays for the project."""
    limit: BillingLimit | None = None
    """Limit in the billing account's currency, where that is not the US dollar; default: `monthly_usd`."""


class Enforce(Model):
    """The cloud's own budget, with its alerts."""

    emails: Annotated[list[Email], Field(min_length=1, max_length=5)]
    """Addresses that are told."""
    scope: Literal["environment", "account"] = "environment"
    """`environment`: what has the tag `environment`, which AWS counts once it is a cost allocation tag; `account`: the
    whole account, or project."""
    alert_percent: Annotated[list[Percent], Field(max_length=5)] | None = None
    """Percent of `monthly_usd` at which what was spent is told; default 80 and 100."""
    forecast_percent: Annotated[list[Percent], Field(max_length=5)] | None = None
    """Percent of `monthly_usd` at which the cloud's forecast for the month is told; default 100."""
    gcp: GcpEnforce | None = None
    """Settings that exist on GCP only."""


class Budget(Model):
    """What the environment may cost."""

    monthly_usd: Dollars
    """Most US dollars a month, compared with the expected total."""
    components: Annotated[dict[Part, Dollars], Field(max_length=50)] = {}
    """Most US dollars a month of parts: a place in the spec with everything below it, such as `training` or
    `training.pools.finetune`, or a component as `groundplan cost` names it, such as `node_pool`."""
    unpriced_usd: Annotated[dict[Item, Quantity], Field(max_length=50)] = {}
    """Most US dollars a month of items that the estimate has no figure for, by their name there. A budget holds only if
    each of those has a bound here, a stated use, or a price in a book of your own."""
    bounds: Annotated[dict[Item, Quantity], Field(max_length=50)] = {}
    """Most of an item that a month can bring, by its name and in its unit in the estimate, such as 500 (GiB) of
    `egress.internet`; for `groundplan cost --prove`."""
    enforce: Enforce | None = None
    """The cloud's own budget of `monthly_usd`, with alerts by e-mail; default: none."""


KEYS = (Key("budget", Budget, "What the environment may cost."),)

PATTERNS = {
    _PART: "write a key of the spec such as training.pools.finetune, or a component",
    _ITEM: "write an item as `groundplan cost` names it, such as egress.internet",
    _BILLING_ACCOUNT: "write three groups of six digits and letters A to F, such as 012345-6789AB-CDEF01",
    _CURRENCY: "write three letters of ISO 4217, such as EUR",
}
