"""What only AWS has: arguments that its modules take beside those of every cloud, and what only AWS bills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

from groundplan.components.base import Meter, ModuleCall
from groundplan.components.keys.component import key_id
from groundplan.components.mlflow.component import LOG_DAYS, server_meter
from groundplan.components.monitoring.component import SAMPLES_MILLION, managed_meter
from groundplan.components.network.component import NETWORK, network_meter, private_ranges, stored
from groundplan.components.node_pool.component import node_hours, pool_meter
from groundplan.components.wiring import Wiring
from groundplan.hcl.write import Expression, Value
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Network, Stack

INTERFACE_ENDPOINTS = ("ecr.api", "ecr.dkr", "sts")
"""Private endpoints that nodes without a public address need, beside the gateway for S3, which is free:
https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html."""
ENDPOINT_GIB = Band(Decimal(20), Decimal(100), Decimal(500))
"""Traffic through interface endpoints: API calls and image manifests; layers and objects take the free S3 gateway."""
ACCESS_LOG_GIB = Band(Decimal("0.1"), Decimal("0.5"), Decimal(5))
DETAILED_METRICS = 7
"""What EC2's detailed monitoring is billed as: https://aws.amazon.com/cloudwatch/pricing/, EC2 detailed monitoring."""
STORED_GIB_PER_MILLION = Decimal("0.002")
CLUSTER_ALARMS, DATABASE_ALARMS, GATEWAY_ALARMS = 5, 3, 2
"""Metrics that the alarms of the managed service look at."""


