"""From an argument of a resource to the variables of its module."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.change.configured import Configured, meet

ADDRESS = 'module.db.aws_db_instance.this["a"]'


def refers(*references: str) -> dict[str, Any]:
    return {"references": list(references)}


def configured(expressions: dict[str, Any], for_each: list[str] | None = None) -> Configured:
    resource = {"address": "aws_db_instance.this", "expressions": expressions}
    if for_each:
        resource["for_each_expression"] = refers(*for_each)
    call = {"module": {"resources": [resource]}, "expressions": {"network": refers("module.net.network", "module.net")}}
    return Configured.of({"configuration": {"root_module": {"module_calls": {"db": call}}}})


def test_an_argument_leads_to_what_it_names_and_no_further() -> None:
    found = configured({"engine_version": refers("var.postgres.version", "var.postgres"), "port": refers("var.port")})
    assert found.variables(ADDRESS, ["engine_version"]) == {("postgres", "version")}
    assert found.variables(ADDRESS, ["port", "engine_version"]) == {("postgres", "version"), ("port",)}


def test_a_block_is_entered_and_an_element_is_what_is_gone_over() -> None:
    rule = {"rule": [{"expiration": [{"days": refers("each.value.expire_days", "each.value")}]}]}
    found = configured(rule, for_each=["var.buckets"])
    assert found.variables(ADDRESS, ["rule[*].expiration[*].days"]) == {("buckets", "*", "expire_days")}
    assert found.variables(ADDRESS, ["for_each"]) == found.variables(ADDRESS, []) == {("buckets", "*")}


def test_what_is_not_followed_is_told_and_calls_that_give_a_variable() -> None:
    subnets = refers("var.network.subnets", "var.network")
    found = configured({"version": refers("local.version"), "role": refers("aws_iam_role.a"), "subnet_ids": subnets})
    others = [found.names_others(ADDRESS, [name]) for name in ("version", "role", "subnet_ids", "nothing")]
    assert others == [True, True, False, True]
    assert set(found.upstream(ADDRESS, found.variables(ADDRESS, ["subnet_ids"]))) == {"module.net"}


@pytest.mark.parametrize(("address", "plan"), [("module.other.aws_x.y", {}), ("aws_x.y", {"configuration": {}})])
def test_what_a_plan_does_not_have_leads_nowhere(address: str, plan: dict[str, Any]) -> None:
    assert Configured.of(plan).variables(address, ["a"]) == set()


@pytest.mark.parametrize(
    ("path", "other", "met"),
    [("a.b", "a", True), ("a", "a.b", True), ("a.x.c", "a.*.c", True), ("a.x.c", "a.*.d", False), ("b", "a", False)],
)
def test_places_meet_where_one_holds_the_other(path: str, other: str, met: bool) -> None:
    assert meet(tuple(path.split(".")), tuple(other.split("."))) is met
