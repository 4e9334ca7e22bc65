"""The cluster on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.support import VersionInUse
from groundplan.components.base import Arguments, Aspects, CloudPart, Meter, Note
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.cluster.meters import cluster_meter, version_in_use
from groundplan.components.cluster.part import Cluster, cluster_of, has_dns_endpoint
from groundplan.components.gcp import LOG_BUCKET_CAUTION
from groundplan.components.needs import Collector, OwnLog, Permission, RunsAs
from groundplan.hcl.references import Var
from groundplan.hcl.write import Value
from groundplan.quantities import Band
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Need, Stack

CONTAINER_LOG_GIB = Band(Decimal(1), Decimal(10), Decimal(100))
"""What the containers of a small cluster write."""


def location_of(cluster: Cluster) -> Value:
    """The region of the environment, or the zone of a zonal cluster."""
    return cluster.zones[0] if cluster.options.get("location") == "zonal" else Var("region")


class GcpCluster(CloudPart):
    """The cluster on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Where the control plane and its nodes are, and which of GKE's own services are on."""
        cluster = cluster_of(stack)
        assert cluster is not None, "there is a call because there is a cluster"
        further: dict[str, Value] = {"region": Var("region"), "zones": list(cluster.zones)}
        if any(collector.managed for collector in stack.needed(Collector)):
            further["managed_prometheus"] = True
        return further

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What a cluster calls."""
        cluster = cluster_of(stack)
        return ("binaryauthorization", "container") if cluster is not None and layer == FOUNDATION else ()

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """GKE sends the logs of all containers to Cloud Logging too."""
        cluster = cluster_of(stack)
        if cluster is None:
            return
        ingested = Amount(CONTAINER_LOG_GIB, "1 to 100 GiB of containers' logs, 10 expected")
        for use in BILLING.logs(ingested, cluster.logs_retention_days, name="containers' logs"):
            yield cluster_meter(use)

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Its logs have a log bucket."""
        if cluster_of(stack):
            yield OwnLog("cluster", CLUSTER.at("log_filter"), "cluster")
            if has_dns_endpoint(cluster_of(stack)):
                yield Permission("container.clusters.connect", "cluster.gcp.dns_endpoint")
            yield RunsAs(f"{stack.name}-nodes", f"Nodes of {stack.name}")

    def template_values(self, stack: Stack) -> Arguments:
        """A zonal cluster is found by its zone, and reached by its name or address."""
        cluster = cluster_of(stack)
        return {
            "cluster_location": location_of(cluster) if cluster else Var("region"),
            "cluster_dns_endpoint": has_dns_endpoint(cluster),
        }

    def upkeep(self, stack: Stack) -> Iterable[str]:
        """GKE does it."""
        if cluster_of(stack):
            yield (
                "Kubernetes, add-ons and images of the nodes: GKE upgrades them in the maintenance window, as the"
                " release channel says. `cluster.version` is a lower bound, raised by one minor version at a time"
            )

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Facts of GKE that no configuration changes; see docs/nasty-facts.md."""
        cluster = cluster_of(stack)
        if cluster:
            yield LOG_BUCKET_CAUTION
            yield (
                "Workloads are known by namespace and service account in the whole project: give each environment its "
                "own, or the workloads of one reach the buckets of another"
            )

    def versions(self, stack: Stack, catalog: Catalog) -> Iterable[VersionInUse]:
        """GKE upgrades what leaves standard support, but in the channel that keeps it at a higher price."""
        cluster = cluster_of(stack)
        kept = cluster is not None and cluster.options.get("release_channel") == "EXTENDED"
        return version_in_use(stack, catalog, BILLING, "GKE", kept=kept)

    def notes(self, stack: Stack) -> Iterable[Note]:
        """The release channel upgrades, protection is Terraform's, and containers' logs are kept too."""
        cluster = cluster_of(stack)
        there = cluster is not None
        protected = cluster is not None and cluster.deletion_protection
        words = "a lower bound: the release channel upgrades by itself"
        yield Note("otherwise", words, ("cluster.version",) if there else ())
        # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster
        words = "Terraform refuses to delete the cluster; console and gcloud do not"
        yield Note("part", words, ("cluster.deletion_protection",) if protected else ())
        words = "logs of all containers are kept as long and billed"
        yield Note("otherwise", words, ("cluster.logs_retention_days",) if there else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        cluster = cluster_of(stack)
        zonal = cluster is not None and cluster.options.get("location") == "zonal"
        where = "in one zone" if zonal else "regional"
        by_name = has_dns_endpoint(cluster)
        reach = "by its DNS name for whom IAM lets in" if by_name else "private unless ranges are named"
        channel = (cluster.options.get("release_channel") if cluster else None) or "REGULAR"
        return {
            "control plane": f"GKE Standard, {where}, API {reach}",
            "upgrades": f"by the release channel {channel}, in the maintenance window",
            "network policies": "Dataplane V2",
            "people": "IAM (roles/container.admin) and RBAC",
            "logs": "control plane, system and all containers, in a log bucket of their own",
            "after a destroy": "the log bucket's name is taken for 7 days",
        }


PART = GcpCluster()
