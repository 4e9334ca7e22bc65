"""Node pools on AWS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from groundplan.clouds.aws.billing import BILLING, surplus
from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, Aspects, Meter, Note
from groundplan.components.cluster.part import cluster_of
from groundplan.components.network.part import Network, network_of
from groundplan.components.node_pool.component import NodePoolPart
from groundplan.components.node_pool.meters import node_hours, pool_meter
from groundplan.components.node_pool.part import Pool, pools_of, workload_pools_of
from groundplan.components.node_pool.zones import pool_zones
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack


class AwsNodePool(NodePoolPart):
    """Node pools on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The release of the image, unless nodes keep theirs."""
        cluster = cluster_of(stack)
        return {"image_release": cluster.node_release} if cluster and cluster.node_release else {}

    def nodes(self, pool: Pool, stack: Stack, cloud: Cloud) -> dict[str, Value]:
        """Zones, node groups in each for the system pool, whose servers have volumes, and how nodes are renewed."""
        how = pool.update
        update: Value = {"strategy": how.strategy, "max_unavailable": how.max_unavailable, "repair": how.repair}
        zones = {"zones": cast(Value, list(named))} if (named := _zones(pool, stack, cloud)) else {}
        return {**zones, **({"group_per_zone": True} if pool.kind == "system" else {}), "update": update}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Detailed monitoring of each node, and the CPU that burstable ones take above their credits."""
        for pool in pools_of(stack):
            hours, machine = node_hours(pool), pool.instance_types[0]
            yield pool_meter(pool, BILLING.detailed_monitoring(hours))
            if above := surplus(machine, hours.high * pool.vcpus):
                yield pool_meter(pool, BILLING.cpu_credits(machine.partition(".")[0], above))

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Two groups may each grow to the bound."""
        pools = (pool for pool in workload_pools_of(stack) if pool.capacity == "spot_with_fallback")
        words = "each of the two groups may grow so far; the autoscaler bounds the sum over all pools"
        yield Note("otherwise", words, tuple(f"{pool.path}.nodes.max" for pool in pools))

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "nodes": "managed node groups, Amazon Linux 2023",
            "spot": "several machine types per pool; two minutes' notice",
            "fallback": "a second group on demand; the autoscaler tries spot first",
            "GPU driver": "in the NVIDIA image of EKS",
            "local storage": "instance store of the type, as one volume",
            "disks": "gp3, your key",
            "upgrades": "with cluster.version, or by cluster.aws.node_release",
        }


def _zones(pool: Pool, stack: Stack, cloud: Cloud) -> tuple[str, ...]:
    """The zones that offer the pool's types; none where these are all of the network's."""
    network = network_of(stack)
    own = isinstance(network, Network)
    zones = network.zones if isinstance(network, Network) else cloud.catalog.regions[stack.region].zones
    offered = pool_zones(pool, zones, stack.region, cloud.catalog, zonal=own)
    return () if offered == zones else offered


PART = AwsNodePool()
