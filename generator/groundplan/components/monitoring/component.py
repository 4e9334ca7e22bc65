"""Monitoring: Prometheus, Alertmanager and Grafana on the cluster, and the way out for alerts by e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import (
    FOUNDATION,
    PLATFORM,
    POOL_LABEL,
    Arguments,
    CloudPart,
    Component,
    Meter,
    MeterKind,
    ModuleCall,
    Output,
)
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.mlflow.component import DATABASE
from groundplan.components.node_pool.component import system_pool
from groundplan.components.storage_class.component import STORAGE_CLASS
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.quantities import Band
from groundplan.stack.model import SYSTEM_POOL, Monitoring, SecretKey, Stack

PATH = "monitoring"
SERVERS = Ref("monitoring", "monitoring")
MANAGED = Ref("managed_prometheus", "managed_prometheus")
"""The servers on the cluster, and the managed service."""
SAMPLES_MILLION = Band(Decimal(500), Decimal(1500), Decimal(6000))
"""Samples of the managed service: some 12,000 to 140,000 series, looked at every minute."""
NAMESPACE = "monitoring"
FURTHER_GIB = 3
"""Disks of Alertmanager, which has two replicas, and of the Pushgateway."""


class MonitoringPart(CloudPart):
    """How a cloud takes alerts to people."""

    def email_route(self, stack: Stack) -> Arguments:
        """How Alertmanager hands over what goes out by e-mail."""
        return {}


class MonitoringComponent(Component[MonitoringPart]):
    """The monitoring module, and a notification topic when alerts go out by e-mail."""

    name = "monitoring"
    anywhere = MonitoringPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """The topic in the foundation and the servers on the cluster, or the managed service alone."""
        monitoring = stack.monitoring
        if monitoring is None:
            return
        if monitoring.managed:
            yield _managed(stack, monitoring, self.on(cloud))
            return
        if monitoring.email:
            yield ModuleCall(
                component=self.name,
                name="alert_topic",
                source=f"{stack.provider}/alert_topic",
                layer=FOUNDATION,
                arguments={
                    "name": Var("name"),
                    "cluster_name": CLUSTER.at("name"),
                    "emails": [monitoring.email],
                    **self.on(cloud).arguments("alert_topic", stack),
                },
                path=f"{PATH}.alerts",
            )
        yield ModuleCall(
            component=self.name,
            name=SERVERS.call,
            source="kubernetes/monitoring",
            layer=PLATFORM,
            arguments=_arguments(stack, monitoring, self.on(cloud)),
            path=PATH,
            outputs=(Output("monitoring", SERVERS, "Where the servers are."),),
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The disks of the servers, which run on the system pool, or what the managed service counts."""
        if stack.monitoring is None:
            return
        if stack.monitoring.managed:
            words = "some 12,000 to 140,000 series, 35,000 expected, looked at every minute"
            yield managed_meter("metrics.samples_ingested", "million_samples", SAMPLES_MILLION, words, "usage")
        else:
            yield Meter(
                component=self.name,
                item="disk.general",
                unit="gib_month",
                quantity=Band.of(Decimal(stack.monitoring.storage_gib + FURTHER_GIB)),
                assumption=f"{stack.monitoring.storage_gib} GiB for Prometheus, {FURTHER_GIB} beside it",
                kind="fixed",
                path=PATH,
                address=SERVERS.address,
            )


def managed_meter(item: str, unit: str, quantity: Band, assumption: str, kind: MeterKind = "fixed") -> Meter:
    """A meter of the managed service."""
    return Meter(
        component=MonitoringComponent.name,
        item=item,
        unit=unit,
        quantity=quantity,
        assumption=assumption,
        kind=kind,
        path=PATH,
        address=MANAGED.address,
    )


def _managed(stack: Stack, monitoring: Monitoring, part: MonitoringPart) -> ModuleCall:
    arguments: dict[str, Value] = {
        "name": Var("name"),
        "cluster": CLUSTER,
        "emails": [monitoring.email],
        "workload_namespaces": sorted({pool.namespace for pool in stack.workload_pools}),
    }
    if stack.mlflow and stack.mlflow.on_cluster:
        arguments["mlflow"] = True
    if stack.mlflow:
        arguments["database"] = {"identifier": DATABASE.at("identifier")}
    if monitoring.runbook_url is not None:
        arguments["runbook_url"] = monitoring.runbook_url
    return ModuleCall(
        component=MonitoringComponent.name,
        name=MANAGED.call,
        source=f"{stack.provider}/managed_prometheus",
        layer=FOUNDATION,
        arguments={**arguments, **part.arguments("managed_prometheus", stack)},
        path=PATH,
        depends_on=(system_pool(stack).whole,),
        outputs=(Output("prometheus_endpoint", MANAGED.at("endpoint"), "Queries."),),
    )


def _arguments(stack: Stack, monitoring: Monitoring, part: MonitoringPart) -> dict[str, Value]:
    cost: dict[str, Value] = {"node_usd_per_hour": dict(monitoring.node_usd_per_hour)}
    if stack.budget_monthly_usd is not None:
        cost["monthly_usd"] = stack.budget_monthly_usd
    return {
        "name": Var("name"),
        "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
        "storage": {
            "class": STORAGE_CLASS.at("name"),
            "size_gib": monitoring.storage_gib,
            "retention_days": monitoring.retention_days,
        },
        "workload_namespaces": sorted({pool.namespace for pool in stack.workload_pools}),
        "gpu": stack.has_gpu,
        "mlflow": stack.mlflow is not None and stack.mlflow.on_cluster,
        "alerts": {**(part.email_route(stack) if monitoring.email else {}), **_alerts(monitoring)},
        "grafana": {} if monitoring.grafana_url is None else {"url": monitoring.grafana_url},
        "cost": cost,
        **({} if monitoring.runbook_url is None else {"runbook_url": monitoring.runbook_url}),
        **part.arguments("monitoring", stack),
    }


def _alerts(monitoring: Monitoring) -> dict[str, Value]:
    """The ways out that hold on any cloud; e-mail goes through the cloud's own service."""
    ways: dict[str, Value] = {}
    if monitoring.slack_webhook_url:
        ways["slack"] = {"channel": monitoring.slack_channel, "webhook_url": _secret(monitoring.slack_webhook_url)}
    if monitoring.pagerduty_routing_key:
        ways["pagerduty"] = {"routing_key": _secret(monitoring.pagerduty_routing_key)}
    return ways


def _secret(reference: SecretKey) -> Value:
    return {"name": reference.secret, "key": reference.key}


COMPONENT = MonitoringComponent()
