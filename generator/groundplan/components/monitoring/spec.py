"""What a spec says of monitoring."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from groundplan.spec.base import Email, Key, Model, Name
from groundplan.spec.document import Lookup

_TOKEN = r"^[A-Za-z0-9._:/-]+$"
_GROUP = r"^[A-Za-z0-9 ._:/@-]+$"
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


class SecretKey(Model):
    """A value in a Kubernetes secret that is made outside Terraform."""

    name: Name
    """Name of the secret in the namespace `monitoring`."""
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$", max_length=253)]
    """Key in it."""


class SignOn(Model):
    """OpenID Connect at your identity provider."""

    client_id: Annotated[str, StringConstraints(pattern=_TOKEN, max_length=200)]
    """Name under which Grafana is registered there."""
    client_secret: SecretKey
    """Where the secret that goes with it is kept."""
    auth_url: WebAddress
    """Address where people sign in."""
    token_url: WebAddress
    """Address that gives tokens."""
    api_url: WebAddress
    """Address that says who somebody is."""
    admin_group: Annotated[str, StringConstraints(pattern=_GROUP, max_length=200)] | None = None
    """Group whose members administer Grafana; default: nobody who signs in."""


class Grafana(Model):
    """Dashboards."""

    url: WebAddress | None = None
    """Address that links lead to, where you publish it; default: reached by `kubectl port-forward`."""
    oidc: SignOn | None = None
    """Single sign-on, with `url`; default: the administrator alone, whose password is made in the cluster."""


class Heartbeat(Model):
    """A service that raises the alarm when alerts stop arriving."""

    url: SecretKey
    """Where its address is kept."""


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

    email: Email | None = None
    """Address that gets every alert, through the cloud's notification service; it confirms once."""
    slack: Slack | None = None
    """Channel that gets every alert."""
    pagerduty: PagerDuty | None = None
    """Service that gets critical alerts."""
    heartbeat: Heartbeat | None = None
    """Service outside that is called every minute and notices when it is not."""
    repeat_hours: Annotated[int, Field(ge=1, le=720)] | None = None
    """Hours after which an alert that goes on is told again; default 12."""
    runbook_url: WebAddress | None = None
    """Where you publish docs/runbooks.md, so that alerts link to it."""


Minutes = Annotated[int, Field(ge=1, le=720)]
Hours = Annotated[int, Field(ge=1, le=8760)]
Percent = Annotated[float, Field(gt=0, lt=100)]


class Thresholds(Model):
    """When alerts fire."""

    gpu_idle_minutes: Minutes | None = None
    """Minutes that a GPU is idle; default 60."""
    gpu_idle_percent: Percent | None = None
    """Use below which a GPU is idle, in percent; default 5."""
    spot_interruptions_per_hour: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Spot nodes of a pool that are reclaimed in an hour; default 3."""
    unschedulable_minutes: Minutes | None = None
    """Minutes that a pod waits for a node; default 15."""
    training_stuck_minutes: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Minutes in which a training job makes no progress; default 60."""
    mlflow_p95_seconds: Annotated[float, Field(gt=0, le=600)] | None = None
    """Seconds that one request in twenty to MLflow takes longer than; default 2."""
    disk_full_hours: Hours | None = None
    """Hours in which a disk will be full at its present rate; default 24."""
    serving_availability: Annotated[float, Field(ge=0.9, lt=1)] | None = None
    """Objective of services, the part of their requests in 30 days that succeeds; default 0.995."""
    model_quality_floor: Annotated[float, Field(ge=0, le=1)] | None = None
    """Least accuracy, precision, recall and F1 of a model; default 0.8."""
    model_drift_ceiling: Annotated[float, Field(gt=0, le=1000)] | None = None
    """Most drift of a model's input; default 0.2."""
    data_freshness_hours: Hours | None = None
    """Hours after which a dataset is stale; default 26."""
    database_cpu_percent: Percent | None = None
    """Use of the database's CPUs, in percent, where the cloud's own service watches it; default 90."""
    database_free_storage_gib: Annotated[float, Field(gt=0, le=64_000)] | None = None
    """Least free disk of the database, in GiB, where the cloud's own service watches it; default 10, on GCP 3."""
    database_connections: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """Most connections to the database, where the cloud's own service watches it; default 200."""
    apiserver_error_percent: Percent | None = None
    """Requests to the Kubernetes API that fail, in percent, where AWS's own service watches it; default 1."""


class Monitoring(Model):
    """Metrics, rules and alerts for ML work, with dashboards where Prometheus runs on the cluster."""

    prometheus: Prometheus = Field(default_factory=Prometheus)
    """Where series are kept."""
    grafana: Grafana = Field(default_factory=Grafana)
    """Dashboards."""
    alerts: Alerts = Field(default_factory=Alerts)
    """Who hears of alerts; nobody by default."""
    thresholds: Thresholds = Field(default_factory=Thresholds)
    """When alerts fire."""


KEYS = (Key("monitoring", Monitoring, "What watches training, serving and models."),)

PATTERNS = {
    r"^https://[a-z0-9.-]+(/[A-Za-z0-9_./-]*)?$": "write an address such as https://grafana.example.com",
    r"^[A-Za-z0-9_.-]+$": "use letters, digits, `_`, `-` and dots",
    r"^#[a-z0-9_-]{1,80}$": 'write the channel with its #, in quotes, such as "#ml-alerts"',
    _TOKEN: "use letters, digits, `.`, `_`, `:`, `/` and `-`",
    _GROUP: "use letters, digits, blanks, `.`, `_`, `:`, `/`, `@` and `-`",
}


def system_memory_gib(at: Lookup) -> float:
    """Prometheus asks for 1.5 GiB, Grafana, Alertmanager and the exporters for another."""
    on_cluster = at.has("monitoring") and at.value("monitoring", "prometheus", "hosting") != "managed"
    return 2.5 if on_cluster else 0
