"""What a spec says of monitoring."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from groundplan.spec.base import Key, Model, Name
from groundplan.spec.document import Lookup

_EMAIL = r"^[A-Za-z0-9_.+-]+@[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$"
WebAddress = Annotated[str, StringConstraints(pattern=r"^https://[a-z0-9.-]+(/[A-Za-z0-9_./-]*)?$", max_length=200)]


class Prometheus(Model):
    """Where series are kept."""

    hosting: Literal["kubernetes", "managed"] | None = None
    """`kubernetes`: Prometheus, Alertmanager and Grafana on the cluster; `managed`: the cloud's own service with its
    alarms, no server and no Grafana. Default kubernetes."""
    retention_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Days that series are kept; default 15, or 150 where they are managed."""
    storage_gib: Annotated[int, Field(ge=10, le=16000)] | None = None
    """Size of the disk on the cluster, in GiB; default 50. The oldest series go first when it is full."""


class Grafana(Model):
    """Dashboards."""

    url: WebAddress | None = None
    """Address that links lead to, where you publish it; default: reached by `kubectl port-forward`."""


class SecretKey(Model):
    """A value in a Kubernetes secret that is made outside Terraform."""

    name: Name
    """Name of the secret in the namespace `monitoring`."""
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=253)]
    """Key in it."""


class Slack(Model):
    """A Slack channel."""

    channel: Annotated[str, StringConstraints(pattern=r"^#[a-z0-9_-]{1,80}$")]
    """Name of the channel, with its #, in quotes."""
    webhook_url: SecretKey
    """Where the webhook's address is kept."""


class PagerDuty(Model):
    """A PagerDuty service; gets critical alerts only."""

    routing_key: SecretKey
    """Where the integration key is kept."""


class Alerts(Model):
    """Who hears of alerts."""

    email: Annotated[str, StringConstraints(pattern=_EMAIL, max_length=254)] | None = None
    """Address that gets every alert, through the cloud's notification service; it confirms once."""
    slack: Slack | None = None
    """Channel that gets every alert."""
    pagerduty: PagerDuty | None = None
    """Service that gets critical alerts."""
    runbook_url: WebAddress | None = None
    """Where you publish docs/runbooks.md, so that alerts link to it."""


class Monitoring(Model):
    """Metrics, rules and alerts for ML work, with dashboards where Prometheus runs on the cluster."""

    prometheus: Prometheus = Field(default_factory=Prometheus)
    """Where series are kept."""
    grafana: Grafana = Field(default_factory=Grafana)
    """Dashboards."""
    alerts: Alerts = Field(default_factory=Alerts)
    """Who hears of alerts; nobody by default."""


KEYS = (Key("monitoring", Monitoring, "What watches training, serving and models."),)

PATTERNS = {
    r"^https://[a-z0-9.-]+(/[A-Za-z0-9_./-]*)?$": "write an address such as https://grafana.example.com",
    r"^[A-Za-z0-9_.-]+$": "use letters, digits, `_`, `-` and dots",
    r"^#[a-z0-9_-]{1,80}$": 'write the channel with its #, in quotes, such as "#ml-alerts"',
    _EMAIL: "write one address such as ml-oncall@example.com",
}


def system_memory_gib(at: Lookup) -> float:
    """Prometheus asks for 1.5 GiB, Grafana, Alertmanager and the exporters for another."""
    on_cluster = at.has("monitoring") and at.value("monitoring", "prometheus", "hosting") != "managed"
    return 2.5 if on_cluster else 0
