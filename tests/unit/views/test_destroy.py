"""What a destruction says, as text, Markdown and JSON."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from groundplan.app.live.destroy.cluster import Inside
from groundplan.app.live.destroy.run import Destroyed, Question
from groundplan.app.live.destroy.stays import Stay
from groundplan.app.live.outcomes import Outcome, Result
from groundplan.change.model import Change, Counts, Entry, Kind, Side
from groundplan.live.kube import KINDS, Thing
from groundplan.views.live import destroy as view

THING = Thing(KINDS[0], "web", "front\x1b", "lb.example.com")
CHANGE = Change(
    Side("what is applied", "0.1.0"),
    Side("nothing", "0.1.0"),
    [
        Entry(
            Kind.DESTROYS_DATA, "database x is destroyed", root="10-foundation", address="aws_db_instance.x", gone=True
        )
    ],
    Counts(destroyed=1),
)
STAY = Stay("snapshot x-final", "the last one of database x", date(2027, 1, 1), Decimal("2.5"), at_most=True)
WAITS = Destroyed(
    "demo",
    Path("out dir"),
    [Outcome("20-platform", Result.DECLINED), Outcome("10-foundation", Result.NOT_REACHED)],
    CHANGE,
    ("destroys-data:aws_db_instance.x",),
    Inside(there=True, things=[THING]),
    stays=[STAY],
)


def test_the_words_that_it_takes_are_told_and_the_command_to_go_on_with() -> None:
    told = view.text(WAITS, color=False)
    for words in (
        "--allow destroys-data:aws_db_instance.x",
        "--confirm demo",
        "next: groundplan destroy 'out dir'",
        "stays:\n  snapshot x-final until 2027-01-01: the last one of database x (at most $2.50 a month)",
    ):
        assert words in told, told
    assert told.endswith("\n\nnext: groundplan destroy 'out dir'\n"), "the last thing that is read"


def test_a_dry_run_shows_the_change_and_asks_for_no_confirmation() -> None:
    told = view.text(replace(WAITS, dry=True), color=False)
    assert "10-foundation  would be destroyed" in told
    assert "database x is destroyed" in told
    assert "would stay:" in told
    assert "--confirm" not in told
    assert "Would stay:" in view.markdown(replace(WAITS, dry=True))


def test_what_the_cluster_has_made_stands_in_the_question_without_control_characters() -> None:
    asked = view.question(Question("demo", ["20-platform"], CHANGE, WAITS.inside), color=False)
    assert "load balancer: Service web/front" in asked
    assert "\x1b" not in asked


@pytest.mark.parametrize(
    ("stay", "price"),
    [
        (Stay("key k", "can be undone", monthly_usd=Decimal(0)), " (not billed)"),
        (Stay("bucket b", "stands", monthly_usd=Decimal("0.0230"), each="GiB"), " ($0.023 a month for each GiB)"),
        (Stay("key k", "w", monthly_usd=Decimal("0.06"), each="version", at_most=True), " (at most $0.06 a month for"),
        (Stay("disk d", "w", monthly_usd=Decimal(1200)), " ($1,200.00 a month)"),
        (Stay("ring r", "it stays"), ""),
    ],
)
def test_prices_of_what_stays(stay: Stay, price: str) -> None:
    assert f"  {stay.what}: {stay.why}{price}" in view.text(replace(WAITS, stays=[stay]), color=False)


def test_what_was_not_looked_for_is_named() -> None:
    found = replace(WAITS, stays=(), unseen=("snapshots of volumes",))
    assert "\nnot looked for:\n  snapshots of volumes\n" in view.text(found, color=False)
    assert "Not looked for:\n\n- snapshots of volumes\n" in view.markdown(found)
    assert view.as_json(found)["not_looked_for"] == ["snapshots of volumes"]


def test_nothing_to_destroy_is_one_line_in_every_format() -> None:
    nothing = Destroyed("demo", Path("out"), [Outcome("20-platform", Result.GONE)], CHANGE)
    assert view.text(nothing, color=False) == view.markdown(nothing) == "There is nothing to destroy.\n"
    found = view.as_json(nothing)
    assert (found["next"], found["stays"], found["cluster"]["asked"]) == (None, [], False)
