"""Versions of EKS and RDS that resources of a plan are on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.engines import major
from groundplan.clouds.aws import database_billing as rds
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.billing import Amount
from groundplan.clouds.planned import Planned
from groundplan.clouds.support import VersionInUse, Versions, engine_version, kubernetes_version

TITLES = MappingProxyType(
    {
        "aurora-mysql": "Aurora MySQL",
        "aurora-postgresql": "Aurora PostgreSQL",
        "mysql": "MySQL",
        "postgres": "PostgreSQL",
    }
)
EXTENDED_OFF = "open-source-rds-extended-support-disabled"


def _eks(r: Planned, catalog: Catalog) -> Iterator[VersionInUse]:
    """Extended support is what EKS does unless told otherwise:
    https://docs.aws.amazon.com/eks/latest/userguide/view-upgrade-policy.html."""
    kept = r.text("upgrade_policy", "support_type") != "STANDARD"
    yield from kubernetes_version(r.text("version"), "EKS", r.address, catalog, BILLING, kept=kept)


def _rds(r: Planned, catalog: Catalog) -> Iterator[VersionInUse]:
    """RDS bills extended support by itself, or upgrades what has it turned off:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-charges.html."""
    yield from _of_engine(r, r.text("engine"), r.text("engine_version"), catalog)


def _cluster(r: Planned, catalog: Catalog) -> Iterator[VersionInUse]:
    """A cluster with machines of its own; those of Aurora are its instances, each with what it is billed."""
    if r.text("db_cluster_instance_class"):
        yield from _rds(r, catalog)


def _cluster_instance(r: Planned, catalog: Catalog) -> Iterator[VersionInUse]:
    """An instance of Aurora, which has the version of its cluster."""
    cluster = r.referred("cluster_identifier")
    engine, version = (r.text(key) or (cluster.text(key) if cluster else "") for key in ("engine", "engine_version"))
    off = cluster is not None and cluster.text("engine_lifecycle_support") == EXTENDED_OFF
    yield from _of_engine(r, engine, version, catalog, off=off)


def _of_engine(r: Planned, engine: str, stated: str, catalog: Catalog, *, off: bool = False) -> Iterator[VersionInUse]:
    row = major(catalog.engine_versions, engine, stated)
    if row is None:
        return
    off = off or r.text("engine_lifecycle_support") == EXTENDED_OFF
    title = f"{TITLES.get(engine, engine)} {{}} on RDS"
    hours = _by_vcpus(r, catalog)
    version = engine_version(title, row, address=r.address, then=None if off else rds.support(hours, third_year=False))
    third = None if off else rds.support(hours, third_year=True)
    yield replace(version, third_year_from=row.third_year_from, in_third_year=third)


def _by_vcpus(r: Planned, catalog: Catalog) -> Amount:
    """Extended support of an instance and its standby."""
    name = r.text("instance_class")
    size = catalog.database(name) or catalog.instance(name.removeprefix("db."))
    words, copies = "vCPUs of an instance in extended support", 2 if r.flag("multi_az") else 1
    return Amount.around_the_clock(words, size.vcpus * copies) if size else Amount(None, words)


VERSIONS: Mapping[str, Versions] = {
    "aws_db_instance": _rds,
    "aws_eks_cluster": _eks,
    "aws_rds_cluster": _cluster,
    "aws_rds_cluster_instance": _cluster_instance,
}
