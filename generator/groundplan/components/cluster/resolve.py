"""The Kubernetes cluster of a stack: its version and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from groundplan import ranges
from groundplan.catalog.catalog import KubernetesVersion
from groundplan.clouds.base import Cloud
from groundplan.components.cluster import spec as blocks
from groundplan.components.cluster.part import Cluster
from groundplan.components.node_pool.part import Pools
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.stack import naming
from groundplan.stack.work import Work

MIN_SUPPORT = timedelta(days=120)
"""Standard support that a version must have ahead of it to be the default of a new cluster."""
DEFAULT_RETENTION_DAYS = 365


def resolve_cluster(work: Work) -> Cluster | None:
    """The cluster; None when nothing of the spec runs on one."""
    pools = work.part(Pools)
    if pools is None or not pools.pools:
        return None
    said = work.spec.section(blocks.Cluster)
    supported = [v.version for v in work.cloud.catalog.kubernetes_versions if v.support(v.as_of) == "standard"]
    known = [
        v.version for v in work.cloud.catalog.kubernetes_versions if v.support(v.as_of) in ("standard", "extended")
    ]
    lasting = [v.version for v in work.cloud.catalog.kubernetes_versions if _lasts(v)]
    usual, before = (lasting or supported)[-2:][0], work.kept.value("cluster.version")
    settled = usual != supported[-1]
    default = usual
    reason = (
        "one behind the newest: add-ons and scanners know it" if settled else "standard support of the last one ends"
    )
    if before in known and before != usual:
        default, reason = before, f"kept from the last render; --upgrade takes {usual}"
    version = work.choose("cluster.version", said.version, default, reason)
    if version in known and version not in supported:
        work.diagnostics.append(_extended_support(work.cloud, version, supported))
    if version not in known:
        work.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"Kubernetes {version} is not offered by {work.cloud.title}",
                hint=f"known: {', '.join(known)}",
                path="cluster.version",
            )
        )
    work.diagnostics += naming.check_name(work.cloud, "cluster", work.spec.name, "name")
    work.diagnostics += _wide_ranges(said.endpoint.public_cidrs)
    retention = work.choose(
        "cluster.logs_retention_days", said.logs_retention_days, DEFAULT_RETENTION_DAYS, "a year, as auditors ask"
    )
    return Cluster(
        name=work.spec.name,
        version=version,
        public_endpoint_cidrs=tuple(said.endpoint.public_cidrs),
        private_endpoint_cidrs=tuple(said.endpoint.private_cidrs),
        logs_retention_days=retention,
        deletion_protection=work.choose(
            "cluster.deletion_protection", said.deletion_protection, True, "set false to destroy it"
        ),
        extended_support=version in known and version not in supported,
        zones=work.zones,
        options=said.options_of(work.cloud.name),
    )


def _wide_ranges(cidrs: Sequence[str]) -> Iterator[Diagnostic]:
    """What the check of the rendered environment will not let pass unasked."""
    for index, cidr in enumerate(cidrs):
        network = ranges.network(cidr)
        if network is not None and ranges.wide(network):
            yield Diagnostic(
                code="GP911",
                severity=Severity.WARNING,
                message=f"{cidr} lets {network.num_addresses:,} addresses reach the Kubernetes API",
                hint=f"name ranges of /16 or narrower; or give `check` and `build` --allow public-range:{network}",
                path=f"cluster.endpoint.public_cidrs[{index}]",
            )


def _lasts(version: KubernetesVersion) -> bool:
    """Whether standard support goes on for long enough that a new cluster is not upgraded at once."""
    return version.standard_from <= version.as_of < version.standard_until - MIN_SUPPORT


def _extended_support(cloud: Cloud, version: str, supported: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code="GP704",
        severity=Severity.WARNING,
        message=f"Kubernetes {version} is in extended support, which {cloud.title} bills higher by the hour",
        hint=f"upgrade, one minor version at a time; in standard support: {', '.join(supported)}",
        path="cluster.version",
    )
