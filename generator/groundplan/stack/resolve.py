"""From what the user said to everything decided, with the reason for each decision."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from groundplan.catalog.catalog import KubernetesVersion, Offer, Region
from groundplan.clouds.base import Cloud
from groundplan.components.cluster import spec as cluster_blocks
from groundplan.components.mlflow.spec import Tracking
from groundplan.components.network import spec as network_blocks
from groundplan.components.object_store.spec import Storage
from groundplan.components.registry.spec import Registry
from groundplan.components.state_store import spec as state_blocks
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.prices.book import PurchaseOption
from groundplan.spec.model import Budget, Spec
from groundplan.spec.shape import blocks_of_one_cloud
from groundplan.stack import naming
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import (
    Bucket,
    Cluster,
    ExistingNetwork,
    Network,
    Origin,
    Pool,
    Repository,
    Stack,
    State,
    Traffic,
)
from groundplan.stack.monitoring import resolve_monitoring
from groundplan.stack.pools import resolve_pools
from groundplan.stack.tracking import MLFLOW_BUCKET, MLFLOW_LOG_BUCKET, artifacts_bucket, resolve_mlflow
from groundplan.stack.work import Work, as_written

MIN_SUPPORT = timedelta(days=120)
"""Standard support that a version must have ahead of it to be the default of a new cluster."""
DEFAULT_ZONES = 3
DEFAULT_CIDR = "10.20.0.0/16"
DEFAULT_RETENTION_DAYS = 365
DEFAULT_NONCURRENT_DAYS = 90
DEFAULT_IMAGES = 50
DEFAULT_REPOSITORY_GIB = Decimal(10)
RESERVED_LABELS = {"owner": "`owner`", "environment": "`name`", "managed-by": "groundplan"}
"""Tags that everything has, and what their value is made from."""
RESERVED_BUCKETS = frozenset({"access-logs", "tfstate", "tfstate-logs", MLFLOW_BUCKET, MLFLOW_LOG_BUCKET})
BUCKET_NAME_REASON = "bucket names are global: the hash is of account and region"


def resolve(spec: Spec, cloud: Cloud, kept: Kept = NOTHING, purchase: PurchaseOption | None = None) -> Stack:
    """The stack that `spec` asks for on `cloud`; `kept` is what an earlier render decided, as long as it still fits.

    `purchase` asks what the stack would be if all machines were bought that way: types are chosen by what they cost
    then, and nothing of an earlier choice is kept. A system pool is never bought as spot.

    Raises `DiagnosticsError` with every reason why there is none: region or zone unknown, no type that fits, a name
    too long, an address plan that does not hold. Diagnostics carry the spec path, not yet a place.
    """
    here = f"{spec.cloud.provider} {spec.cloud.region}"
    work = Work(spec, cloud, kept if kept.region == here else NOTHING, purchase=purchase)
    _check_account(work)
    _check_labels(work)
    _note_blocks_of_other_clouds(work)
    region = cloud.catalog.regions.get(spec.cloud.region)
    if region is None:
        work.diagnostics.append(_unknown_region(work))
        raise DiagnosticsError(work.diagnostics)
    pools = resolve_pools(work)
    zones = _zones(work, region, pools) if pools or spec.block(Tracking) else ()
    network = _network(work, zones, pools)
    budget = spec.block(Budget)
    stack = Stack(
        name=spec.name,
        owner=spec.owner,
        labels=dict(spec.labels),
        provider=cloud.name,
        region=region.name,
        account=spec.cloud.account,
        options=spec.cloud.options_of(cloud.name),
        network=network,
        cluster=_cluster(work, zones) if pools else None,
        pools=pools,
        buckets=_buckets(work),
        log_bucket=_log_bucket(work),
        repositories=_repositories(work),
        mlflow=resolve_mlflow(work),
        monitoring=resolve_monitoring(work, pools),
        state=_state(work),
        budget_monthly_usd=as_written(budget.monthly_usd) if budget else None,
        decisions=tuple(work.decisions),
        notices=tuple(d for d in work.diagnostics if d.severity is not Severity.ERROR),
        budget_components_usd={part: as_written(usd) for part, usd in (budget.components if budget else {}).items()},
        traffic=_traffic(spec.section(network_blocks.Network).traffic),
        purchase=purchase,
    )
    if has_errors(work.diagnostics):
        raise DiagnosticsError(work.diagnostics)
    return stack


def _check_account(work: Work) -> None:
    if not re.fullmatch(work.cloud.account_pattern, work.spec.cloud.account):
        work.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"`{work.spec.cloud.account}` is not {work.cloud.account_hint}",
                hint=f"cloud.account must be {work.cloud.account_hint}",
                path="cloud.account",
            )
        )
    elif work.spec.cloud.account == work.cloud.example_account:
        work.diagnostics.append(
            Diagnostic(
                code="GP206",
                severity=Severity.WARNING,
                message=f"`{work.spec.cloud.account}` is the account of {work.cloud.title}'s documentation",
                hint="replace it before you apply: names and the guard against other accounts are made from it",
                path="cloud.account",
            )
        )
    if not re.fullmatch(work.cloud.tag_value_pattern, work.spec.owner):
        work.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"the owner becomes a tag, and {work.cloud.title} does not allow all of its characters there",
                hint=f"use {work.cloud.tag_value_hint}",
                path="owner",
            )
        )


def _check_labels(work: Work) -> None:
    for label in sorted(RESERVED_LABELS.keys() & work.spec.labels.keys()):
        message = f"the label `{label}` is set on everything already, from {RESERVED_LABELS[label]}"
        work.diagnostics.append(Diagnostic("GP208", message, hint="remove it", path=f"labels.{label}"))


def _note_blocks_of_other_clouds(work: Work) -> None:
    """A block for another cloud does nothing here, which is well where this cloud's block stands beside it."""
    here = {path.rpartition(".")[0] for path, cloud in blocks_of_one_cloud(work.spec) if cloud == work.cloud.name}
    for path, cloud in blocks_of_one_cloud(work.spec):
        if cloud != work.cloud.name and path.rpartition(".")[0] not in here:
            work.diagnostics.append(
                Diagnostic(
                    code="GP306",
                    severity=Severity.WARNING,
                    message=f"`{path}` is for {cloud} and does nothing on {work.cloud.title}",
                    path=path,
                )
            )


