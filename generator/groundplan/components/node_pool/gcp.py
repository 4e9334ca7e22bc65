"""Node pools on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Amount
from groundplan.clouds.gcp.billing import BILLING
from groundplan.components.base import Arguments, Aspects, Meter, Note
from groundplan.components.cluster.part import cluster_of
from groundplan.components.node_pool.component import NodePoolPart
from groundplan.components.node_pool.meters import node_hours, pool_meter
from groundplan.components.node_pool.part import Pool, pools_of, workload_pools_of
from groundplan.components.node_pool.zones import pool_zones
from groundplan.hcl.write import Value
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.stack.model import Stack


class GcpNodePool(NodePoolPart):
    """Node pools on Google Cloud."""

    def machine_types(self, pool: Pool) -> Sequence[str]:
        """Machine types without the GPUs that the catalog's names of attached ones end in."""
        return [name.partition("+")[0] for name in pool.instance_types]

    def local_storage_gib(self, pool: Pool, cloud: Cloud) -> int:
        """What machines of the type always have, which GKE wants to know although nobody asked, or what is asked."""
        first = cloud.catalog.instance(pool.instance_types[0])
        fixed = first is not None and (first.name.endswith("-lssd") or first.family == "z3")
        return (first.local_storage_gib if first and fixed else 0) or pool.local_storage_gib

    def nodes(self, pool: Pool, stack: Stack, cloud: Cloud) -> dict[str, Value]:
        """How nodes are renewed; GKE always repairs nodes of a release channel."""
        return {"update": {"strategy": pool.update.strategy, "max_unavailable": pool.update.max_unavailable}}

    def placement(self, pool: Pool, stack: Stack, cloud: Cloud) -> Arguments:
        """The zones that offer the pool's types, where these are not all of the cluster's."""
        cluster = cluster_of(stack)
        zones = cluster.zones if cluster else ()
        offered = pool_zones(pool, zones, stack.region, cloud.catalog, zonal=False)
        return {} if offered == zones else {"zones": cast(Value, list(offered))}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Local SSDs that are attached to machines; those that come with a type are in its price."""
        for pool in pools_of(stack):
            if pool.local_ssds:
                words = f"{pool.local_storage_gib} GiB for each running node, at the price on demand"
                gib = Amount(node_hours(pool).times(pool.local_storage_gib / HOURS_PER_MONTH), words)
                yield pool_meter(pool, BILLING.local_ssd(gib))

    def notes(self, stack: Stack) -> Iterable[Note]:
        """One machine type per pool, and two pools where there is a fallback."""
        spot = [p for p in workload_pools_of(stack) if p.capacity != "on_demand" and len(p.instance_types) == 1]
        words = "a node pool has one machine type, so spot draws on one kind of machine and may be out sooner"
        yield Note("part", words, tuple(f"{pool.path}.capacity" for pool in spot))
        # https://docs.cloud.google.com/kubernetes-engine/docs/how-to/node-auto-repair
        repaired = [f"{pool.path}.update.repair" for pool in workload_pools_of(stack) if not pool.update.repair]
        yield Note("none", "nodes of a cluster in a release channel are always repaired", tuple(repaired))
        fallback = [pool for pool in workload_pools_of(stack) if pool.capacity == "spot_with_fallback"]
        words = "each of the two node pools may grow so far; a quota bounds the sum"
        yield Note("otherwise", words, tuple(f"{pool.path}.nodes.max" for pool in fallback))

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "nodes": "GKE node pools, one per machine type and purchase option, Container-Optimized OS",
            # https://cloud.google.com/compute/docs/instances/spot
            "spot": "one machine type per pool; 30 seconds' notice",
            "fallback": "a second pool on demand; GKE takes the cheapest that has room",
            "GPU driver": "installed by GKE",
            "local storage": "Local SSD of the type, or attached to it by `gcp.local_ssds`",
            "disks": "balanced persistent disk, Hyperdisk where the family takes nothing else, your key",
            "upgrades": "by the release channel",
        }


PART = GcpNodePool()
