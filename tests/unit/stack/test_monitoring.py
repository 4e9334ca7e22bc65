"""What watches an environment: where it runs, what it keeps, whom it tells."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from groundplan.components.keys.component import key_purposes_of
from groundplan.components.monitoring.part import Monitoring, SecretKey, monitoring_of
from groundplan.components.monitoring.resolve import NODE_PRICES
from groundplan.components.node_pool.part import pools_of
from groundplan.components.resolve import resolve
from groundplan.stack.kept import Kept
from groundplan.stack.model import Origin, Stack
from tests.unit.stack.specs import aws, cloud_in, serving, spec_of, stack_of, training

EMAIL = {"email": "ml-oncall@example.com"}
MANAGED: dict[str, Any] = {"prometheus": {"hosting": "managed"}, "alerts": EMAIL}


def watched(monitoring: dict[str, Any], **parts: Any) -> Stack:
    return stack_of(monitoring=monitoring, **{"training": training(vcpus=4), **parts})


def watching(monitoring: dict[str, Any], **parts: Any) -> Monitoring:
    found = monitoring_of(watched(monitoring, **parts))
    assert found is not None
    return found


def decided(stack: Stack) -> dict[str, tuple[str, Origin, str]]:
    return {d.path: (d.value, d.origin, d.reason) for d in stack.decisions if d.path.startswith("monitoring.")}


def test_none_unless_the_spec_asks_for_it() -> None:
    assert monitoring_of(stack_of(training=training(vcpus=4))) is None


def test_defaults_on_the_cluster() -> None:
    found = watching({})
    assert (found.hosting, found.managed) == ("kubernetes", False)
    assert (found.retention_days, found.storage_gib) == (15, 50)
    assert decided(watched({})) == {
        "monitoring.node_usd_per_hour": (
            "c6a.xlarge 0.153, c6i.xlarge 0.17, c7i.xlarge 0.1785, c8i.xlarge 0.18742, t3a.large 0.0752",
            Origin.DERIVED,
            "on-demand prices when first rendered, for the cost dashboard",
        ),
        "monitoring.prometheus.hosting": ("kubernetes", Origin.DEFAULT, "dashboards beside the metrics"),
        "monitoring.prometheus.storage_gib": ("50", Origin.DEFAULT, "15 days of some 200,000 series"),
        "monitoring.prometheus.retention_days": ("15", Origin.DEFAULT, "two sprints to look back"),
    }


def test_defaults_of_the_managed_service() -> None:
    found = watching(MANAGED)
    assert (found.managed, found.retention_days, found.storage_gib) == (True, 150, 0)
    assert decided(watched(MANAGED)) == {
        "monitoring.prometheus.hosting": ("managed", Origin.SPEC, "as set in the spec"),
        "monitoring.prometheus.retention_days": ("150", Origin.DEFAULT, "what the service keeps"),
    }


@pytest.mark.parametrize("hosting", ["kubernetes", "managed"])
def test_retention_as_the_spec_says(hosting: str) -> None:
    assert watching({"prometheus": {"hosting": hosting, "retention_days": 90}, "alerts": EMAIL}).retention_days == 90


def test_a_disk_as_the_spec_says() -> None:
    assert watching({"prometheus": {"storage_gib": 200}}).storage_gib == 200


def test_nobody_is_told_by_default() -> None:
    found = watching({})
    assert (found.email, found.slack_channel) == ("", "")
    ways = (found.slack_webhook_url, found.pagerduty_routing_key, found.grafana_url, found.runbook_url)
    assert ways == (None, None, None, None)


def test_slack_and_pagerduty_by_the_names_of_secrets() -> None:
    alerts = {
        "slack": {"channel": "#ml-alerts", "webhook_url": {"name": "slack", "key": "webhook-url"}},
        "pagerduty": {"routing_key": {"name": "pagerduty", "key": "routing-key"}},
        "runbook_url": "https://example.com/runbooks.md",
    }
    found = watching({"alerts": alerts, "grafana": {"url": "https://grafana.example.com"}})
    assert (found.slack_channel, found.slack_webhook_url) == ("#ml-alerts", SecretKey("slack", "webhook-url"))
    assert found.pagerduty_routing_key == SecretKey("pagerduty", "routing-key")
    assert found.email == ""
    assert found.runbook_url == "https://example.com/runbooks.md"
    assert found.grafana_url == "https://grafana.example.com"


class TestPricesForTheDashboard:
    def test_every_type_that_a_node_may_have_with_its_price_on_demand(self) -> None:
        stack = watched({}, serving=serving(instance_types=["m6i.large"]))
        assert monitoring_of(stack) is not None
        prices = monitoring_of(stack).node_usd_per_hour
        assert list(prices) == sorted({name for pool in pools_of(stack) for name in pool.instance_types})
        assert prices["m6i.large"] == Decimal("0.096")
        assert prices[pools_of(stack)[0].instance_types[0]] > 0

    def test_spot_pools_too_are_given_the_price_on_demand(self) -> None:
        found = watching({}, training=training(instance_types=["m6i.large"], capacity="spot"))
        assert found.node_usd_per_hour["m6i.large"] == Decimal("0.096")

    def test_a_type_without_a_price_is_left_out_and_never_zero(self) -> None:
        [(region, name), *_] = aws().prices.unpriced
        pool = training(instance_types=[name], capacity="on_demand")
        found = watching({}, cloud=cloud_in(region), training=pool)
        assert name not in found.node_usd_per_hour
        assert all(usd > 0 for usd in found.node_usd_per_hour.values())


class TestKeptPricesForTheDashboard:
    """They stand in Terraform, so a render takes them over from the last one."""

    POOL = serving(instance_types=["m6i.large"])

    def kept(self, value: str, region: str = "aws us-east-1") -> Stack:
        return resolve(spec_of(monitoring={}, serving=self.POOL), aws(), Kept(region, {NODE_PRICES: value}))

    def prices(self, value: str, region: str = "aws us-east-1") -> dict[str, Decimal]:
        found = monitoring_of(self.kept(value, region))
        assert found is not None
        return dict(found.node_usd_per_hour)

    def test_a_price_of_the_last_render_stays(self) -> None:
        stack = self.kept("m6i.large 0.11")
        [decision] = [one for one in stack.decisions if one.path == NODE_PRICES]
        found = monitoring_of(stack)
        assert found is not None
        assert found.node_usd_per_hour["m6i.large"] == Decimal("0.11")
        assert decision.value == "m6i.large 0.11, t3a.large 0.0752"
        assert decision.explanation == ("kept from the last render; --upgrade takes m6i.large 0.096, t3a.large 0.0752")
        assert "m6i" not in decision.reason

    def test_a_type_without_a_price_stays_without_one(self) -> None:
        assert self.prices("m6i.large unknown") == {"t3a.large": Decimal("0.0752")}

    def test_a_type_that_no_pool_has_any_more_goes(self) -> None:
        assert "m5.large" not in self.prices("m5.large 0.5")

    def test_prices_of_another_region_count_for_nothing(self) -> None:
        assert self.prices("m6i.large 0.11", "aws eu-west-1")["m6i.large"] == Decimal("0.096")

    @pytest.mark.parametrize("usd", ["", "-1", "1e9", "NaN", "0.1 0.2", "9" * 99, "0." + "1" * 99, "\u0661"])
    def test_what_is_no_price_in_a_lock_is_passed_over(self, usd: str) -> None:
        assert self.prices(f"m6i.large {usd}")["m6i.large"] == Decimal("0.096")


@pytest.mark.parametrize(("monitoring", "key"), [({}, False), ({"alerts": EMAIL}, False), (MANAGED, True)])
def test_the_managed_service_has_a_key_for_alerts(monitoring: dict[str, Any], key: bool) -> None:
    assert ("alerts" in key_purposes_of(watched(monitoring))) == key