def _network(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    if not isinstance(stack.network, Network):
        return {}
    return {"nat": stack.network.nat, "interface_endpoints": list(INTERFACE_ENDPOINTS)}


def _cluster(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    return {"extended_support": True} if stack.cluster and stack.cluster.extended_support else {}


def _database(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    if stack.mlflow and stack.mlflow.on_cluster:
        clients = {"cluster": Expression("module.cluster.cluster.security_group_id")}
    else:
        clients = {"mlflow": Expression("module.mlflow_serverless.client_security_group_id")}
    return {"client_security_group_ids": cast(Value, clients)}


def _mlflow(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """An Ingress of the load balancer controller, open to the ranges that may connect and to nobody else."""
    region, ingress = {"region": Expression("var.region")}, call.arguments.get("ingress")
    if stack.mlflow is None or not isinstance(ingress, Mapping):
        return region
    inbound = ", ".join([*map(str, private_ranges(stack)), *stack.mlflow.client_cidrs])
    return {
        **region,
        "ingress": {
            "class_name": Expression("module.load_balancer.load_balancer.ingress_class"),
            **ingress,
            "annotations": {"alb.ingress.kubernetes.io/inbound-cidrs": inbound},
        },
    }


def _workload_identity(_: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """The keys behind the buckets and, where an identity reads one, behind the secrets."""
    identities = call.arguments["identities"]
    assert isinstance(identities, Mapping)
    secrets = any(isinstance(identity, Mapping) and "secrets" in identity for identity in identities.values())
    return {"kms_key": key_id("storage"), **({"secrets_kms_key": key_id("database")} if secrets else {})}


def _load_balancer(_: Stack, __: ModuleCall) -> Mapping[str, Value]:
    return {"vpc_id": Expression("data.aws_eks_cluster.this.vpc_config[0].vpc_id")}


def _storage_class(_: Stack, __: ModuleCall) -> Mapping[str, Value]:
    return {"kms_key_alias": Expression('"alias/${var.name}-cluster"')}


def _alert_topic(_: Stack, __: ModuleCall) -> Mapping[str, Value]:
    return {"kms_key": key_id("cluster")}


def _monitoring(stack: Stack, call: ModuleCall) -> Mapping[str, Value]:
    """E-mail goes through the topic that the foundation makes, whose address is known before it is there."""
    ways = call.arguments["alerts"]
    if stack.monitoring is None or not stack.monitoring.email or not isinstance(ways, Mapping):
        return {}
    topic = f"arn:aws:sns:{stack.region}:{stack.account}:{stack.name}-alerts"
    return {"alerts": {"sns": {"topic_arn": topic}, **ways}}


def _managed_prometheus(stack: Stack, _: ModuleCall) -> Mapping[str, Value]:
    retention_days = stack.monitoring.retention_days if stack.monitoring else 0
    return {
        "network": NETWORK,
        "kms_key": key_id("alerts"),
        "logs": {"kms_key": key_id("logs")},
        "metrics": {"retention_days": retention_days},
    }


def _gateways(stack: Stack) -> int:
    """NAT gateways of ours; none in somebody else's network."""
    if not isinstance(stack.network, Network):
        return 0
    return len(stack.network.zones) if stack.network.nat == "per_zone" else 1


def _network_meters(stack: Stack) -> Iterable[Meter]:
    """NAT gateways with their addresses, interface endpoints, and the traffic through these."""
    if not isinstance(stack.network, Network):
        return
    zones, count, always = len(stack.network.zones), _gateways(stack), "around the clock"
    endpoints = len(INTERFACE_ENDPOINTS)
    hours = [
        ("network.nat_gateway", count, f"{count} NAT, {always}"),
        ("network.public_ipv4", count, f"one address per NAT gateway, {always}"),
        ("network.endpoint", endpoints * zones, f"{endpoints} endpoints in {zones} zones, {always}"),
    ]
    for item, number, assumption in hours:
        yield network_meter(item, "hour", Band.of(HOURS_PER_MONTH * number), assumption, "fixed")
    words = "20 to 500 GiB of API calls, 100 expected; objects and image layers take the free gateway"
    yield network_meter("network.endpoint_data", "gib", ENDPOINT_GIB, words, "usage")


def _node_pool_meters(stack: Stack) -> Iterable[Meter]:
    for pool in stack.pools:
        metrics = node_hours(pool).times(DETAILED_METRICS / HOURS_PER_MONTH)
        words = f"{DETAILED_METRICS} metrics a minute of each running node"
        yield pool_meter(pool, "metrics.custom", "metric_month", metrics, words)


def _mlflow_meters(stack: Stack) -> Iterable[Meter]:
    """A name is that of a load balancer, which keeps an access log where the server is serverless."""
    if stack.mlflow is None or not stack.mlflow.host:
        return
    if not stack.mlflow.on_cluster:
        kept, words = stored(ACCESS_LOG_GIB, LOG_DAYS)
        words = f"0.1 to 5 GiB of access log a month, half a GiB expected; {words}"
        log = server_meter(stack.mlflow, "object_store.standard", "gib_month", kept, words)
        yield replace(log, kind="usage")
    hours, words = Band.of(HOURS_PER_MONTH), "a private load balancer, around the clock"
    yield server_meter(stack.mlflow, "load_balancer.application", "hour", hours, words)
    words = "one capacity unit on average"
    yield server_meter(stack.mlflow, "load_balancer.application_capacity", "lcu_hour", hours, words)


def _monitoring_meters(stack: Stack) -> Iterable[Meter]:
    """The collector, what it collects and what is kept, and the alarms."""
    if stack.monitoring is None or not stack.monitoring.managed:
        return
    samples = "some 12,000 to 140,000 series, 35,000 expected, looked at every minute"
    yield managed_meter("metrics.samples_collected", "million_samples", SAMPLES_MILLION, samples, "usage")
    kept, words = stored(SAMPLES_MILLION.times(STORED_GIB_PER_MILLION), stack.monitoring.retention_days)
    yield managed_meter("metrics.samples_stored", "gib_month", kept, f"2 bytes a sample, {words}")
    hours = Band.of(HOURS_PER_MONTH)
    yield managed_meter("metrics.collector", "hour", hours, "one collector, around the clock")
    alarms = CLUSTER_ALARMS + (DATABASE_ALARMS if stack.mlflow else 0) + GATEWAY_ALARMS * _gateways(stack)
    yield managed_meter("metrics.alarm", "alarm_month", Band.of(alarms), f"{alarms} metrics under alarm")


def _both_directions(_: Stack, meter: Meter) -> Meter:
    """Traffic between zones is billed where it leaves and where it arrives:
    https://aws.amazon.com/ec2/pricing/on-demand/, Data Transfer within the same AWS Region."""
    words = f"{meter.assumption}; billed on both sides"
    return replace(meter, quantity=meter.quantity and meter.quantity.times(Decimal(2)), assumption=words)


WIRING = Wiring(
    adjusted={"egress.zone": _both_directions},
    arguments={
        "network": _network,
        "cluster": _cluster,
        "database": _database,
        "mlflow": _mlflow,
        "load_balancer": _load_balancer,
        "workload_identity": _workload_identity,
        "storage_class": _storage_class,
        "alert_topic": _alert_topic,
        "monitoring": _monitoring,
        "managed_prometheus": _managed_prometheus,
    },
    meters={
        "network": _network_meters,
        "node_pool": _node_pool_meters,
        "mlflow": _mlflow_meters,
        "monitoring": _monitoring_meters,
    },
)
