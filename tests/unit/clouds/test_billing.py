"""What clouds bill otherwise than each other, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from groundplan.clouds.aws.billing import BILLING as AWS
from groundplan.clouds.billing import Amount, Billing
from groundplan.clouds.gcp.billing import BILLING as GCP
from groundplan.clouds.gcp.facts import HYPERDISK_ONLY
from groundplan.paths import MODULES
from groundplan.quantities import HOURS_PER_MONTH, Band

UNSTATED = Amount(None, "nobody said")


def kept(billing: Billing, ingested: Amount, days: int) -> Band | None:
    [_, stored] = billing.logs(ingested, days)
    assert stored.item == "logs.stored"
    return stored.amount


class TestLogs:
    def test_ten_gib_kept_a_year_are_ten_times_twelve_of_which_aws_keeps_a_fifth(self) -> None:
        assert kept(AWS, Amount.of(10, "ten"), 365) == Band.of(24)

    def test_gcp_bills_the_days_after_the_thirtieth(self) -> None:
        """Of 60 days half: 10 GiB x 60 x 12 / 365 / 2."""
        stored = kept(GCP, Amount.of(10, "ten"), 60)
        assert stored is not None
        assert round(stored.expected, 6) == Decimal("9.863014")

    @pytest.mark.parametrize("ingested", [UNSTATED, Amount.of(10, "ten")])
    def test_what_goes_within_the_free_days_is_nothing_even_where_nobody_says_how_much(self, ingested: Amount) -> None:
        assert kept(GCP, ingested, 30) == Band.of(0)

    @pytest.mark.parametrize("billing", [AWS, GCP])
    def test_what_nobody_states_is_not_nothing(self, billing: Billing) -> None:
        assert kept(billing, UNSTATED, 365) is None
        assert kept(billing, Amount.of(10, "ten"), 0) is None, "kept for ever"

    def test_logs_of_the_network_have_a_price_of_their_own(self) -> None:
        items = [[use.item for use in AWS.logs(UNSTATED, 7, network=network)] for network in (True, False)]
        assert items == [["logs.flow_ingested", "logs.stored"], ["logs.ingested", "logs.stored"]]


def test_aws_bills_traffic_between_zones_on_both_sides() -> None:
    assert AWS.zone_traffic(Amount.of(100, "stated")).amount == Band.of(200)
    assert Billing().zone_traffic(Amount.of(100, "stated")).amount == Band.of(100)
    assert AWS.zone_traffic(UNSTATED).amount is None


def test_detailed_monitoring_is_seven_metrics_of_a_node() -> None:
    """Half a month of two nodes is a month of one."""
    assert AWS.detailed_monitoring(Band.of(HOURS_PER_MONTH)).amount == Band.of(7)
    assert AWS.detailed_monitoring(None).amount is None


def test_cloud_nat_bills_thirty_two_machines_at_the_most() -> None:
    hours = Band(Decimal(10), 32 * HOURS_PER_MONTH, 40 * HOURS_PER_MONTH)
    assert GCP.nat_machines(hours).amount == Band(Decimal(10), 32 * HOURS_PER_MONTH, 32 * HOURS_PER_MONTH)
    assert GCP.nat_machines(None).amount is None


def test_a_node_s_disk_is_what_its_machine_boots_from() -> None:
    gib = Amount.of(50, "50 GiB")
    assert [GCP.node_disk(name, gib).item for name in ("e2-standard-2", "n4-standard-2", "a3-ultragpu-8g")] == [
        "disk.general",
        "disk.hyperdisk_balanced",
        "disk.hyperdisk_balanced",
    ]
    assert AWS.node_disk("m6i.large", gib).item == "disk.general"


def test_the_module_knows_the_same_machines_without_persistent_disks() -> None:
    text = (MODULES / "gcp" / "node_pool" / "locals.tf").read_text(encoding="utf-8")
    assert f'hyperdisk_only = "^{HYPERDISK_ONLY.pattern}"' in text


def test_a_kind_of_disk_without_a_name_of_ours_has_an_item_of_its_own() -> None:
    gib = Amount.of(50, "50 GiB")
    assert [AWS.disk(kind, gib).item for kind in ("gp3", "io2")] == ["disk.general", "disk.io2"]
    assert [GCP.disk(kind, gib).item for kind in ("pd-ssd", "pd-unheard")] == ["disk.ssd", "disk.pd-unheard"]
