"""Monitoring on AWS."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.billing import Amount, kept
from groundplan.components.base import Arguments, Aspects, Meter, Note
from groundplan.components.keys.component import key_id
from groundplan.components.monitoring.component import MonitoringPart
from groundplan.components.monitoring.meters import SAMPLES_MILLION, SERIES, managed_meter
from groundplan.components.network.component import NETWORK
from groundplan.stack.model import Stack

STORED_GIB_PER_MILLION = Decimal("0.002")
CLUSTER_ALARMS, DATABASE_ALARMS = 5, 3
"""Metrics that the alarms of the managed service look at."""


class AwsMonitoring(MonitoringPart):
    """Monitoring on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Keys and the network of what AWS runs."""
        if module == "alert_topic":
            return {"kms_key": key_id("cluster")}
        if module != "managed_prometheus":
            return {}
        retention_days = stack.monitoring.retention_days if stack.monitoring else 0
        return {
            "network": NETWORK,
            "kms_key": key_id("alerts"),
            "logs": {"kms_key": key_id("logs")},
            "metrics": {"retention_days": retention_days},
        }

    def email_route(self, stack: Stack) -> Arguments:
        """The topic that the foundation makes, whose address is known before it is there."""
        topic = f"arn:aws:sns:{stack.region}:{stack.account}:{stack.name}-alerts"
        return {"sns": {"topic_arn": topic}}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The collector, what it collects and what is kept, and the alarms."""
        if stack.monitoring is None or not stack.monitoring.managed:
            return
        yield managed_meter(BILLING.samples_collected(Amount(SAMPLES_MILLION, SERIES)), "usage")
        samples = kept(SAMPLES_MILLION.times(STORED_GIB_PER_MILLION), stack.monitoring.retention_days)
        yield managed_meter(BILLING.samples_stored(Amount(samples.band, f"2 bytes a sample, {samples.words}")))
        yield managed_meter(BILLING.collector())
        alarms = CLUSTER_ALARMS + (DATABASE_ALARMS if stack.mlflow else 0)
        yield managed_meter(BILLING.alarm(Amount.of(alarms, f"{alarms} metrics under alarm")))

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Addresses confirm, and the managed collector sees no GPUs."""
        mails = stack.monitoring is not None and bool(stack.monitoring.email)
        words = "gets nothing before somebody follows the link in SNS's first mail"
        yield Note("otherwise", words, ("monitoring.alerts.email",) if mails else ())
        blind = stack.monitoring is not None and stack.monitoring.managed and stack.has_gpu
        words = "the managed collector brings no GPU metrics, so nobody sees idle GPUs"
        yield Note("part", words, ("monitoring.prometheus.hosting",) if blind else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        if stack.monitoring is not None and stack.monitoring.managed:
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
