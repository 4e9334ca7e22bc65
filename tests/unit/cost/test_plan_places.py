"""Where resources of a plan are: by themselves, by their provider, through modules; else where the user says."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds.planned import Planned
from groundplan.cost.plan import price_plan
from groundplan.cost.plan.clouds import owner_of
from groundplan.cost.plan.configuration import Configuration
from groundplan.cost.plan.resources import PlanResources
from groundplan.hcl.sources import strip_indexes
from groundplan.terraform.offline import offline_session


def constant(value: Any) -> dict[str, Any]:
    return {"constant_value": value}


def refers(*names: str) -> dict[str, Any]:
    return {"references": list(names)}


def provider(name: str = "aws", **expressions: Any) -> dict[str, Any]:
    full = f"registry.terraform.io/hashicorp/{name}"
    return {"name": name, "full_name": full, "expressions": expressions}


def planned(address: str, **values: Any) -> dict[str, Any]:
    *_, type_, name = strip_indexes(address).split(".")
    return {"address": address, "mode": "managed", "type": type_, "name": name, "values": values}


def written(address: str, key: str = "aws", **expressions: Any) -> dict[str, Any]:
    return {"address": address, "provider_config_key": key, "expressions": expressions}


def plan_of(resources: list[Any], configuration: dict[str, Any], **more: Any) -> dict[str, Any]:
    root = {"resources": [one for one in resources if "resources" not in one]}
    root["child_modules"] = [one for one in resources if "resources" in one]
    return {"format_version": "1.2", "planned_values": {"root_module": root}, "configuration": configuration, **more}


def regions(plan: dict[str, Any]) -> dict[str, str]:
    return {one.address: one.region for one in PlanResources(plan, owner_of).all}


class TestProviders:
    def test_an_alias_has_its_own_region(self) -> None:
        configuration = {
            "provider_config": {
                "aws": provider(region=constant("us-east-1")),
                "aws.tokyo": {**provider(region=constant("ap-northeast-1")), "alias": "tokyo"},
            },
            "root_module": {
                "resources": [written("aws_nat_gateway.home"), written("aws_nat_gateway.tokyo", "aws.tokyo")]
            },
        }
        plan = plan_of([planned("aws_nat_gateway.home"), planned("aws_nat_gateway.tokyo")], configuration)
        assert regions(plan) == {"aws_nat_gateway.home": "us-east-1", "aws_nat_gateway.tokyo": "ap-northeast-1"}

    @pytest.mark.parametrize("key", ["module.far:aws", "far:aws"])
    def test_of_a_module_by_its_input(self, key: str) -> None:
        """As Terraform names it since 1.1, and as before."""
        module = {
            "resources": [written("aws_nat_gateway.a", key)],
            "variables": {"where": {"default": "eu-west-1"}},
        }
        call = {"module": module, "expressions": {"where": refers("var.main")}}
        configuration = {
            "provider_config": {
                "aws": provider(region=constant("us-east-1")),
                key: {**provider(region=refers("var.where")), "module_address": "module.far"},
            },
            "root_module": {"module_calls": {"far": call}, "variables": {"main": {"default": "eu-central-1"}}},
        }
        resources = [{"address": "module.far", "resources": [planned("module.far.aws_nat_gateway.a")]}]
        assert list(regions(plan_of(resources, configuration)).values()) == ["eu-central-1"]
        given = {"main": {"value": "eu-west-2"}}
        assert list(regions(plan_of(resources, configuration, variables=given)).values()) == ["eu-west-2"]
        del call["expressions"]
        assert list(regions(plan_of(resources, configuration)).values()) == ["eu-west-1"]

    def test_a_resource_that_names_its_module_alone(self) -> None:
        """As Terraform 0.14 does, where configurations have the whole address."""
        configuration = {
            "provider_config": {
                "aws": provider(region=constant("us-east-1")),
                "module.a.module.b:aws": provider(region=constant("eu-west-1")),
            },
            "root_module": {
                "module_calls": {
                    "a": {
                        "module": {
                            "resources": [written("aws_nat_gateway.x", "a:aws")],
                            "module_calls": {"b": {"module": {"resources": [written("aws_nat_gateway.y", "b:aws")]}}},
                        }
                    }
                }
            },
        }
        inner = {"address": "module.a.module.b", "resources": [planned("module.a.module.b.aws_nat_gateway.y")]}
        outer = {
            "address": "module.a",
            "resources": [planned("module.a.aws_nat_gateway.x")],
            "child_modules": [inner],
        }
        assert list(regions(plan_of([outer], configuration)).values()) == ["us-east-1", "eu-west-1"]

    def test_one_that_a_call_hands_on_without_configuration_of_its_own(self) -> None:
        configuration = {
            "provider_config": {"aws": provider(region=constant("eu-west-1")), "module.far:aws": {"name": "aws"}},
            "root_module": {
                "module_calls": {"far": {"module": {"resources": [written("aws_nat_gateway.a", "module.far:aws")]}}}
            },
        }
        resources = [{"address": "module.far", "resources": [planned("module.far.aws_nat_gateway.a")]}]
        assert list(regions(plan_of(resources, configuration)).values()) == ["eu-west-1"]

    def test_google_beta_is_google_and_a_zone_says_the_region(self) -> None:
        configuration = {
            "provider_config": {"google-beta": provider("google-beta", zone=constant("europe-west4-b"))},
            "root_module": {"resources": [written("google_compute_disk.a", "google-beta")]},
        }
        plan = plan_of([planned("google_compute_disk.a")], configuration)
        [disk] = PlanResources(plan, owner_of).all
        assert (disk.region, disk.provider.zone) == ("europe-west4", "europe-west4-b")

    @pytest.mark.parametrize(
        "region",
        [
            refers("var.regions", "var.env"),
            refers("var.env"),
            refers("local.region"),
            refers("var.regions"),
            refers("var.nothing"),
            refers('var.regions["none"]', "var.regions"),
            refers("var.home", "var.far"),
            constant("prod"),
            constant(5),
            {},
        ],
    )
    def test_what_is_no_region_or_cannot_be_told_is_none(self, region: Any) -> None:
        variables = {
            "regions": {"value": {"prod": "eu-west-1"}},
            "env": {"value": "prod"},
            "home": {"value": "eu-west-1"},
            "far": {"value": "us-east-1"},
        }
        configuration = {
            "provider_config": {"aws": provider(region=region)},
            "root_module": {"resources": [written("aws_nat_gateway.a")]},
        }
        plan = plan_of([planned("aws_nat_gateway.a")], configuration, variables=variables)
        assert list(regions(plan).values()) == [""]
        report = price_plan(plan, "plan.json", "eu-west-1")
        assert (report.cost.region, report.without_region) == ("eu-west-1", 1)

    @pytest.mark.parametrize(
        ("region", "is_"),
        [
            (refers("var.home"), "eu-west-1"),
            (refers('var.regions["prod"]', "var.regions"), "eu-west-2"),
            (refers("var.all.main.region", "var.all.main", "var.all"), "eu-west-3"),
            (refers("var.list[1]", "var.list"), "eu-north-1"),
            (refers("data.aws_region.current.name", "data.aws_region.current"), "sa-east-1"),
            (refers("module.names.region", "module.names"), "ca-central-1"),
            (constant("me-south-1"), "me-south-1"),
        ],
    )
    def test_one_reference_is_followed(self, region: Any, is_: str) -> None:
        variables = {
            "home": {"value": "eu-west-1"},
            "regions": {"value": {"prod": "eu-west-2"}},
            "all": {"value": {"main": {"region": "eu-west-3"}}},
            "list": {"value": ["x", "eu-north-1"]},
        }
        names = {"module": {"outputs": {"region": {"expression": constant("ca-central-1")}}}}
        configuration = {
            "provider_config": {"aws": provider(region=region)},
            "root_module": {"resources": [written("aws_nat_gateway.a")], "module_calls": {"names": names}},
        }
        read = {"address": "data.aws_region.current", "mode": "data", "values": {"name": "sa-east-1"}}
        state = {"values": {"root_module": {"resources": [read]}}}
        plan = plan_of([planned("aws_nat_gateway.a")], configuration, variables=variables, prior_state=state)
        assert list(regions(plan).values()) == [is_]

    def test_the_region_given_is_for_its_own_cloud_only(self) -> None:
        plan = plan_of([planned("aws_nat_gateway.a"), planned("google_compute_disk.a", size=10)], {})
        report = price_plan(plan, "plan.json", "eu-west-1")
        assert [line.address for line in report.cost.lines] == ["aws_nat_gateway.a"]
        assert {(item.address, item.reason) for item in report.cost.unpriced if item.reason != "usage not stated"} == {
            ("google_compute_disk.a", "region not known")
        }


def find(plan: dict[str, Any], address: str) -> Planned:
    return next(one for one in PlanResources(plan, owner_of).all if one.address == address)


class TestReferencesThroughModules:
    """A node group in a module, its launch template elsewhere."""

    def group(self, index: str = "", **values: Any) -> dict[str, Any]:
        address = f"module.nodes{index}"
        return {"address": address, "resources": [planned(f"{address}.aws_eks_node_group.this", **values)]}

    def nodes(self, *names: str, **given: Any) -> dict[str, Any]:
        block = written("aws_eks_node_group.this", launch_template=[{"id": refers(*names)}])
        return {"module": {"resources": [block]}, "expressions": given}

    def template_of(self, plan: dict[str, Any], index: str = "") -> str | None:
        found = find(plan, f"module.nodes{index}.aws_eks_node_group.this").referred(
            "launch_template", "id", of="aws_launch_template"
        )
        return found and found.address

    def test_an_input_leads_to_the_caller(self) -> None:
        calls = {"nodes": self.nodes("var.lt", lt=refers("aws_launch_template.a.id", "aws_launch_template.a"))}
        plan = plan_of(
            [planned("aws_launch_template.a"), self.group()], {"root_module": {"module_calls": calls, "resources": []}}
        )
        assert self.template_of(plan) == "aws_launch_template.a"
        group = find(plan, "module.nodes.aws_eks_node_group.this")
        [back] = find(plan, "aws_launch_template.a").referring("aws_eks_node_group", "launch_template", "id")
        assert back.address == group.address

    @pytest.mark.parametrize("reference", ["module.lt.id", 'module.lt["x"].id'])
    def test_an_output_leads_into_a_module_of_the_same_key(self, reference: str) -> None:
        inner = {"outputs": {"id": {"expression": refers("aws_launch_template.a.id", "aws_launch_template.a")}}}
        calls = {"nodes": self.nodes("var.lt", lt=refers(reference, "module.lt")), "lt": {"module": inner}}
        templates = [
            {"address": f'module.lt["{key}"]', "resources": [planned(f'module.lt["{key}"].aws_launch_template.a')]}
            for key in "wxy"
        ]
        plan = plan_of([*templates, self.group('["x"]')], {"root_module": {"module_calls": calls}})
        assert self.template_of(plan, '["x"]') == 'module.lt["x"].aws_launch_template.a'

    def test_each_value_leads_to_what_it_is_each_of(self) -> None:
        block = written("aws_eks_node_group.this", launch_template=[{"id": refers("each.value.id", "each.value")}])
        block["for_each_expression"] = refers("aws_launch_template.a")
        resources = [
            planned('aws_launch_template.a["x"]'),
            planned('aws_launch_template.a["y"]'),
            planned('aws_eks_node_group.this["y"]'),
        ]
        plan = plan_of(resources, {"root_module": {"resources": [block]}})
        found = find(plan, 'aws_eks_node_group.this["y"]').referred("launch_template", "id", of="aws_launch_template")
        assert found is not None and found.address == 'aws_launch_template.a["y"]'

    @pytest.mark.parametrize("key", ["id", "name"])
    def test_by_the_id_or_name_that_both_have(self, key: str) -> None:
        templates = [planned("aws_launch_template.a", **{key: "lt-1"}), planned("aws_launch_template.b", id="lt-2")]
        plan = plan_of([*templates, self.group(launch_template=[{"id": "lt-1"}])], {})
        assert self.template_of(plan) == "aws_launch_template.a"
        [back] = find(plan, "aws_launch_template.a").referring("aws_eks_node_group", "launch_template", "id")
        assert back.address == "module.nodes.aws_eks_node_group.this"

    def test_two_of_the_same_name_are_none(self) -> None:
        templates = [planned("aws_launch_template.a", name="x"), planned("aws_launch_template.b", name="x")]
        assert self.template_of(plan_of([*templates, self.group(launch_template=[{"id": "x"}])], {})) is None

    @pytest.mark.parametrize("block", [{}, {"launch_template": [{"id": refers("local.lt")}]}])
    def test_behind_a_local_value_the_only_one_of_the_module(self, block: dict[str, Any]) -> None:
        """In a `dynamic` block, of which the configuration has nothing, too."""
        group = self.group(launch_template=[{}])
        group["resources"].append(planned("module.nodes.aws_launch_template.this"))
        calls = {"nodes": {"module": {"resources": [written("aws_eks_node_group.this", **block)]}}}
        change = {"after_unknown": {"launch_template": [{"id": True}]}}
        changes = [{"address": "module.nodes.aws_eks_node_group.this", "change": change}]
        plan = plan_of([group], {"root_module": {"module_calls": calls}}, resource_changes=changes)
        assert self.template_of(plan) == "module.nodes.aws_launch_template.this"
        assert self.template_of({**plan, "resource_changes": []}) is None
        group["resources"].append(planned("module.nodes.aws_launch_template.other"))
        assert self.template_of(plan) is None

    def test_modules_that_refer_to_each_other_come_to_an_end(self) -> None:
        names = [f"module.m.{name}" for name in "abcdefgh"]
        outputs = {name: {"expression": refers(*[f"var.{other}" for other in "abcdefgh"])} for name in "abcdefgh"}
        given = {name: refers(*names) for name in "abcdefgh"}
        inner = {"outputs": outputs, "resources": [written("aws_eks_node_group.this", x=refers("var.a"))]}
        plan = plan_of(
            [{"address": "module.m", "resources": [planned("module.m.aws_eks_node_group.this")]}],
            {"root_module": {"module_calls": {"m": {"module": inner, "expressions": given}}}},
        )
        assert find(plan, "module.m.aws_eks_node_group.this").referred("x") is None
        loop = {"outputs": {"r": {"expression": refers("var.r")}}}
        configuration = {
            "provider_config": {"aws": provider(region=refers("module.m.r"))},
            "root_module": {"module_calls": {"m": {"module": loop, "expressions": {"r": refers("module.m.r")}}}},
        }
        assert list(regions(plan_of([planned("aws_nat_gateway.a")], configuration)).values()) == [""]

    def test_a_list_refers_to_every_instance_and_a_single_value_to_none_of_several(self) -> None:
        addresses = [planned(f"google_compute_address.nat[{number}]") for number in range(2)]
        nat = written("google_compute_router_nat.a", "google", nat_ips=refers("google_compute_address.nat"))
        resources = [*addresses, planned("google_compute_router_nat.a")]
        plan = plan_of(resources, {"root_module": {"resources": [nat]}})
        for one in addresses:
            address = find(plan, one["address"])
            assert [r.address for r in address.referring("google_compute_router_nat", "nat_ips", every=True)] == [
                "google_compute_router_nat.a"
            ]
            assert not address.referring("google_compute_router_nat", "nat_ips")
        assert len(find(plan, addresses[0]["address"]).alike("google_compute_address", "google_compute_disk")) == 2


@cache
def by_terraform() -> dict[str, Planned]:
    with offline_session(Path(__file__).parent / "plans" / "places", ["."]) as session:
        made = session.plan(".")
    assert made.plan is not None, made.diagnostics
    return {one.address: one for one in PlanResources(made.plan, owner_of).all}


class TestByTerraformItself:
    """A plan of real Terraform: aliases handed on under another name, to modules in modules, for each key."""

    def test_regions(self) -> None:
        found = by_terraform()
        assert {address: one.region for address, one in found.items() if 'module.m["b"]' not in address} == {
            'aws_launch_template.lt["a"]': "us-east-1",
            'aws_launch_template.lt["b"]': "us-east-1",
            "google_compute_address.a": "europe-west4",
            'module.m["a"].aws_eks_node_group.g': "eu-west-1",
            'module.m["a"].aws_kms_key.far': "eu-west-1",
            'module.m["a"].aws_kms_key.lost': "",
            'module.m["a"].module.handed_on.aws_kms_key.k': "",
            'module.m["a"].module.inherited.aws_kms_key.k': "eu-west-1",
        }

    @pytest.mark.parametrize("key", ["a", "b"])
    def test_a_template_that_a_module_is_given(self, key: str) -> None:
        found = by_terraform()
        group = found[f'module.m["{key}"].aws_eks_node_group.g']
        template = group.referred("launch_template", "id", of="aws_launch_template")
        assert template is not None and template.address == f'aws_launch_template.lt["{key}"]'
        assert group.unknown("launch_template", "id") and not group.unknown("disk_size")


def test_what_arguments_refer_to_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments of many resources refer to the same variable through many calls."""
    asked: list[str] = []
    variable = Configuration._variable

    def counted(self: Configuration, calls: tuple[str, ...], name: str, depth: int) -> Any:
        asked.append(name)
        return variable(self, calls, name, depth)

    monkeypatch.setattr(Configuration, "_variable", counted)
    argument = {"size": {"references": ["var.size"]}}
    resources = [{"address": f"aws_ebs_volume.{name}", "expressions": argument} for name in "abc"]
    root = {"resources": resources, "variables": {"size": {"default": 1}}}
    configuration = Configuration({"configuration": {"root_module": root}, "planned_values": {"root_module": {}}})
    assert all(configuration.settled((), f"aws_ebs_volume.{name}", ("size",)) for name in "aabbcc")
    assert asked == ["size"]
