"""Prices as AWS states them today: Price List, spot price history, Savings Plans; reading only.

EC2 machines are Linux on shared tenancy. Commitments are standard Reserved Instances, which the Price List holds, and
EC2 Instance Savings Plans for machines that are not sold as such.
"""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.clouds.aws.refresh.clients import Client, clients_of_process
from groundplan.clouds.aws.refresh.items import item_questions
from groundplan.clouds.aws.refresh.machines import machine_questions
from groundplan.clouds.aws.refresh.plans import plan_questions
from groundplan.clouds.aws.refresh.spot import spot_questions
from groundplan.clouds.aws.refresh.table import reason_for
from groundplan.prices.fresh import Question, Wanted

NEEDS = (
    "pricing:GetProducts",
    "pricing:ListPriceLists",
    "pricing:GetPriceListFileUrl",
    "savingsplans:DescribeSavingsPlansOfferingRates",
    "ec2:DescribeSpotPriceHistory",
    "ec2:DescribeAvailabilityZones",
)
"""All that the caller has to be allowed; none of them takes a resource."""


def questions(wanted: Wanted) -> Sequence[Question]:
    """What there is to ask with the default credentials: environment, profile, SSO, web identity or instance role."""
    return questions_by(clients_of_process(), wanted)


def questions_by(client: Client, wanted: Wanted) -> list[Question]:
    """The same, asked by these clients: one region after the other."""
    asked: list[Question] = []
    for region in wanted.regions:
        asked += machine_questions(client, wanted, region)
        asked += plan_questions(client, wanted, region)
        asked += spot_questions(client, wanted, region)
        asked += item_questions(client, wanted, region)
    return asked


def has(item: str) -> bool:
    """Whether an item of further services can be asked for."""
    return reason_for(item) is None


def explain(wanted: Wanted, item: str) -> str:
    """Why an item has no price."""
    return reason_for(item) or f"the Price List has no such price in {_places(wanted)}"


def _places(wanted: Wanted) -> str:
    return wanted.regions[0] if len(wanted.regions) == 1 else "any of the regions"
