"""What stays after a destruction: by the facts about types, with its day and its price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from groundplan.app.live.destroy.cluster import Inside
from groundplan.app.live.destroy.stays import Aftermath, Stay, of_root
from groundplan.change.planned import Action, Planned
from groundplan.live.cloud import Stray
from groundplan.live.kube import Retained

TODAY = date(2026, 11, 30)
AFTERMATH = Aftermath(TODAY, {"database.backup": Decimal("0.1"), "disk.general": Decimal("0.08")}.get)


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
    assert left("google_kms_key_ring", name="r")[0].until is None


def test_what_is_given_up_and_what_is_in_a_root_that_stands_stays() -> None:
    assert left("google_sql_user", name="u", deletion_policy="ABANDON")[0].why.startswith("it is left where it is")
    state = [{"mode": "managed", "type": "aws_s3_bucket", "instances": [{"attributes": {"bucket": "states"}}]}]
    assert [one.what for one in of_root("00-state", state)] == ["bucket states"]


def test_volumes_and_strays_of_the_cluster_are_told() -> None:
    inside = Inside(there=True, retained=[Retained("pv-1", "vol-1", "10Gi")])
    strays = [Stray("disk", "d", "label x", size_gib=100), Stray("forwarding rule", "f", "description y", sure=False)]
    found = list(AFTERMATH.of_cluster(inside, strays))
    assert [one.what for one in found] == ["volume pv-1 (vol-1)", "disk d", "forwarding rule f"]
    assert (found[1].monthly_usd, "may be of another cluster" in found[2].why) == (Decimal("8.00"), True)
