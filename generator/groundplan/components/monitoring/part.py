"""The monitoring that was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from groundplan.stack.model import Part, Stack

PATH = "monitoring"
"""Where the spec asks for it."""

MonitoringHosting = Literal["kubernetes", "managed"]


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A value in a Kubernetes secret."""

    secret: str
    key: str


@dataclass(frozen=True, slots=True)
class SignOn:
    """OpenID Connect at an identity provider; without an `admin_group` nobody who signs in administers."""

    client_id: str
    client_secret: SecretKey
    auth_url: str
    token_url: str
    api_url: str
    admin_group: str | None


@dataclass(frozen=True, slots=True)
class Monitoring(Part):
    """What watches the environment; whoever is not told of alerts is None or empty."""

    component: ClassVar[str] = "monitoring"
    hosting: MonitoringHosting
    retention_days: int
    storage_gib: int
    grafana_url: str | None
    runbook_url: str | None
    email: str
    slack_channel: str
    slack_webhook_url: SecretKey | None
    pagerduty_routing_key: SecretKey | None
    heartbeat_url: SecretKey | None
    repeat_hours: int | None
    grafana_oidc: SignOn | None
    thresholds: Mapping[str, int | float]
    """What the spec states of when alerts fire."""
    node_usd_per_hour: Mapping[str, Decimal]
    """On-demand price of the pools' machine types, for the cost dashboard."""

    @property
    def managed(self) -> bool:
        """Whether the cloud's own service takes the place of servers on the cluster."""
        return self.hosting == "managed"


def monitoring_of(stack: Stack) -> Monitoring | None:
    """What watches the stack; None without monitoring."""
    return stack.part(Monitoring)