def _unknown_region(work: Work) -> Diagnostic:
    """A suggestion for a letter too many or too few only: `us-west-1` is a region too, and no slip for `us-west-2`."""
    known = sorted(work.cloud.catalog.regions)
    near = difflib.get_close_matches(work.spec.cloud.region, known, n=1, cutoff=0.92)
    suggestion = f"did you mean `{near[0]}`? " if near else ""
    return Diagnostic(
        code="GP305",
        message=f"region `{work.spec.cloud.region}` is not in the {work.cloud.title} tables",
        hint=f"{suggestion}known: {', '.join(known)}",
        path="cloud.region",
    )


def _zones(work: Work, region: Region, pools: Sequence[Pool]) -> tuple[str, ...]:
    """The zones to use; none where the subnets of somebody else's network decide it, or too many are wanted."""
    said = work.spec.section(network_blocks.Network)
    if said.existing is not None and work.cloud.zonal_subnets:
        return ()
    count = work.choose(
        "network.zones",
        said.zones,
        min(DEFAULT_ZONES, len(region.cluster_zones)),
        "the loss of one zone leaves a majority",
    )
    if count > len(region.cluster_zones):
        work.diagnostics.append(
            Diagnostic(
                code="GP305",
                message=f"{count} zones wanted; {region.name} has {len(region.cluster_zones)} that carry clusters",
                hint=f"use network.zones: {len(region.cluster_zones)}",
                path="network.zones",
            )
        )
        return ()
    return _best_zones(work, region, count, pools)


