"""Monitoring: Prometheus, Alertmanager and Grafana on the cluster, and the way out for alerts by e-mail."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import POOL_LABEL, Arguments, CloudPart, Component, ModuleCall, Output
from groundplan.components.budget.part import limits_of
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.monitoring.part import PATH, Monitoring, SecretKey, monitoring_of
from groundplan.components.monitoring.resolve import resolve_monitoring
from groundplan.components.needs import Database, Metrics, only
from groundplan.components.node_pool.component import system_pool
from groundplan.components.node_pool.part import has_gpu, workload_pools_of
from groundplan.components.storage_class.component import STORAGE_CLASS
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import SYSTEM_POOL, Part, Stack
from groundplan.stack.work import Work

SERVERS = Ref("monitoring", "monitoring")
MANAGED = Ref("managed_prometheus", "managed_prometheus")
"""The servers on the cluster, and the managed service."""
TOPIC = Ref("alert_topic", "alert_topic")
"""The way out for alerts by e-mail."""
NAMESPACE = "monitoring"

COMMON_THRESHOLDS = frozenset(
    {
        "spot_interruptions_per_hour",
        "unschedulable_minutes",
        "training_stuck_minutes",
        "mlflow_p95_seconds",
        "disk_full_hours",
        "serving_availability",
        "model_quality_floor",
        "model_drift_ceiling",
        "data_freshness_hours",
    }
)
GPU_THRESHOLDS = frozenset({"gpu_idle_minutes", "gpu_idle_percent"})
CLUSTER_THRESHOLDS = COMMON_THRESHOLDS | GPU_THRESHOLDS
"""What the rules look at: wherever they run, where GPUs are watched, and on the cluster."""


class MonitoringPart(CloudPart):
    """How a cloud takes alerts to people."""

    managed_thresholds: Collection[str] = COMMON_THRESHOLDS
    """Those that the cloud's own service knows, beside the database's."""

    def email_route(self, stack: Stack) -> Arguments:
        """How Alertmanager hands over what goes out by e-mail."""
        return {}


class MonitoringComponent(Component[MonitoringPart]):
    """The monitoring module, and a notification topic when alerts go out by e-mail."""

    name = "monitoring"
    anywhere = MonitoringPart()
    reads = ("node_pool",)

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_monitoring(work)

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """The topic in the foundation and the servers on the cluster, or the managed service alone."""
        monitoring = monitoring_of(stack)
        if monitoring is None:
            return
        if monitoring.managed:
            yield _managed(stack, monitoring, self.on(cloud))
            return
        if monitoring.email:
            yield ModuleCall(
                component=self.name,
                name=TOPIC.call,
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


def _managed(stack: Stack, monitoring: Monitoring, part: MonitoringPart) -> ModuleCall:
    arguments: dict[str, Value] = {
        "name": Var("name"),
        "cluster": CLUSTER,
        "emails": [monitoring.email],
        "workload_namespaces": sorted({pool.namespace for pool in workload_pools_of(stack)}),
    }
    arguments |= {metrics.argument: True for metrics in stack.needed(Metrics)}
    if database := only(stack.needed(Database)):
        arguments["database"] = {"identifier": database.identifier, **_database_thresholds(monitoring)}
    arguments |= _given("thresholds", _thresholds(monitoring, part.managed_thresholds))
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


def _thresholds(monitoring: Monitoring, taken: Collection[str]) -> dict[str, Value]:
    return {name: value for name, value in monitoring.thresholds.items() if name in taken}


def _database_thresholds(monitoring: Monitoring) -> dict[str, Value]:
    found = monitoring.thresholds.items()
    return {name.removeprefix("database_"): value for name, value in found if name.startswith("database_")}


def _given(name: str, value: dict[str, Value]) -> dict[str, Value]:
    """The argument, when anything is in it."""
    return {name: value} if value else {}


def _arguments(stack: Stack, monitoring: Monitoring, part: MonitoringPart) -> dict[str, Value]:
    cost: dict[str, Value] = {"node_usd_per_hour": dict(monitoring.node_usd_per_hour)}
    if limits := limits_of(stack):
        cost["monthly_usd"] = limits.monthly_usd
    return {
        "name": Var("name"),
        "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
        "storage": {
            "class": STORAGE_CLASS.at("name"),
            "size_gib": monitoring.storage_gib,
            "retention_days": monitoring.retention_days,
        },
        "workload_namespaces": sorted({pool.namespace for pool in workload_pools_of(stack)}),
        "gpu": has_gpu(stack),
        **watched(stack),
        "alerts": {**(part.email_route(stack) if monitoring.email else {}), **_alerts(monitoring)},
        "grafana": _grafana(monitoring),
        **_given("thresholds", _thresholds(monitoring, CLUSTER_THRESHOLDS)),
        "cost": cost,
        **({} if monitoring.runbook_url is None else {"runbook_url": monitoring.runbook_url}),
        **part.arguments("monitoring", stack),
    }


def watched(stack: Stack) -> dict[str, Value]:
    """Which of the servers that the modules on the cluster have rules for are there, by the modules' arguments."""
    return {"mlflow": False, **{metrics.argument: True for metrics in stack.needed(Metrics)}}


def _alerts(monitoring: Monitoring) -> dict[str, Value]:
    """The ways out that hold on any cloud; e-mail goes through the cloud's own service."""
    ways: dict[str, Value] = {}
    if monitoring.slack_webhook_url:
        ways["slack"] = {"channel": monitoring.slack_channel, "webhook_url": _secret(monitoring.slack_webhook_url)}
    if monitoring.pagerduty_routing_key:
        ways["pagerduty"] = {"routing_key": _secret(monitoring.pagerduty_routing_key)}
    if monitoring.heartbeat_url:
        ways["heartbeat"] = {"url": _secret(monitoring.heartbeat_url)}
    if monitoring.repeat_hours is not None:
        ways["repeat_hours"] = monitoring.repeat_hours
    return ways


def _grafana(monitoring: Monitoring) -> dict[str, Value]:
    """Where it is published, and who signs in."""
    grafana: dict[str, Value] = {} if monitoring.grafana_url is None else {"url": monitoring.grafana_url}
    if (oidc := monitoring.grafana_oidc) is None:
        return grafana
    group: dict[str, Value] = {} if oidc.admin_group is None else {"admin_group": oidc.admin_group}
    addresses = {"auth_url": oidc.auth_url, "token_url": oidc.token_url, "api_url": oidc.api_url}
    client = {"client_id": oidc.client_id, "client_secret": _secret(oidc.client_secret)}
    return {**grafana, "oidc": {**client, **addresses, **group}}


def _secret(reference: SecretKey) -> Value:
    return {"name": reference.secret, "key": reference.key}


COMPONENT = MonitoringComponent()
