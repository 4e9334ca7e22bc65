"""What stays after a destruction: by the facts about types, with its day and its price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from groundplan.app.live.destroy.cluster import Inside
from groundplan.app.live.destroy.stays import Aftermath, Stay
from groundplan.change.planned import Action, Planned
from groundplan.live.cloud import Stray
from groundplan.live.kube import Retained

TODAY = date(2026, 11, 30)
PRICES = {
    "database.backup": Decimal("0.1"),
    "disk.general": Decimal("0.08"),
    "object_store.standard": Decimal("0.023"),
    "keys.key": Decimal("0.06"),
    "logs.stored": Decimal("0.01"),
}
AFTERMATH = Aftermath(TODAY, PRICES.get)


def left(type_: str, **before: Any) -> list[Stay]:
    return list(AFTERMATH.of_plans([Planned("10-foundation", f"{type_}.x", type_, "x", Action.DESTROY, before)]))


@pytest.mark.parametrize(
    ("type_", "before", "until"),
    [
        ("aws_kms_key", {"deletion_window_in_days": 10}, date(2026, 12, 10)),
        ("aws_secretsmanager_secret", {"name": "s", "recovery_window_in_days": 30}, date(2026, 12, 30)),
        ("google_kms_crypto_key", {"name": "k", "destroy_scheduled_duration": "2592000s"}, date(2026, 12, 30)),
    ],
)
def test_what_can_be_undone_has_its_day(type_: str, before: dict[str, Any], until: date) -> None:
    assert left(type_, **before)[0].until == until


def test_a_secret_without_a_window_leaves_nothing() -> None:
    assert left("aws_secretsmanager_secret", name="s", recovery_window_in_days=0) == []


def test_the_last_snapshot_of_a_database_is_priced_by_its_size() -> None:
    [snapshot, *_] = left(
        "aws_db_instance", skip_final_snapshot=False, final_snapshot_identifier="x-final", allocated_storage=20
    )
    assert (snapshot.what, snapshot.until, snapshot.monthly_usd, snapshot.at_most) == (
        "snapshot x-final",
        None,
        Decimal("2.0"),
        True,
    )


def test_names_that_are_taken_and_rings_that_stay_are_told() -> None:
    names = [one for one in left("google_sql_database_instance", name="d", settings=[]) if one.what == "the name d"]
    assert [one.until for one in names] == [date(2026, 12, 7)]
    [ring] = left("google_kms_key_ring", name="r")
    assert (ring.until, ring.why) == (None, "it stays, and none of its name can be made again")


def test_what_is_given_up_and_what_is_in_a_root_that_stands_stays() -> None:
    assert left("google_sql_user", name="u", deletion_policy="ABANDON")[0].why.startswith("it is left where it is")
    state = [{"mode": "managed", "type": "aws_s3_bucket", "instances": [{"attributes": {"bucket": "states"}}]}]
    [bucket] = AFTERMATH.of_root("00-state", state)
    assert (bucket.what, bucket.monthly_usd, bucket.each) == ("bucket states", Decimal("0.023"), "GiB")


@pytest.mark.parametrize(
    ("type_", "before", "price"),
    [
        ("aws_kms_key", {"deletion_window_in_days": 10}, (Decimal(0), "", False)),
        ("aws_secretsmanager_secret", {"name": "s", "recovery_window_in_days": 30}, (Decimal(0), "", False)),
        (
            "google_kms_crypto_key",
            {"name": "k", "destroy_scheduled_duration": "2592000s"},
            (Decimal("0.06"), "version", True),
        ),
        ("google_storage_bucket", {"name": "b"}, (Decimal("0.023"), "GiB", True)),
        ("google_logging_project_bucket_config", {"bucket_id": "l"}, (Decimal("0.01"), "GiB", True)),
        ("aws_cloudwatch_log_group", {"name": "g", "skip_destroy": True}, (Decimal("0.01"), "GiB", False)),
    ],
)
def test_what_stays_has_its_price_or_is_not_billed(
    type_: str, before: dict[str, Any], price: tuple[Decimal, str, bool]
) -> None:
    first = left(type_, **before)[0]
    assert (first.monthly_usd, first.each, first.at_most) == price
    assert price[0] or "aws.amazon.com" in first.source, "who says that it is free"


def test_volumes_and_strays_of_the_cluster_are_told() -> None:
    inside = Inside(there=True, retained=[Retained("pv-1", "vol-1", "10Gi")])
    strays = [Stray("disk", "d", "label x", size_gib=100), Stray("forwarding rule", "f", "description y", sure=False)]
    found = list(AFTERMATH.of_cluster(inside, strays))
    assert [one.what for one in found] == ["volume pv-1 (vol-1)", "disk d", "forwarding rule f"]
    assert found[0].monthly_usd == Decimal("0.80")
    odd = Inside(there=True, retained=[Retained("pv-1", "", "10737418240")])
    assert [one.monthly_usd for one in AFTERMATH.of_cluster(odd, ())] == [None]
    assert (found[1].monthly_usd, "may be of another cluster" in found[2].why) == (Decimal("8.00"), True)
