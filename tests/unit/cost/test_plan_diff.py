"""What one plan costs more or less than another, or than its own state: by resource, with both totals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK
from groundplan.cost.plan import PlanDiff, difference, moved, price_plan, prior_state
from groundplan.views import plan_change as view
from tests.conftest import Golden

HERE = Path(__file__).parent


def resource(address: str, **values: Any) -> dict[str, Any]:
    type_ = address.split(".", maxsplit=1)[0]
    return {"address": address, "mode": "managed", "type": type_, "values": {"region": "us-east-1", **values}}


def volume(name: str, size: int | None, kind: str = "gp3") -> dict[str, Any]:
    """A disk of so many GiB, at $0.08 a month each."""
    return resource(f"aws_ebs_volume.{name}", size=size, type=kind)


def plan_of(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "planned_values": {"root_module": {"resources": list(resources)}}, **more}


def diff(before: dict[str, Any], after: dict[str, Any]) -> PlanDiff:
    return difference(price_plan(before, "old"), price_plan(after, "new"), "old.json", moved(after))


def changes(found: PlanDiff) -> list[tuple[str, str, str]]:
    return [(one.action, one.address, f"{one.change.expected}") for one in found.changes]


BEFORE = plan_of(volume("same", 10), volume("grows", 100), volume("goes", 50), resource("aws_vpc.a"))
AFTER = plan_of(volume("same", 10), volume("grows", 300), volume("new", 20), resource("aws_vpc.a"))


def test_each_resource_by_how_much() -> None:
    found = diff(BEFORE, AFTER)
    assert changes(found) == [
        ("changed", "aws_ebs_volume.grows", "16.00"),
        ("removed", "aws_ebs_volume.goes", "-4.00"),
        ("added", "aws_ebs_volume.new", "1.60"),
    ]
    assert (found.unchanged, found.complete, f"{found.total.expected}") == (2, True, "13.60")
    assert found.total.expected == sum(one.change.expected for one in found.changes)
    [item] = found.changes[0].items
    assert (item.quantity_before, item.quantity_after) == (100, 300)


def test_the_other_way_round_is_the_negative() -> None:
    there, back = diff(BEFORE, AFTER), diff(AFTER, BEFORE)
    assert there.total == -back.total


def test_of_the_same_nothing_changes() -> None:
    found = diff(AFTER, AFTER)
    assert (found.changes, found.unchanged, found.total.expected) == ((), 4, 0)


def test_another_type_is_one_item_for_another() -> None:
    server = resource("aws_instance.a", instance_type="m6i.large", root_block_device=[{"volume_size": 8}])
    larger = resource("aws_instance.a", instance_type="m6i.xlarge", root_block_device=[{"volume_size": 8}])
    [change] = diff(plan_of(server), plan_of(larger)).changes
    assert [(item.item, item.before is None, item.after is None) for item in change.items] == [
        ("m6i.large", False, True),
        ("m6i.xlarge", True, False),
    ]
    assert f"{change.change.expected}" == "70.08"


def test_a_moved_resource_is_neither_new_nor_gone() -> None:
    change = {"address": "aws_ebs_volume.b", "previous_address": "aws_ebs_volume.a", "change": {}}
    assert diff(plan_of(volume("a", 10)), plan_of(volume("b", 10), resource_changes=[change])).changes == ()
    [found] = diff(plan_of(volume("a", 10)), plan_of(volume("b", 20), resource_changes=[change])).changes
    assert (found.action, found.previous_address) == ("changed", "aws_ebs_volume.a")


class TestWithoutAFigure:
    def test_what_is_new_and_unpriced_makes_it_incomplete(self) -> None:
        found = diff(plan_of(), plan_of(resource("aws_unheard_of.a"), volume("a", 10)))
        assert (found.complete, [gap.item for gap in found.gaps]) == (False, ["aws_unheard_of"])

    def test_what_costs_nothing_comes_and_goes_unseen(self) -> None:
        assert diff(plan_of(resource("aws_vpc.a")), plan_of(resource("aws_iam_role.b"))).changes == ()

    def test_what_is_unpriced_on_both_sides_is_no_difference(self) -> None:
        bucket = resource("aws_s3_bucket.a")
        found = diff(plan_of(bucket), plan_of(bucket, volume("a", 10)))
        assert found.complete and len(found.changes) == 1

    def test_what_loses_its_figure_is_a_change(self) -> None:
        found = diff(plan_of(volume("a", 10)), plan_of(volume("a", None)))
        assert changes(found) == [("changed", "aws_ebs_volume.a", "-0.80")] and not found.complete


class TestPriorState:
    def test_it_is_the_base_without_another_plan(self) -> None:
        plan = {**AFTER, "prior_state": {"format_version": "1.0", "values": BEFORE["planned_values"]}}
        base = prior_state(plan)
        found = difference(price_plan(base, "p"), price_plan(plan, "p"), "before", moved(plan))
        assert found.changes == diff(BEFORE, AFTER).changes

    @pytest.mark.parametrize("state", [None, {}, {"values": None}, {"values": {}}, [], 5])
    def test_without_one_everything_is_new(self, state: Any) -> None:
        plan = {**AFTER, "prior_state": state} if state is not None else AFTER
        base = price_plan(prior_state(plan), "p")
        assert base.resources == 0

    def test_what_it_says_of_providers_is_what_the_plan_does(self) -> None:
        configuration = {
            "provider_config": {"aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-west-1"}}}}
        }
        disk = {"address": "aws_ebs_volume.a", "type": "aws_ebs_volume", "values": {"size": 10, "type": "gp3"}}
        plan = plan_of(configuration=configuration, prior_state={"values": {"root_module": {"resources": [disk]}}})
        assert price_plan(prior_state(plan), "p").cost.region == "eu-west-1"


def test_the_views(golden: Golden) -> None:
    before = plan_of(*BEFORE["planned_values"]["root_module"]["resources"], volume("none", 5))
    after = plan_of(*AFTER["planned_values"]["root_module"]["resources"], volume("none", None))
    found = diff(before, after)
    golden(HERE / "plan_change.txt", view.text(found, color=False))
    golden(HERE / "plan_change.md", view.markdown(found))
    golden(HERE / "plan_change.json", json.dumps(view.as_json(found), indent=2) + "\n")


class TestCommand:
    def files(self, folder: Path) -> tuple[str, str]:
        state = {"values": BEFORE["planned_values"]}
        (folder / "old.json").write_text(json.dumps(BEFORE))
        (folder / "new.json").write_text(json.dumps({**AFTER, "prior_state": state}))
        return str(folder / "old.json"), str(folder / "new.json")

    def test_against_a_plan_and_against_the_state_say_the_same(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        old, new = self.files(tmp_path)
        assert run(["cost", "--plan", new, "--against", old, "--format", "json"]) == OK
        made = json.loads(capsys.readouterr().out)
        assert run(["cost", "--plan", new, "--changes", "--format", "json"]) == OK
        again = json.loads(capsys.readouterr().out)
        assert (made.pop("against"), again.pop("against")) == (old, "the state before it")
        assert made == again and made["total"]["change"]["expected"] == 13.6
        assert run(["cost", "--plan", new, "--changes", "--format", "markdown"]) == OK
        assert "### Cost: +13.60 a month" in capsys.readouterr().out

    def test_a_plan_that_cannot_be_read_is_named(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        _, new = self.files(tmp_path)
        (tmp_path / "bad.json").write_text("{}")
        assert run(["cost", "--plan", new, "--against", str(tmp_path / "bad.json")]) == BAD_SPEC
        assert "bad.json:1" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "arguments", [["spec.yaml", "--changes"], ["--plan", "p", "--changes", "--against", "q"], ["--against", "q"]]
    )
    def test_options_that_do_not_go_together(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["cost", *arguments]) == BAD_SPEC
        assert "Usage" in capsys.readouterr().err
