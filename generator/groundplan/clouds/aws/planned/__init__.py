"""What resources of the AWS provider use, by service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from groundplan.clouds.aws.planned import (
    compute,
    containers,
    database,
    datastores,
    ml,
    network,
    observability,
    security,
    serverless,
    storage,
)
from groundplan.clouds.aws.planned.free import FREE
from groundplan.clouds.aws.planned.on_cluster import ON_CLUSTER
from groundplan.clouds.billed import read_billed_attributes
from groundplan.clouds.planned import PlanPrices
from groundplan.clouds.usage_keys import read_usage_keys

ZONE = re.compile(r"([a-z]{2}(?:-[a-z]+)+-[0-9])[a-z]")
ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]+):")
SERVICES = (compute, containers, database, datastores, ml, network, observability, security, serverless, storage)
DESCRIBED = (
    "aws_ecs_task_definition",
    "aws_launch_configuration",
    "aws_launch_template",
    "aws_sagemaker_endpoint_configuration",
)
"""Types of which what they say is billed with what refers to them."""


def _region_of(values: Mapping[str, Any]) -> str:
    """Its own region, that of its zone or that in its ARN."""
    if isinstance(region := values.get("region"), str):
        return region
    if isinstance(zone := values.get("availability_zone"), str) and (found := ZONE.fullmatch(zone)):
        return found[1]
    return found[1] if isinstance(arn := values.get("arn"), str) and (found := ARN.match(arn)) else ""


_TABLES = files("groundplan.clouds.aws")
PLANNED = PlanPrices(
    prefix="aws_",
    region_of=_region_of,
    uses={type_: rule for service in SERVICES for type_, rule in service.USES.items()},
    on_cluster=ON_CLUSTER,
    clusters=("aws_eks_cluster",),
    free=(*FREE, *DESCRIBED),
    described=DESCRIBED,
    region_pattern=r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)+-[0-9]",
    billed=read_billed_attributes(_TABLES / "billed_attributes.csv"),
    usage_keys=read_usage_keys(_TABLES / "usage_keys.csv"),
)