def _network(work: Work, zones: tuple[str, ...], pools: Sequence[Pool]) -> Network | ExistingNetwork | None:
    if not pools and not work.spec.block(Tracking):
        return None
    said = work.spec.section(network_blocks.Network)
    if said.existing is not None:
        return _existing(work, said.existing)
    cidr = work.choose("network.cidr", said.cidr, DEFAULT_CIDR, "a private range; set it where networks meet")
    plan = work.cloud.plan_addresses(cidr, zones)
    nodes = sum(pool.nodes_max for pool in pools)
    if zones and nodes > plan.max_nodes:
        message = f"{nodes} nodes at most are wanted; the private ranges of {cidr} hold {plan.max_nodes}"
        hint = "use a larger network.cidr, or lower nodes.max"
        work.diagnostics.append(Diagnostic("GP304", message, hint=hint, path="network.cidr"))
    steady = any(pool.kind == "serving" and pool.capacity == "on_demand" for pool in pools)
    reason = "serving must survive the loss of a zone" if steady else "nothing serves on demand; one gateway is cheaper"
    return Network(
        cidr=cidr,
        zones=zones,
        plan=plan,
        nat=work.choose("network.nat", said.nat, "per_zone" if steady else "single", reason),
        flow_logs_retention_days=work.choose(
            "network.flow_logs_retention_days",
            said.flow_logs_retention_days,
            DEFAULT_RETENTION_DAYS,
            "a year, as auditors ask",
        ),
    )


def _traffic(said: network_blocks.Traffic) -> Traffic:
    return Traffic(as_written(said.internet_gib), as_written(said.other_region_gib), as_written(said.zone_gib))


def _existing(work: Work, existing: network_blocks.ExistingNetwork) -> ExistingNetwork:
    path = "network.existing"
    work.decide(f"{path}.id", existing.id, Origin.SPEC, "as the spec says")
    ids = [(f"{path}.id", existing.id, work.cloud.network_pattern)]
    subnets = enumerate(existing.private_subnets)
    ids += [(f"{path}.private_subnets[{n}]", subnet, work.cloud.subnet_pattern) for n, subnet in subnets]
    for where, text, pattern in ids:
        if not re.fullmatch(pattern, text):
            message = f"`{text}` is not an id of {work.cloud.title}"
            work.diagnostics.append(Diagnostic("GP204", message, hint=f"ids look like {pattern}", path=where))
    for n, subnet in enumerate(existing.private_subnets):
        found_in = re.search(r"/regions/([a-z0-9-]+)/", subnet)
        if found_in and found_in[1] != work.spec.cloud.region:
            message = f"`{subnet}` is in {found_in[1]}, the environment in {work.spec.cloud.region}"
            hint = f"name a subnet of {work.spec.cloud.region}, or change `cloud.region`"
            work.diagnostics.append(Diagnostic("GP208", message, hint=hint, path=f"{path}.private_subnets[{n}]"))
    if work.cloud.zonal_subnets != (len(existing.private_subnets) > 1):
        wanted = "two or more, each in a zone of its own" if work.cloud.zonal_subnets else "one, which spans all zones"
        found = len(existing.private_subnets)
        message = f"{found} subnet{'s' if found > 1 else ''}; on {work.cloud.title} it is {wanted}"
        work.diagnostics.append(Diagnostic("GP204", message, hint=f"name {wanted}", path=f"{path}.private_subnets"))
    return ExistingNetwork(existing.id, tuple(existing.private_subnets), existing.options_of(work.cloud.name))


def _best_zones(work: Work, region: Region, count: int, pools: Sequence[Pool]) -> tuple[str, ...]:
    """The first `count` zones, those that offer most of the pools' types before the others."""
    types = dict.fromkeys(name for pool in pools for name in pool.instance_types)
    offers = [offer for name in types if (offer := work.cloud.catalog.offer(region.name, name)) and offer.zones]
    ranked = sorted(region.cluster_zones, key=lambda zone: -sum(zone in offer.zones for offer in offers))
    chosen = tuple(sorted(ranked[:count], key=region.cluster_zones.index))
    reason = "the region's first zones" if not offers else "zones that offer the pools' types"
    before = work.kept.names("network.zone_ids")
    if before != chosen and len(before) == count and _serve(before, region, offers):
        chosen, reason = before, f"kept from the last render; --upgrade takes {', '.join(chosen)}"
    for offer in offers:
        if not set(offer.zones) & set(chosen):
            work.diagnostics.append(
                Diagnostic(
                    code="GP302",
                    message=f"{offer.instance_type} is offered in none of the zones {', '.join(chosen)}",
                    hint=f"it is offered in {', '.join(offer.zones)}; use more network.zones",
                    path="network.zones",
                )
            )
    work.decide("network.zone_ids", ", ".join(chosen), Origin.CATALOG, reason)
    return chosen


