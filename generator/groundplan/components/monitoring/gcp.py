"""Monitoring on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.components.base import Arguments, Aspects, Meter, Note
from groundplan.components.monitoring.component import CLUSTER_THRESHOLDS, MonitoringPart
from groundplan.components.monitoring.meters import managed_meter, topic_meter
from groundplan.components.monitoring.part import monitoring_of
from groundplan.components.needs import Database, Metrics
from groundplan.components.node_pool.part import has_gpu
from groundplan.hcl.references import Var
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack

CONDITIONS, GPU_CONDITIONS, DATABASE_CONDITIONS, SERVER_CONDITIONS = 13, 1, 3, 2
"""Conditions of the module managed_prometheus: those of every cluster, and those of each part that it watches."""
MAIL_CONDITIONS = 3
"""Conditions of the module alert_topic."""


def _conditions(count: int) -> Use:
    return BILLING.alarm(Amount.of(count, f"{count} conditions of alert policies"))


class GcpMonitoring(MonitoringPart):
    """Monitoring on Google Cloud."""

    managed_thresholds = CLUSTER_THRESHOLDS
    """GKE's own exporter sees GPUs, and nothing sees the Kubernetes API."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """GKE runs DNS and the autoscaler out of sight, and keeps NVIDIA's driver in a folder of its nodes."""
        if module == "managed_prometheus":
            return {"region": Var("region"), **({"gpu": True} if has_gpu(stack) else {})}
        if module != "monitoring":
            return {}
        driver: dict[str, Value] = {"gpu_driver_root": "/home/kubernetes/bin/nvidia"} if has_gpu(stack) else {}
        return {"platform": {"coredns": False, "autoscaler": False, **driver}}

    def email_route(self, stack: Stack) -> Arguments:
        """Lines of a log, which the foundation's alert policy looks for."""
        return {"log": {}}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The conditions that Cloud Monitoring looks at."""
        monitoring = monitoring_of(stack)
        if monitoring is None:
            return
        if monitoring.managed:
            count = CONDITIONS + (GPU_CONDITIONS if has_gpu(stack) else 0)
            count += DATABASE_CONDITIONS if stack.needed(Database) else 0
            count += SERVER_CONDITIONS * len(stack.needed(Metrics))
            yield managed_meter(_conditions(count))
        elif monitoring.email:
            yield topic_meter(_conditions(MAIL_CONDITIONS))

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Retention is Google's, and mail needs no confirmation."""
        monitoring = monitoring_of(stack)
        managed = monitoring is not None and monitoring.managed
        words = "Google keeps metrics for 24 months, and nobody can change that"
        yield Note("none", words, ("monitoring.prometheus.retention_days",) if managed else ())
        words = "the Kubernetes API is not watched: its metrics would cost more than all the others together"
        asked = managed and monitoring is not None and "apiserver_error_percent" in monitoring.thresholds
        yield Note("none", words, ("monitoring.thresholds.apiserver_error_percent",) if asked else ())
        mails = monitoring is not None and bool(monitoring.email) and not managed
        words = "no address confirms anything; two policies send 20 mails a day each at the most, one in five minutes"
        yield Note("otherwise", words, ("monitoring.alerts.email",) if mails else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        monitoring = monitoring_of(stack)
        if monitoring is not None and monitoring.managed:
            return {
                "metrics": "Managed Service for Prometheus, collected by GKE",
                "alerts": "alert policies made from rule files; none looks back further than a day",
                "e-mail": "by the policies; no confirmation",
                "GPU metrics": "DCGM, run by GKE",
                "kept": "24 months",
            }
        return {
            "metrics": "Prometheus, on a volume of its own",
            "alerts": "Alertmanager on the cluster",
            "e-mail": "log lines that Cloud Monitoring mails; no confirmation, 20 a day for each policy",
            "GPU metrics": "DCGM exporter on GPU nodes",
            "kept": "retention_days, as the disk allows",
        }


PART = GcpMonitoring()
