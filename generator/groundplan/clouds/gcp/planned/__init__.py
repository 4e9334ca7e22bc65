"""What resources of the Google provider use, by service: a rule for each type, or for many a row of a table."""

from __future__ import annotations

from importlib.resources import files

from groundplan.clouds.billed import read_billed_attributes
from groundplan.clouds.gcp.planned import (
    compute,
    database,
    disks,
    kubernetes,
    ml,
    network,
    observability,
    security,
    serverless,
    storage,
)
from groundplan.clouds.gcp.planned.free import DESCRIBED, FREE
from groundplan.clouds.gcp.planned.on_cluster import ON_CLUSTER
from groundplan.clouds.gcp.planned.places import REGION, region_of
from groundplan.clouds.planned import PlanPrices
from groundplan.clouds.usage_keys import read_usage_keys

SERVICES = (compute, database, disks, kubernetes, ml, network, observability, security, serverless, storage)
PLANNED = PlanPrices(
    prefix="google_",
    region_of=region_of,
    uses={type_: rule for service in SERVICES for type_, rule in service.USES.items()},
    on_cluster=ON_CLUSTER,
    clusters=("google_container_cluster",),
    free=FREE,
    region_pattern=REGION,
    described=DESCRIBED,
    billed=read_billed_attributes(files("groundplan.clouds.gcp") / "billed_attributes.csv"),
    usage_keys=read_usage_keys(files("groundplan.clouds.gcp") / "usage_keys.csv"),
)
