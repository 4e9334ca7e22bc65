"""Specs x locations x purchase options: every combination is a row, and none hides another."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from groundplan.app.compare.axes import Axes, Subject, choose_purchase_options
from groundplan.app.compare.model import PURCHASE_CHOICES, Comparison, Priced, PurchaseChoice, Refused
from groundplan.app.compare.rows import compare
from groundplan.app.target import EVERYWHERE, Location, choose_clouds, choose_locations
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.components.load import components
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from tests.unit.app.compare.samples import EAST, FIRST, NORTH, SECOND, SOUTH, TODAY, sample, two
from tests.unit.stack.specs import BASE, training

HOME = ("aws", "us-east-1")
ALL = {name: cloud for name in CLOUDS if (cloud := find_cloud(name))}


def subject(tmp_path: Path, values: object, label: str = "spec") -> Subject:
    path = tmp_path / f"{label}.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    return Subject(label, "test", load(path), HOME)


def locations(*names: str) -> tuple[Location, ...]:
    return choose_locations(tuple(ALL.values()), names, [HOME], tuple(ALL.values()))


def compared(
    found: Subject, where: Sequence[Location], capacities: Sequence[PurchaseChoice] = PURCHASE_CHOICES
) -> Comparison:
    return compare("spec", [found], Axes(tuple(where), tuple(capacities)), ALL, TODAY)


class TestRows:
    def test_there_is_one_for_every_combination_in_the_order_asked_for(self, tmp_path: Path) -> None:
        found = compared(subject(tmp_path, BASE), locations("us-west-2", "us-east-1", "us-west1"))
        asked = [(location.region, way) for location in found.locations for way in PURCHASE_CHOICES]
        assert [(row.at.location.region, row.at.purchase_option) for row in found.rows] == asked
        assert [location.region for location in found.locations] == ["us-west-2", "us-east-1", "us-west1"]

    def test_a_row_is_what_the_spec_costs_there_on_its_own(self, tmp_path: Path) -> None:
        spec = subject(tmp_path, {**BASE, "training": training(vcpus=8, nodes={"min": 0, "max": 2})})
        (row,) = compared(spec, locations("us-west-2")[:1], ["commit_1y"]).rows
        moved = parse(spec.document).model_copy(deep=True)
        moved = moved.model_copy(update={"cloud": moved.cloud.model_copy(update={"region": "us-west-2"})})
        alone = estimate(resolve(moved, ALL["aws"], purchase_option="commit_1y"), ALL["aws"], components())
        assert isinstance(row, Priced)
        assert row.report == alone

    def test_everywhere_is_every_region_of_every_cloud(self, tmp_path: Path) -> None:
        where = locations(EVERYWHERE)
        assert len(where) == sum(len(cloud.catalog.regions) for cloud in ALL.values())
        found = compared(subject(tmp_path, BASE), where)
        assert len(found.rows) == len(where) * len(PURCHASE_CHOICES)
        assert {location.cloud for location in where} == set(ALL)

    def test_what_cannot_be_had_is_a_row_with_the_reason_and_hides_no_other(self, tmp_path: Path) -> None:
        values = {**BASE, "training": {"pools": {"big": {"instance_types": ["p5.48xlarge"], "nodes": {"max": 1}}}}}
        found = compared(subject(tmp_path, values), locations("us-east-1", "us-west1"), ["on_demand"])
        here, there = found.rows
        assert isinstance(here, Priced)
        assert isinstance(there, Refused)
        assert [reason.code for reason in there.reasons] == ["GP302"]
        assert "p5.48xlarge" in there.reasons[0].message

    def test_a_spec_that_another_cloud_does_not_take_is_refused_there(self, tmp_path: Path) -> None:
        network = {"existing": {"id": "vpc-0123456789abcdef0", "private_subnet_ids": ["subnet-0a", "subnet-0b"]}}
        found = compared(subject(tmp_path, {**BASE, "network": network}), locations("us-east-1", "us-west1"), ["spec"])
        assert [type(row) for row in found.rows if row.at.location.cloud == "gcp"] == [Refused]

    def test_machines_carry_their_price_by_way_of_paying(self, tmp_path: Path) -> None:
        spec = subject(tmp_path, {**BASE, "training": training(vcpus=8)})
        (row,) = compared(spec, locations("us-east-1")[:1], ["on_demand"]).rows
        assert isinstance(row, Priced)
        for shape in row.shapes:
            price = ALL["aws"].prices.instance_price("us-east-1", shape.instance_type, "on_demand")
            assert price is not None
            assert shape.rates["on_demand"].expected == price.usd_expected
        assert [shape.pool for shape in row.shapes if shape.works] == ["training-main"]


class TestBest:
    def test_totals_with_gaps_do_not_win(self) -> None:
        best = {found.criterion: found for found in sample().best}
        assert best["lowest expected"].at.location == NORTH
        assert best["lowest expected"].at.purchase_option == "spot"
        assert best["lowest expected"].value == Decimal("192.85")
        assert best["cheapest on demand"].at.location == EAST
        assert best["lowest GPU-hour"].value == Decimal("0.4")
        assert not [found for found in sample().best if found.at.location == SOUTH]

    def test_where_all_have_gaps_they_are_compared(self) -> None:
        rows = [row for row in sample().rows if row.at.location == SOUTH]
        from groundplan.app.compare.rows import assemble

        found = assemble(
            "x", {rows[0].at.subject: ("alpha", "north-1")}, Axes((SOUTH,), ("on_demand", "spot")), rows, TODAY
        )
        assert found.best[0].at.purchase_option == "spot"

    def test_each_spec_has_its_own(self) -> None:
        assert [best.at.subject for best in two().best if best.criterion == "lowest expected"] == [
            FIRST,
            SECOND,
        ]

    def test_the_ranking_puts_complete_totals_first_and_refusals_last(self) -> None:
        ranking = sample().ranking
        assert [row.at.location for row in ranking[:4]] == [NORTH, NORTH, EAST, NORTH]
        assert [row.at.location for row in ranking[4:6]] == [SOUTH, SOUTH]
        assert isinstance(ranking[-1], Refused)


class TestLocations:
    def test_the_default_is_the_own_region_and_the_nearest_of_the_other_clouds(self) -> None:
        assert [str(location) for location in locations()] == ["AWS us-east-1", "GCP us-east4"]

    def test_a_cloud_without_a_named_region_takes_the_nearest(self) -> None:
        assert [str(location) for location in locations("eu-central-1")] == ["AWS eu-central-1", "GCP europe-west3"]
        assert [str(location) for location in locations("us-west1")] == ["AWS us-west-2", "GCP us-west1"]

    def test_a_region_of_a_cloud_that_is_not_compared_says_where(self) -> None:
        only = [ALL["gcp"]]
        assert [str(p) for p in choose_locations(only, (), [HOME], tuple(ALL.values()))] == ["GCP us-east4"]

    def test_an_unknown_region_is_an_error_with_a_suggestion(self) -> None:
        with pytest.raises(DiagnosticsError) as caught:
            locations("us-easst-1", "nowhere")
        first, second = caught.value.diagnostics
        assert first.code == second.code == "GP305"
        assert (first.hint or "").startswith("did you mean `us-east-1`?")
        assert not (second.hint or "").startswith("did you mean")

    @pytest.mark.parametrize(
        ("choose", "wrong", "hint"),
        [
            (lambda name: choose_clouds([name], tuple(CLOUDS), [HOME]), "gpc", "did you mean `gcp`?"),
            (lambda name: choose_purchase_options([name]), "spto", "did you mean `spot`?"),
        ],
        ids=["cloud", "capacity"],
    )
    def test_unknown_words_are_errors_with_suggestions(self, choose: object, wrong: str, hint: str) -> None:
        assert callable(choose)
        with pytest.raises(DiagnosticsError) as caught:
            choose(wrong)
        (problem,) = caught.value.diagnostics
        assert problem.code == "GP204"
        assert (problem.hint or "").startswith(hint)

    def test_the_own_cloud_comes_first(self) -> None:
        assert choose_clouds((), tuple(CLOUDS), [("gcp", "us-west1")]) == ("gcp", "aws")
        assert choose_clouds(("aws", "aws"), tuple(CLOUDS), [HOME]) == ("aws",)


def test_every_cloud_is_one_of_the_registry() -> None:
    assert all(isinstance(cloud, Cloud) for cloud in ALL.values())
    assert set(ALL) == set(CLOUDS)
