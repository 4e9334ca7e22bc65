"""Logs, metrics, alarms, and who watches the account."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.shapes import monthly, rule, stated, unmetered
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.planned import Planned, used
from groundplan.quantities import Band

STANDARD_SECONDS = Decimal(60)
"""An alarm that looks more often is one of high resolution: https://aws.amazon.com/cloudwatch/pricing/, alarms."""
ANOMALY = "ANOMALY_DETECTION_BAND"
ANOMALY_METRICS = 3
"""Metrics for each one under anomaly detection: itself and the two bounds of what is expected of it."""


def _log_group(r: Planned, _: Catalog) -> Iterable[Use]:
    flows = r.referring("aws_flow_log", "log_destination")
    days = int(r.number("retention_in_days") or 0)
    ingested = r.stated("monthly_data_ingested_gb", "what is written to it")
    if r.text("log_group_class") == "INFREQUENT_ACCESS":
        yield use("logs.ingested_infrequent", "gib", ingested)
        yield use("logs.stored", "gib_month", r.stated("storage_gb", "what is kept of them"))
        return
    uses = BILLING.logs(ingested, days, network=bool(flows))
    kept = r.usage("storage_gb")
    if kept is None:
        yield from uses
        return
    yield next(iter(uses))
    yield use("logs.stored", "gib_month", Amount(kept, "what is kept, of the usage file"))


def _alarm(r: Planned, _: Catalog) -> Iterable[Use]:
    """By the metrics that it looks at and how often; an expression may have several."""
    queries = r.blocks("metric_query")
    watched = [query for query in queries if query.items("metric")]
    seconds = [s for query in watched if (s := query.number("metric", "period")) is not None]
    fast = min([*seconds, r.number("period") or STANDARD_SECONDS], default=STANDARD_SECONDS) < STANDARD_SECONDS
    anomalies = any(ANOMALY in query.text("expression") for query in queries)
    metrics = (len(watched) or 1) * (ANOMALY_METRICS if anomalies else 1)
    amount = Amount.of(metrics, f"{metrics} metrics under alarm")
    if any("SELECT " in query.text("expression").upper() for query in queries):
        amount = used("metrics that the query returns")
    yield use("metrics.alarm_high_resolution", "alarm_month", amount) if fast else BILLING.alarm(amount)


def _workspace(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.samples_ingested(used("the series written to it"))
    yield BILLING.samples_stored(used("the series kept in it"))


def _scraper(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.collector()
    yield BILLING.samples_collected(used("the series that it collects"))


def _grafana(r: Planned, _: Catalog) -> Iterable[Use]:
    """At least one editor signs in: https://aws.amazon.com/grafana/pricing/."""
    editors = r.usage("editors_administrator_licenses") or Band.of(1)
    yield use("dashboards.editor", "user_month", Amount(editors, f"{editors.expected:f} editors"))
    yield use("dashboards.viewer", "user_month", r.stated("viewer_licenses", "viewers"))


def _trail(r: Planned, _: Catalog) -> Iterable[Use]:
    if not r.off("include_global_service_events"):
        copies = r.stated("monthly_additional_management_events", "management events of a second trail")
        yield use("audit.management_event", "event", copies)
    if r.items("event_selector") or r.items("advanced_event_selector"):
        yield use("audit.data_event", "event", r.stated("monthly_data_events", "reads and writes that it records"))
    if r.items("insight_selector"):
        yield use("audit.insight_event", "event", r.stated("monthly_insight_events", "events looked at for insights"))


def _metric_filter(r: Planned, _: Catalog) -> Iterable[Use]:
    """A metric of one's own in the hours in which the filter finds something; with a default, in all of them."""
    always = Decimal(1 if r.text("metric_transformation", "default_value") else 0)
    amount = Amount(Band(always, Decimal(1), Decimal(1)), "one metric, in hours with a match")
    yield use("metrics.custom", "metric_month", amount)


def _flow_log(r: Planned, _: Catalog) -> Iterable[Use]:
    """What goes to a log group is billed there: https://aws.amazon.com/cloudwatch/pricing/, vended logs."""
    if r.text("log_destination_type") in ("s3", "kinesis-data-firehose"):
        yield use("logs.flow_delivered", "gib", used("what the network writes"))


def _tracking(r: Planned, _: Catalog) -> Iterable[Use]:
    """Alarms that target tracking makes: https://docs.aws.amazon.com/autoscaling/application/userguide/."""
    if r.text("policy_type") == "TargetTrackingScaling":
        yield BILLING.alarm(used("alarms that its target tracking makes"))


USES = {
    "aws_appautoscaling_policy": _tracking,
    "aws_autoscaling_policy": _tracking,
    "aws_cloudwatch_log_data_protection_policy": rule(
        unmetered("logs.masked", "gib", "what is looked at for personal data")
    ),
    "aws_cloudwatch_log_metric_filter": _metric_filter,
    "aws_flow_log": _flow_log,
    "aws_securityhub_standards_subscription": rule(unmetered("audit.checks", "check", "checks of the standard")),
    "aws_accessanalyzer_analyzer": rule(
        unmetered("audit.access_analysis", "check_month", "an analyzer of unused access")
    ),
    "aws_cloudtrail": _trail,
    "aws_cloudtrail_event_data_store": rule(unmetered("audit.lake_ingested", "gib", "events that it takes in")),
    "aws_cloudwatch_composite_alarm": rule(monthly("metrics.alarm_composite", "alarm_month", "composite alarm")),
    "aws_cloudwatch_dashboard": rule(
        monthly("metrics.dashboard", "dashboard_month", "dashboard; the account's first 3 are free")
    ),
    "aws_cloudwatch_log_group": _log_group,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_cloudwatch_metric_stream": rule(unmetered("metrics.streamed", "update", "metrics that it sends")),
    "aws_config_config_rule": rule(
        stated("audit.rule_evaluation", "evaluation", "monthly_rule_evaluations", "evaluations")
    ),
    "aws_config_configuration_recorder": rule(
        stated("audit.item", "item", "monthly_config_items", "changes that it records")
    ),
    "aws_config_conformance_pack": rule(unmetered("audit.pack_evaluation", "evaluation", "evaluations of its rules")),
    "aws_detective_graph": rule(unmetered("audit.detective", "gib", "data that it takes in")),
    "aws_grafana_workspace": _grafana,
    "aws_guardduty_detector": rule(unmetered("audit.threats", "event", "events and traffic that it looks at")),
    "aws_inspector2_enabler": rule(unmetered("audit.scans", "scan", "machines, images and functions that it scans")),
    "aws_macie2_account": rule(unmetered("audit.buckets", "bucket_month", "buckets and objects that it looks at")),
    "aws_prometheus_scraper": _scraper,
    "aws_prometheus_workspace": _workspace,
    "aws_securityhub_account": rule(unmetered("audit.checks", "check", "checks of the account")),
    "aws_synthetics_canary": rule(unmetered("metrics.canary", "run", "runs of it")),
    "aws_xray_sampling_rule": rule(unmetered("metrics.traces", "trace", "traces that it samples")),
}
