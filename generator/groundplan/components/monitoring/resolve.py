"""What watches a stack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from groundplan.components.monitoring import spec as blocks
from groundplan.components.monitoring.part import PATH, Monitoring, MonitoringHosting, SecretKey, SignOn
from groundplan.components.node_pool.part import Pool, Pools
from groundplan.stack.model import Origin
from groundplan.stack.standing import Disk, disk_gib
from groundplan.stack.work import Work

NODE_PRICES = f"{PATH}.node_usd_per_hour"
_KEPT_PRICE = re.compile(r"(\S+) (?:unknown|(\d{1,5}(?:\.\d{1,12})?))", re.ASCII)
DEFAULT_RETENTION = (15, "two sprints to look back")
MANAGED_RETENTION_DAYS = 150
_DISK = Disk(
    path=f"{PATH}.prometheus.storage_gib",
    name="the volume of Prometheus",
    default_gib=50,
    reason="15 days of some 200,000 series",
    smaller="1. take `monitoring` out and apply, which deletes its series, 2. put it back with the smaller volume",
)
"""https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims"""


def resolve_monitoring(work: Work) -> Monitoring | None:
    """The monitoring, or None when the spec has none."""
    said = work.spec.block(blocks.Monitoring)
    if said is None:
        return None
    part = work.part(Pools)
    pools = part.pools if part else ()
    prometheus, alerts = said.prometheus, said.alerts
    path = f"{PATH}.prometheus"
    default: MonitoringHosting = "kubernetes"
    hosting = work.choose(f"{path}.hosting", prometheus.hosting, default, "dashboards beside the metrics")
    managed = hosting == "managed"
    days, why = (MANAGED_RETENTION_DAYS, "what the service keeps") if managed else DEFAULT_RETENTION
    storage = prometheus.storage_gib or 0
    if not managed:
        storage = disk_gib(work, _DISK, prometheus.storage_gib)
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
        heartbeat_url=_secret(alerts.heartbeat.url) if alerts.heartbeat else None,
        repeat_hours=alerts.repeat_hours,
        grafana_oidc=_sign_on(said.grafana.oidc) if said.grafana.oidc else None,
        thresholds=said.thresholds.model_dump(exclude_none=True),
        node_usd_per_hour=_node_prices(work, pools, shown=not managed),
    )


def _node_prices(work: Work, pools: Sequence[Pool], *, shown: bool) -> Mapping[str, Decimal]:
    """What the cost dashboard takes an hour of a machine for, when it is `shown`.

    It is an argument of a module, so it is kept like any other decision: a price that moved makes no folder stale.
    """
    names = sorted({name for pool in pools for name in pool.instance_types})
    found = ((name, work.cloud.prices.instance_price(work.spec.cloud.region, name, "on_demand")) for name in names)
    current = {name: price.usd_expected if price else None for name, price in found}
    before = (_KEPT_PRICE.fullmatch(entry) for entry in work.kept.names(NODE_PRICES))
    kept = {match[1]: Decimal(match[2]) if match[2] else None for match in before if match}
    prices = {name: kept.get(name, usd) for name, usd in current.items()}
    if prices and shown:
        now = "" if prices == current else f"kept from the last render; --upgrade takes {_listed(current)}"
        reason = "on-demand prices when first rendered, for the cost dashboard"
        work.decide(NODE_PRICES, _listed(prices), Origin.DERIVED, reason, priced_reason=now)
    return {name: usd for name, usd in prices.items() if usd is not None}


def _listed(prices: Mapping[str, Decimal | None]) -> str:
    return ", ".join(f"{name} {'unknown' if usd is None else format(usd, 'f')}" for name, usd in prices.items())


def _sign_on(said: blocks.SignOn) -> SignOn:
    secret, addresses = _secret(said.client_secret), (said.auth_url, said.token_url, said.api_url)
    return SignOn(said.client_id, secret, *addresses, said.admin_group)


def _secret(said: blocks.SecretKey) -> SecretKey:
    return SecretKey(said.name, said.key)
