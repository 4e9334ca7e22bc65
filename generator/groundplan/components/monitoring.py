"""Monitoring: Prometheus, Alertmanager and Grafana on the cluster, and the way out for alerts by e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.components.base import FOUNDATION, PLATFORM, POOL_LABEL, Meter, ModuleCall, Output, Quantity
from groundplan.components.keys import key_arn
from groundplan.render.hcl import Expression, Value
from groundplan.stack.model import SYSTEM_POOL, Monitoring, SecretKey, Stack

PATH = "monitoring"
NAMESPACE = "monitoring"
FURTHER_GIB = 3
"""Disks of Alertmanager, which has two replicas, and of the Pushgateway."""


class MonitoringComponent:
    """The monitoring module, and a notification topic when alerts go out by e-mail."""

    name = "monitoring"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """The topic in the foundation, the servers on the cluster."""
        monitoring = stack.monitoring
        if monitoring is None:
            return
        if monitoring.email:
            yield ModuleCall(
                component=self.name,
                name="alert_topic",
                source=f"{stack.provider}/alert_topic",
                layer=FOUNDATION,
                arguments={
                    "name": Expression("var.name"),
                    "cluster_name": Expression("module.cluster.cluster.name"),
                    "kms_key_arn": key_arn("cluster"),
                    "emails": [monitoring.email],
                },
                path=f"{PATH}.alerts",
            )
        yield ModuleCall(
            component=self.name,
            name="monitoring",
            source="kubernetes/monitoring",
            layer=PLATFORM,
            arguments=_arguments(stack, monitoring),
            path=PATH,
            outputs=(Output("monitoring", Expression("module.monitoring.monitoring"), "Where the servers are."),),
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The disk of Prometheus; the servers run on the system pool, notifications are counted by the thousand."""
        if stack.monitoring is not None:
            yield Meter(
                component=self.name,
                item="disk.general",
                unit="gib_month",
                quantity=Quantity.of(Decimal(stack.monitoring.storage_gib + FURTHER_GIB)),
                assumption=f"{stack.monitoring.storage_gib} GiB for Prometheus, {FURTHER_GIB} beside it",
                kind="fixed",
                path=PATH,
                address="module.monitoring",
            )


def _arguments(stack: Stack, monitoring: Monitoring) -> dict[str, Value]:
    cost: dict[str, Value] = {"node_usd_per_hour": dict(monitoring.node_usd_per_hour)}
    if stack.budget_monthly_usd is not None:
        cost["monthly_usd"] = stack.budget_monthly_usd
    return {
        "name": Expression("var.name"),
        "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
        "storage": {
            "class": Expression("module.storage_class.storage_class.name"),
            "size_gib": monitoring.storage_gib,
            "retention_days": monitoring.retention_days,
        },
        "workload_namespaces": sorted({pool.namespace for pool in stack.workload_pools}),
        "gpu": stack.has_gpu,
        "mlflow": stack.mlflow is not None,
        "alerts": _alerts(monitoring),
        "grafana": {} if monitoring.grafana_url is None else {"url": monitoring.grafana_url},
        "cost": cost,
        **({} if monitoring.runbook_url is None else {"runbook_url": monitoring.runbook_url}),
    }


def _alerts(monitoring: Monitoring) -> dict[str, Value]:
    ways: dict[str, Value] = {}
    if monitoring.topic:
        ways["sns"] = {"topic_arn": monitoring.topic}
    if monitoring.slack_webhook_url:
        ways["slack"] = {"channel": monitoring.slack_channel, "webhook_url": _secret(monitoring.slack_webhook_url)}
    if monitoring.pagerduty_routing_key:
        ways["pagerduty"] = {"routing_key": _secret(monitoring.pagerduty_routing_key)}
    return ways


def _secret(reference: SecretKey) -> Value:
    return {"secret": reference.secret, "key": reference.key}
