"""Versions of GKE and Cloud SQL that resources of a plan are on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.engines import major
from groundplan.clouds.billing import Amount
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.planned import Planned
from groundplan.clouds.support import VersionInUse, Versions, engine_version, kubernetes_version

NAMES = MappingProxyType({"POSTGRES": ("postgres", "PostgreSQL"), "MYSQL": ("mysql", "MySQL")})
CUSTOM = re.compile(r"db-custom-([0-9]{1,4})-[0-9]{1,9}")


def _gke(r: Planned, catalog: Catalog) -> Iterator[VersionInUse]:
    """GKE upgrades what leaves standard support, but in the channel that keeps it at a higher price."""
    kept = r.text("release_channel", "channel") == "EXTENDED"
    yield from kubernetes_version(r.text("min_master_version"), "GKE", r.address, catalog, BILLING, kept=kept)


def _cloud_sql(r: Planned, catalog: Catalog) -> Iterator[VersionInUse]:
    """Instances enter extended support by themselves: https://docs.cloud.google.com/sql/docs/postgres/extended-support."""
    name, _, version = r.text("database_version").partition("_")
    engine, title = NAMES.get(name, ("", ""))
    row = major(catalog.engine_versions, engine, version.replace("_", "."))
    if row is None:
        return
    size = CUSTOM.fullmatch(r.text("settings", "tier"))
    copies = 2 if r.text("settings", "availability_type") == "REGIONAL" else 1
    words = "vCPUs of an instance in extended support"
    hours = Amount.around_the_clock(words, int(size[1]) * copies) if size else Amount(None, words)
    then = BILLING.database_extended_support(hours)
    yield engine_version(f"{title} {{}} on Cloud SQL", row, address=r.address, then=then)


VERSIONS: Mapping[str, Versions] = {
    "google_container_cluster": _gke,
    "google_sql_database_instance": _cloud_sql,
}
