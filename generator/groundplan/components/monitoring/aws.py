"""Monitoring on AWS."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.billing import Amount, kept
from groundplan.components.base import Arguments, Aspects, Meter, Note
from groundplan.components.keys.component import key_id
from groundplan.components.monitoring.component import COMMON_THRESHOLDS, GPU_THRESHOLDS, MonitoringPart
from groundplan.components.monitoring.meters import SAMPLES_MILLION, SERIES, managed_meter
from groundplan.components.monitoring.part import monitoring_of
from groundplan.components.needs import Database, Key
from groundplan.components.network.component import NETWORK
from groundplan.components.node_pool.part import has_gpu
from groundplan.stack.model import Need, Stack

STORED_GIB_PER_MILLION = Decimal("0.002")
CLUSTER_ALARMS, DATABASE_ALARMS = 5, 3
"""Metrics that the alarms of the managed service look at."""


class AwsMonitoring(MonitoringPart):
    """Monitoring on AWS."""

    managed_thresholds = COMMON_THRESHOLDS | {"apiserver_error_percent"}
    """Its collector sees no GPUs."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Keys and the network of what AWS runs."""
        monitoring = monitoring_of(stack)
        if module == "alert_topic":
            return {"kms_key": key_id("cluster")}
        if module != "managed_prometheus":
            return {}
        retention_days = monitoring.retention_days if monitoring else 0
        return {
            "network": NETWORK,
            "kms_key": key_id("alerts"),
            "logs": {"kms_key": key_id("logs")},
            "metrics": {"retention_days": retention_days},
        }

    def needs(self, stack: Stack) -> Iterable[Need]:
        """The managed service sends alerts through a topic that its key encrypts."""
        monitoring = monitoring_of(stack)
        if monitoring is not None and monitoring.managed:
            yield Key("alerts")

    def email_route(self, stack: Stack) -> Arguments:
        """The topic that the foundation makes, whose address is known before it is there."""
        topic = f"arn:aws:sns:{stack.region}:{stack.account}:{stack.name}-alerts"
        return {"sns": {"topic_arn": topic}}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The collector, what it collects and what is kept, and the alarms."""
        monitoring = monitoring_of(stack)
        if monitoring is None or not monitoring.managed:
            return
        yield managed_meter(BILLING.samples_collected(Amount(SAMPLES_MILLION, SERIES)), "usage")
        samples = kept(SAMPLES_MILLION.times(STORED_GIB_PER_MILLION), monitoring.retention_days)
        yield managed_meter(BILLING.samples_stored(Amount(samples.band, f"2 bytes a sample, {samples.words}")))
        yield managed_meter(BILLING.collector())
        alarms = CLUSTER_ALARMS + (DATABASE_ALARMS if stack.needed(Database) else 0)
        yield managed_meter(BILLING.alarm(Amount.of(alarms, f"{alarms} metrics under alarm")))

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Addresses confirm, and the managed collector sees no GPUs."""
        monitoring = monitoring_of(stack)
        mails = monitoring is not None and bool(monitoring.email)
        words = "gets nothing before somebody follows the link in SNS's first mail"
        yield Note("otherwise", words, ("monitoring.alerts.email",) if mails else ())
        blind = monitoring is not None and monitoring.managed and has_gpu(stack)
        words = "the managed collector brings no GPU metrics, so nobody sees idle GPUs"
        yield Note("part", words, ("monitoring.prometheus.hosting",) if blind else ())
        asked = GPU_THRESHOLDS & monitoring.thresholds.keys() if monitoring and monitoring.managed else set()
        yield Note("none", words, tuple(f"monitoring.thresholds.{name}" for name in sorted(asked)))

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        monitoring = monitoring_of(stack)
        if monitoring is not None and monitoring.managed:
            return {
                "metrics": "Amazon Managed Service for Prometheus, filled by AWS's collector",
                "alerts": "rule files and an alert manager; CloudWatch alarms",
                "e-mail": "SNS topic; each address confirms once",
                "GPU metrics": "none",
                "kept": "retention_days",
            }
        return {
            "metrics": "Prometheus, on a volume of its own",
            "alerts": "Alertmanager on the cluster",
            "e-mail": "SNS topic, to which Alertmanager publishes; each address confirms once",
            "GPU metrics": "DCGM exporter on GPU nodes",
            "kept": "retention_days, as the disk allows",
        }


PART = AwsMonitoring()