def _serve(zones: Sequence[str], region: Region, offers: Sequence[Offer]) -> bool:
    """Whether the zones are the region's, and each offer is there in one of them at least."""
    return set(zones) <= set(region.cluster_zones) and all(set(zones) & set(offer.zones) for offer in offers)


def _cluster(work: Work, zones: tuple[str, ...]) -> Cluster:
    said = work.spec.section(cluster_blocks.Cluster)
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
        zones=zones,
        options=said.options_of(work.cloud.name),
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


def _buckets(work: Work) -> tuple[Bucket, ...]:
    storage, buckets = work.spec.block(Storage), []
    for name, said in (storage.buckets if storage else {}).items():
        path = f"storage.buckets.{name}"
        full = _bucket_name(work, name, path)
        work.decide(f"{path}.bucket", full, Origin.DERIVED, BUCKET_NAME_REASON)
        buckets.append(
            Bucket(
                name=name,
                bucket=full,
                size_gib=as_written(said.size_gib),
                versioning=said.versioning,
                noncurrent_days=work.choose(
                    f"{path}.retention_days",
                    said.retention_days,
                    DEFAULT_NONCURRENT_DAYS,
                    "time to notice a bad overwrite",
                ),
                archive_after_days=said.archive_after_days,
                expire_after_days=said.expire_after_days,
            )
        )
    artifacts = artifacts_bucket(work)
    return (*buckets, artifacts) if artifacts else tuple(buckets)


def _log_bucket(work: Work) -> str:
    storage = work.spec.block(Storage)
    if not storage and not work.spec.block(Tracking):
        return ""
    for name in sorted(RESERVED_BUCKETS & (storage.buckets.keys() if storage else set())):
        work.diagnostics.append(
            Diagnostic(
                code="GP303",
                message=f"the bucket name `{name}` is taken by a bucket that groundplan makes",
                hint=f"choose a name other than {', '.join(sorted(RESERVED_BUCKETS))}",
                path=f"storage.buckets.{name}",
            )
        )
    return _bucket_name(work, "access-logs", "name")


def _repositories(work: Work) -> tuple[Repository, ...]:
    registry, repositories = work.spec.block(Registry), []
    for name, said in (registry.repositories if registry else {}).items():
        path = f"registry.repositories.{name}"
        full = f"{work.spec.name}{work.cloud.path_separator}{name}"
        work.diagnostics += naming.check_name(work.cloud, "repository", full, path)
        repositories.append(
            Repository(
                name=name,
                repository=full,
                keep_images=work.choose(
                    f"{path}.keep_images", said.keep_images, DEFAULT_IMAGES, "releases to go back to"
                ),
                keeps_only=said.keep_images is not None,
                size_gib=work.choose(
                    f"{path}.size_gib", as_written(said.size_gib), DEFAULT_REPOSITORY_GIB, "a few layered images"
                ),
            )
        )
    return tuple(repositories)


def _state(work: Work) -> State:
    said = work.spec.section(state_blocks.State)
    if said.backend == "local":
        return State(backend="local", bucket="", log_bucket="")
    if said.bucket is not None:
        work.decide("state.bucket", said.bucket, Origin.SPEC, "as the spec says")
        return State(backend="remote", bucket=said.bucket, log_bucket="")
    bucket = _bucket_name(work, "tfstate", "name")
    work.decide("state.bucket", bucket, Origin.DERIVED, BUCKET_NAME_REASON)
    return State(backend="remote", bucket=bucket, log_bucket=_bucket_name(work, "tfstate-logs", "name"))


def _bucket_name(work: Work, name: str, path: str) -> str:
    full = naming.bucket_name(work.spec, name)
    work.diagnostics += naming.check_name(work.cloud, "bucket", full, path)
    return full
