"""A billed attribute that a rule did not read, or that is known only after apply, is reported: never complete."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds.billed import BilledAttribute, read_billed_attributes
from groundplan.clouds.billing import Use
from groundplan.clouds.planned import Planned, PlanPrices, Trace
from groundplan.cost.plan.billed import left_out
from groundplan.cost.plan.resources import PlanResources
from groundplan.diagnostics import DiagnosticsError

LONG = 10_000


def attribute(path: str, *, free: str = "", costs: str = "") -> BilledAttribute:
    split = tuple(path.split("."))
    return BilledAttribute(split, "something", *(tuple(x.split("|")) if x else () for x in (free, costs)), "page")


class Read:
    """A rule that reads some attributes."""

    def __init__(self, *paths: str, block: str = "") -> None:
        self.paths, self.block = paths, block

    def __call__(self, resource: Planned, _: Any) -> Iterable[Use]:
        for path in self.paths:
            resource.text(*path.split("."))
        for block in resource.blocks(self.block) if self.block else ():
            block.number("iops")
        if template := resource.referred("template"):
            template.text("tenancy")
        return ()


def missing(rule: Read, values: dict[str, Any], *rows: BilledAttribute, **more: Any) -> list[str]:
    """Hints about a resource with these values, whose type has these rows."""
    one = {"address": "aws_x.a", "type": "aws_x", "values": values}
    plan = {"planned_values": {"root_module": {"resources": [one, *more.pop("others", ())]}}, **more}
    billed = {"aws_x": rows, "aws_template": (attribute("tenancy"), attribute("monitoring"))}
    cloud = PlanPrices("aws_", {}, (), lambda _: "", described=("aws_template",), billed=billed)
    resource = PlanResources(plan, lambda _: cloud).all[0].traced()
    list(rule(resource, None))
    return [item.hint for item in left_out(resource, cloud)]


def test_what_is_not_read_is_left_out_and_what_is_read_is_not() -> None:
    assert missing(Read(), {"tenancy": "dedicated"}, attribute("tenancy")) == [
        "`tenancy` is dedicated, which is not counted; billed as something (page)"
    ]
    assert missing(Read("tenancy"), {"tenancy": "dedicated"}, attribute("tenancy")) == []


@pytest.mark.parametrize("value", [None, False, "", 0, [], {}, "default", "Default", 3000, 125.5])
def test_what_costs_nothing(value: Any) -> None:
    assert missing(Read(), {"a": value}, attribute("a", free="default|<=3000")) == []


@pytest.mark.parametrize("value", [True, "x", 3001, 0.5, [{}], {"a": 1}, "3000"])
def test_what_does(value: Any) -> None:
    condition = {"free": "default|<=3000"} if value != 0.5 else {}
    assert len(missing(Read(), {"a": value}, attribute("a", **condition))) == 1


def test_only_what_the_table_says_to_cost_does() -> None:
    row = attribute("cpu_idle", costs="false")
    assert len(missing(Read(), {"cpu_idle": False}, row)) == 1
    assert missing(Read(), {"cpu_idle": True}, row) == missing(Read(), {}, row) == []


def test_in_a_block_of_several_each_must_be_read() -> None:
    row = attribute("disk.iops")
    one, two = [{"iops": 1}], [{"iops": 0}, {"iops": 5}]
    assert missing(Read("disk.iops"), {"disk": one}, row) == []
    assert len(missing(Read("disk.iops"), {"disk": two}, row)) == 1, "the first was read for all"
    assert missing(Read(block="disk"), {"disk": two}, row) == []


def test_a_block_is_read_by_what_is_in_it() -> None:
    values = {"storage": [{"gib": 30}]}
    assert len(missing(Read("storage"), values, attribute("storage.gib"))) == 1
    assert missing(Read("storage.gib"), values, attribute("storage")) == []


def test_what_describes_a_resource_is_billed_with_it() -> None:
    template = {"address": "aws_template.t", "type": "aws_template", "values": {"tenancy": "host", "monitoring": True}}
    written = [{"address": "aws_x.a", "expressions": {"template": {"references": ["aws_template.t"]}}}]
    configuration = {"root_module": {"resources": written}}
    assert missing(Read(), {}, others=[template], configuration=configuration) == [
        "`monitoring` is true, which is not counted of aws_template.t; billed as something (page)"
    ]


def after_apply(*path: str, reference: str | None, variables: Any = ()) -> dict[str, Any]:
    """Further parts of a plan in which the attribute is unknown, set by a reference or by nothing."""
    unknown: Any = True
    for key in reversed(path):
        unknown = {key: unknown}
    expression: Any = {"references": [reference]} if reference else None
    for key in reversed(path):
        expression = {key: expression} if expression else {}
    written = [{"address": "aws_x.a", "expressions": expression}]
    changes = [{"address": "aws_x.a", "change": {"after_unknown": unknown}}]
    return {
        "configuration": {"root_module": {"resources": written}},
        "resource_changes": changes,
        "variables": dict(variables),
    }


class TestKnownAfterApply:
    def test_of_a_reference(self) -> None:
        more = after_apply("iops", reference="aws_other.b.iops")
        assert missing(Read("iops"), {}, attribute("iops"), **more) == [
            "`iops`: its value is known only after apply; billed as something (page)"
        ]

    def test_a_default_of_the_provider_s_is_not(self) -> None:
        more = after_apply("iops", reference=None)
        assert missing(Read("iops"), {}, attribute("iops"), **more) == []

    def test_nor_is_a_variable_that_leaves_it_to_the_provider(self) -> None:
        more = after_apply("iops", reference="var.iops", variables={"iops": {"value": None}})
        assert missing(Read("iops"), {}, attribute("iops"), **more) == []

    def test_a_rule_that_asks_deals_with_it(self) -> None:
        def rule(resource: Planned, _: Any) -> Iterable[Use]:
            assert resource.unknown("iops")
            return ()

        more = after_apply("iops", reference="aws_other.b.iops")
        assert missing(rule, {}, attribute("iops"), **more) == []  # type: ignore[arg-type]


def test_a_text_of_any_length_is_shortened() -> None:
    [hint] = missing(Read(), {"a": "x" * LONG}, attribute("a"))
    assert len(hint) < LONG / 10


def test_a_rule_may_count_a_block_as_a_whole() -> None:
    resource = Planned("a", "aws_x", "", {"disk": [{"iops": 1}]}, trace=Trace())
    resource.understood("disk")
    cloud = PlanPrices("aws_", {}, (), lambda _: "", billed={"aws_x": (attribute("disk.iops"),)})
    assert list(left_out(resource, cloud)) == []


def test_a_key_that_the_table_has_not_is_a_mistake_of_the_rule() -> None:
    cloud = PlanPrices("aws_", {}, (), lambda _: "")
    plan = {"planned_values": {"root_module": {"resources": [{"address": "a", "type": "aws_x"}]}}}
    [resource] = PlanResources(plan, lambda _: cloud).all
    with pytest.raises(LookupError, match=r"aws_x has no `gib` in usage_keys\.csv"):
        resource.usage("gib")


@pytest.mark.parametrize("row", [",a,b,,,s,d", "t,,b,,,s,d", "t,a,,,,s,d", "t,a,b,,,,d", "t,a,b"])
def test_a_row_that_says_too_little(row: str, tmp_path: Path) -> None:
    table = tmp_path / "billed_attributes.csv"
    table.write_text(f"resource_type,attribute,billed_as,free,costs,source,as_of\n{row}\n")
    with pytest.raises(DiagnosticsError, match=r"empty|cells"):
        read_billed_attributes(table)


def test_lists_in_lists_without_end_are_looked_at_no_further() -> None:
    deep: Any = True
    for _ in range(100_000):
        deep = [deep]
    more = after_apply("iops", reference="aws_other.b.iops")
    more["resource_changes"][0]["change"]["after_unknown"] = {"iops": deep}
    assert missing(Read(), {"disk": deep}, attribute("disk.iops"), attribute("iops"), **more) == []
