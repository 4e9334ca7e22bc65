"""What watches a stack."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.components.monitoring import spec as blocks
from groundplan.stack.model import Monitoring, MonitoringHosting, Pool, SecretKey
from groundplan.stack.work import Work

PATH = "monitoring"
DEFAULT_RETENTION = (15, "two sprints to look back")
MANAGED_RETENTION_DAYS = 150
DEFAULT_STORAGE_GIB = 50


def resolve_monitoring(work: Work, pools: Sequence[Pool]) -> Monitoring | None:
    """The monitoring, or None when the spec has none."""
    said = work.spec.block(blocks.Monitoring)
    if said is None:
        return None
    prometheus, alerts = said.prometheus, said.alerts
    path = f"{PATH}.prometheus"
    default: MonitoringHosting = "kubernetes"
    hosting = work.choose(f"{path}.hosting", prometheus.hosting, default, "dashboards beside the metrics")
    managed = hosting == "managed"
    days, why = (MANAGED_RETENTION_DAYS, "what the service keeps") if managed else DEFAULT_RETENTION
    storage = prometheus.storage_gib or 0
    if not managed:
        storage = work.choose(
            f"{path}.storage_gib", prometheus.storage_gib, DEFAULT_STORAGE_GIB, "15 days of some 200,000 series"
        )
    return Monitoring(
        hosting=hosting,
        retention_days=work.choose(f"{path}.retention_days", prometheus.retention_days, days, why),
        storage_gib=storage,
        grafana_url=said.grafana.url,
        runbook_url=alerts.runbook_url,
        email=alerts.email or "",
        slack_channel=alerts.slack.channel if alerts.slack else "",
        slack_webhook_url=_secret(alerts.slack.webhook_url) if alerts.slack else None,
        pagerduty_routing_key=_secret(alerts.pagerduty.routing_key) if alerts.pagerduty else None,
        node_usd_per_hour={
            name: price.usd_expected
            for name in sorted({name for pool in pools for name in pool.instance_types})
            if (price := work.cloud.prices.instance_price(work.spec.cloud.region, name, "on_demand"))
        },
    )


def _secret(said: blocks.SecretKey) -> SecretKey:
    return SecretKey(said.name, said.key)
