"""What forces a replacement, as the real AWS provider plans it: every argument that the modules set, one at a time.

The provider runs by itself with made-up credentials and is asked for plans alone, which need no cloud. What it is not
asked to do is validate, so made-up values do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from groundplan.paths import MODULES
from groundplan.terraform.archive import SCHEMA_FOLDER, ProviderSchemas, Schema, SchemaArchive
from groundplan.terraform.effects import Pattern, effects
from groundplan.terraform.effects.equality import canonical
from groundplan.terraform.plugin.update import update
from groundplan.terraform.plugin.values import has_unknown
from tests.providers.client import Provider, binary, running
from tests.providers.states import Words, applied, arguments, at, empty, filled, leaves, proposed, put

pytestmark = pytest.mark.slow

VERSION = "5.100.0"
Place = tuple[str | int, ...]

LATER = {("aws_prometheus_scraper_logging_configuration"): "a resource of 6.58"}
DIFFERENT: Mapping[tuple[str, str, str], str] = {
    ("aws_subnet", "removed", "cidr_block"): "since 6.29 the range stays when the argument is taken out",
    (
        "aws_vpc_endpoint",
        "changed",
        "private_dns_enabled",
    ): "since 6.28 replaced, but for interface endpoints since 6.36",
}
"""Where the tables, which are those of the newest provider, answer otherwise, and why."""

SOURCES = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")
ONE_OF: Mapping[str, tuple[Pattern, ...]] = {
    "aws_cloudwatch_metric_alarm": (("metric_query", "expression"), ("metric_query", "metric")),
    "aws_vpc_security_group_egress_rule": tuple((name,) for name in SOURCES),
    "aws_vpc_security_group_ingress_rule": tuple((name,) for name in SOURCES),
}
"""Arguments of which a resource has one alone."""

WORDS: Mapping[str, Words] = {
    "aws_lb_target_group": {
        "target_type": ("ip", "instance"),
        "protocol": ("HTTP", "HTTPS"),
        "protocol_version": ("HTTP1", "HTTP2"),
    },
    "aws_s3_bucket_lifecycle_configuration": {
        "storage_class": ("GLACIER", "DEEP_ARCHIVE"),
        "status": ("Enabled", "Disabled"),
        "transition_default_minimum_object_size": ("varies_by_storage_class", "all_storage_classes_128K"),
    },
    "aws_sns_topic": {"fifo_throughput_scope": ("", "")},
}
REFUSED = {("aws_cloudwatch_metric_alarm", "statistic")} | {
    ("aws_lb_target_group", name) for name in ("port", "protocol", "vpc_id", "target_type")
}
"""Arguments without which the provider plans nothing."""

ARGUMENTS = {type_: paths for type_, paths in arguments(MODULES).items() if type_.startswith("aws_")}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    program = binary("aws", VERSION)
    if program is None:
        pytest.skip(f"the AWS provider {VERSION} is in no local mirror of Terraform")
    with running(program, tmp_path_factory.mktemp("aws")) as started:
        config = empty(SCHEMAS.provider["block"]) | {
            "region": "us-east-1",
            "access_key": "made-up",
            "secret_key": "made-up",
            "skip_credentials_validation": True,
            "skip_metadata_api_check": "true",
            "skip_region_validation": True,
            "skip_requesting_account_id": True,
        }
        assert not started.configure(config)
        yield started


def _schemas() -> ProviderSchemas:
    return SchemaArchive(SCHEMA_FOLDER / "aws-5.zip").load({"resource": ARGUMENTS})


SCHEMAS = _schemas()


class Case:
    """One type: a configuration and what it becomes when one thing in it changes."""

    def __init__(self, provider: Provider, type_: str, paths: frozenset[Pattern]) -> None:
        self.provider, self.type = provider, type_
        self.words = WORDS.get(type_, {})
        self.block: Schema = SCHEMAS.types["resource"][type_]["block"]
        self.base = filled(self.block, paths, self.words)
        self.other = filled(self.block, paths, self.words, 1)

    def edits(self) -> Iterator[tuple[str, Place, Mapping[str, Any], Mapping[str, Any]]]:
        """(what happens, where, the configuration before, the one after)"""
        for place in leaves(self.block, self.base):
            without = put(self.base, place, [] if self._is_block(place) else None)
            yield "changed", place, self.base, put(self.base, place, at(self.other, place))
            yield "removed", place, self.base, without
            yield "added", place, without, self.base

    def differences(self) -> Iterator[tuple[str, str, str]]:
        """Where the tables answer otherwise than the provider."""
        for what, place, before, after in self.edits():
            key = (self.type, what, ".".join(str(step) for step in place if isinstance(step, str)))
            made = self.provider.plan(self.type, None, proposed(self.block, None, before), before)
            state = applied(self.block, made.planned, self.words) if not made.errors else None
            wanted = proposed(self.block, state, after)
            plan = self.provider.plan(self.type, state, wanted, after, made.private) if state else made
            if made.errors or plan.errors:
                assert (self.type, place[0]) in REFUSED, (key, made.errors, plan.errors)
                continue
            real = {path[0] for path in plan.replaced if path != ("id",) and _differs(state, plan.planned, path)}
            ours = {path[0] for path in effects().replacing(self.type, state, plan.planned)}
            engine = {
                place[0] for place in update(self.type, self.block, deepcopy(state), wanted, dict(after)).replacing
            }
            if real != ours or real != engine:
                yield key

    def _is_block(self, place: Place) -> bool:
        block = self.block
        for step in place[:-1]:
            block = block["block_types"][step]["block"] if isinstance(step, str) else block
        return place[-1] in block.get("block_types", {})


def _differs(state: Any, planned: Any, path: Place) -> bool:
    """Whether Terraform heeds the path: it leaves out those whose value is the same on both sides."""
    before, after = _at(state, path), _at(planned, path)
    return has_unknown(after) or canonical(before) != canonical(after)


def _at(value: Any, path: Place) -> Any:
    try:
        return at(value, path)
    except (KeyError, IndexError, TypeError):
        return None


@pytest.mark.parametrize("type_", sorted(ARGUMENTS.keys() - LATER.keys()))
def test_replacements_are_those_of_the_provider(provider: Provider, type_: str) -> None:
    found = set()
    one_of = ONE_OF.get(type_, (None,))
    for chosen in one_of:
        left_out = [path for path in one_of if path is not None and path != chosen]
        paths = {path for path in ARGUMENTS[type_] if not any(path[: len(out)] == out for out in left_out)}
        if chosen is None or chosen in paths:
            found.update(Case(provider, type_, frozenset(paths)).differences())
    expected = {key for key in DIFFERENT if key[0] == type_}
    assert found == expected


def test_a_rule_of_a_security_group_changes_its_source_by_replacement(provider: Provider) -> None:
    """A range becomes another range in place, but no group, and no range of the other protocol."""
    type_ = "aws_vpc_security_group_ingress_rule"
    block = SCHEMAS.types["resource"][type_]["block"]
    base = empty(block) | {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443}
    sources = {"cidr_ipv4": ("10.0.0.0/16", "10.1.0.0/16"), "cidr_ipv6": ("fd00::/64", "fd01::/64")}
    sources["referenced_security_group_id"] = ("sg-2", "sg-3")
    for before, (old, _) in sources.items():
        for after, (_, new) in sources.items():
            first, second = base | {before: old}, base | {after: new}
            made = provider.plan(type_, None, proposed(block, None, first), first)
            state = applied(block, made.planned, {})
            plan = provider.plan(type_, state, proposed(block, state, second), second, made.private)
            assert bool(plan.replaced) == (before != after) == bool(effects().replacing(type_, state, plan.planned))


def test_defaults_are_those_of_the_provider(provider: Provider) -> None:
    """Of each default of the tables that the provider had then; the arguments around it are made up."""
    wrong = []
    for type_, schema in sorted(SCHEMAS.types["resource"].items()):
        block = schema["block"]
        for pattern, value in effects().defaults(type_).items():
            names = tuple(step for step in pattern if step not in ("*", "#"))
            paths = frozenset({names[:depth] for depth in range(1, len(names))} | _required(block))
            config = filled(block, paths, WORDS.get(type_, {}))
            plan = provider.plan(type_, None, proposed(block, None, config), config)
            found = _at(plan.planned, tuple(0 if step in ("*", "#") else step for step in pattern))
            if not plan.errors and found != value:
                wrong.append((type_, pattern, value, found))
    assert not wrong


def test_another_version_of_a_template_is_planned_as_the_provider_does(provider: Provider) -> None:
    type_ = "aws_launch_template"
    block = SCHEMAS.types["resource"][type_]["block"]
    names = ("image_id", "description", "tags", "user_data", "key_name", "update_default_version")
    paths = frozenset((name,) for name in names)
    base, other = filled(block, paths, {}), filled(block, paths, {}, 1)
    made = provider.plan(type_, None, proposed(block, None, base), base)
    state = applied(block, made.planned, {})
    for name in names:
        config = put(base, (name,), other[name])
        plan = provider.plan(type_, state, proposed(block, state, config), config, made.private)
        unknown = {(key,) for key, value in plan.planned.items() if has_unknown(value)}
        assert unknown == effects().recomputed(type_, state, proposed(block, state, config)), name


def _required(block: Schema) -> set[Pattern]:
    return {(name,) for name, attribute in block["attributes"].items() if attribute.get("required")}


def test_what_a_mirror_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "mirror/registry.terraform.io/hashicorp/aws/1.2.3/linux_amd64/terraform-provider-aws_v1.2.3_x5"
    program.parent.mkdir(parents=True)
    program.touch()
    config = tmp_path / "terraformrc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}/mirror"\n  }}\n}}\n')
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(config))
    assert binary("aws", "1.2.3") == program
    assert binary("aws", "1.2.4") is None
