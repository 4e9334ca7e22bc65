"""Logs, metrics and alerts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.planned.metered import Metered, by_use, only_stated
from groundplan.clouds.planned import Planned, Uses

SINKS = (
    "google_logging_project_sink",
    "google_logging_folder_sink",
    "google_logging_organization_sink",
    "google_logging_billing_account_sink",
)
DEFAULT_LOG_DAYS = 30
"""https://docs.cloud.google.com/logging/docs/buckets#custom-retention."""
NETWORK_LOGS = {f"compute.googleapis.com/{name}" for name in ("vpc_flows", "firewall", "nat_flows")}
"""What Google calls vended network logs: https://cloud.google.com/stackdriver/pricing."""
LOG_ID = re.compile(r'log_id\("([^"]+)"\)')

LOGGED = Metered("logs.ingested", "gib", "what is written to it", "monthly_logging_data_gb")
log_sink = only_stated(LOGGED)
"""What a sink brings somewhere is counted there."""
metric = by_use(
    Metered("metrics.ingested", "mib", "what is written to it", "monthly_monitoring_data_mb"),
    Metered("metrics.read", "request", "reads of it", "monthly_api_calls"),
)
uptime_check = by_use(Metered("metrics.uptime_check", "request", "runs of it, by period and places"))


def log_bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    """What sinks bring to it; logs of the network alone are billed lower."""
    sinks = [sink for type_ in SINKS for sink in r.referring(type_, "destination")]
    logs = {name for sink in sinks for name in LOG_ID.findall(sink.text("filter"))}
    days = int(r.number("retention_days") or DEFAULT_LOG_DAYS)
    yield from BILLING.logs(LOGGED.amount(r), days, network=bool(logs) and logs <= NETWORK_LOGS)


def log_metric(_: Planned, __: Catalog) -> Iterable[Use]:
    """A metric counted in logs."""
    yield BILLING.log_metric()


def alert_policy(r: Planned, _: Catalog) -> Iterable[Use]:
    """By conditions: https://docs.cloud.google.com/monitoring/alerts/cost-control. One that is off costs nothing."""
    if not r.off("enabled"):
        count = max(len(r.items("conditions")), 1)
        yield BILLING.alarm(Amount.of(count, f"{count} conditions"))


USES: Mapping[str, Uses] = {
    "google_logging_billing_account_bucket_config": log_bucket,
    "google_logging_billing_account_sink": log_sink,
    "google_logging_folder_bucket_config": log_bucket,
    "google_logging_folder_sink": log_sink,
    "google_logging_metric": log_metric,
    "google_logging_organization_bucket_config": log_bucket,
    "google_logging_organization_sink": log_sink,
    "google_logging_project_bucket_config": log_bucket,
    "google_logging_project_sink": log_sink,
    "google_monitoring_alert_policy": alert_policy,
    "google_monitoring_metric_descriptor": metric,
    "google_monitoring_uptime_check_config": uptime_check,
}
