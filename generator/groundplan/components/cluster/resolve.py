"""The Kubernetes cluster of a stack: its version and who reaches it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from groundplan import ranges
from groundplan.components.cluster import spec as blocks
from groundplan.components.cluster.part import Cluster
from groundplan.components.cluster.version import choose_version, minor
from groundplan.components.node_pool.part import Pools
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.stack import naming
from groundplan.stack.work import Work

DEFAULT_RETENTION_DAYS = 365
KUBE_PROXY_SKEW = 3
"""Minor versions that kube-proxy may be older than the control plane."""


def resolve_cluster(work: Work) -> Cluster | None:
    """The cluster; None when nothing of the spec runs on one."""
    pools = work.part(Pools)
    if pools is None or not pools.pools:
        return None
    said = work.spec.section(blocks.Cluster)
    options = said.options_of(work.cloud.name)
    version, extended_support = choose_version(work, said.version, options)
    work.diagnostics += naming.check_name(work.cloud, "cluster", work.spec.name, "name")
    work.diagnostics += _wide_ranges(said.endpoint.public_cidrs)
    retention = work.choose(
        "cluster.logs_retention_days", said.logs_retention_days, DEFAULT_RETENTION_DAYS, "a year, as auditors ask"
    )
    if options.pop("dns_endpoint", False):
        options["access"] = {"dns_endpoint": True}
    addons, release = options.pop("addon_versions", {}), options.pop("node_release", "")
    work.diagnostics += _other_version(version, addons, release)
    return Cluster(
        name=work.spec.name,
        version=version,
        public_endpoint_cidrs=tuple(said.endpoint.public_cidrs),
        private_endpoint_cidrs=tuple(said.endpoint.private_cidrs),
        logs_retention_days=retention,
        deletion_protection=work.choose(
            "cluster.deletion_protection", said.deletion_protection, True, "set false to destroy it"
        ),
        extended_support=extended_support,
        zones=work.zones,
        options=options,
        addon_versions=addons,
        node_release=release,
    )


def _other_version(version: str, addons: Mapping[str, str], release: str) -> Iterator[Diagnostic]:
    """Pins that do not go with the version: https://kubernetes.io/releases/version-skew-policy/."""
    proxy = addons.get("kube_proxy", "")
    if proxy and minor(version) - minor(proxy) not in range(KUBE_PROXY_SKEW + 1):
        message = f"kube-proxy {proxy} does not go with Kubernetes {version}"
        hint = f"use one of v{version}, or up to {KUBE_PROXY_SKEW} minor versions older; or leave it out"
        yield Diagnostic("GP208", message, hint=hint, path="cluster.aws.addon_versions.kube_proxy")
    if release[:1].isdigit() and not release.startswith(f"{version}."):
        message = f"the image {release} is for another version than Kubernetes {version}"
        hint = f"use a release of {version}, or leave it out: a raised version takes the newest one"
        yield Diagnostic("GP208", message, hint=hint, path="cluster.aws.node_release")


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
