"""Prices as Google Cloud states them today; reading only.

The SKUs of its services come from the Cloud Billing Catalog (v1), the rates of flexible commitments from the Pricing
API (v2beta), which has the prices of a SKU by consumption model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundplan.clouds.gcp.refresh.catalog import Catalog, client_of, credentials_of_process
from groundplan.clouds.gcp.refresh.compute import COMPUTE_ENGINE, compute_question
from groundplan.clouds.gcp.refresh.flexible import Pages, flexible_question, pages_of
from groundplan.clouds.gcp.refresh.items import item_question
from groundplan.clouds.gcp.refresh.table import places, reason_for
from groundplan.prices.fresh import Question, Wanted

NEEDS = ("serviceusage.services.use",)
"""All that the caller has to be allowed, in the project that the Cloud Billing API is turned on in; with an API key,
nothing."""


def questions(wanted: Wanted) -> Sequence[Question]:
    """What there is to ask with an API key, or with the application default credentials."""
    credentials = credentials_of_process(wanted.api_key)
    return questions_by(client_of(credentials), wanted, pages_of(credentials))


def questions_by(client: Any, wanted: Wanted, pages: Pages | None = None) -> list[Question]:
    """The same, asked by this client: Compute Engine, then the other services, each for all regions at once.

    `pages` are those of the Pricing API, for flexible commitments.
    """
    catalog = Catalog(client)
    asked = [*compute_question(catalog, wanted), *(flexible_question(catalog, pages, wanted) if pages else ())]
    services = {place.service for place in places() if any(place.item == item for item in wanted.items)}
    return [*asked, *(item_question(catalog, wanted, name) for name in sorted(services - {COMPUTE_ENGINE}))]


def explain(_: Wanted, item: str) -> str:
    """Why an item has no price."""
    return reason_for(item) or "the Cloud Billing Catalog has no such SKU in any of the regions"
