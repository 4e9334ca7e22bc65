"""What each spec is composed of, and that the smallest ones validate and plan."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from groundplan import paths
from groundplan.app.pipeline import resolve_spec
from groundplan.components.load import components
from groundplan.compose.compose import Composition, compose
from groundplan.diagnostics import has_errors
from groundplan.environment.files import SPEC_FILE
from groundplan.environment.write import write
from groundplan.stack.layers import LAYERS
from groundplan.terraform.offline import format_check, offline_session
from tests.unit.stack.specs import BASE, aws, serving, stack_of, training

STATE, FOUNDATION, PLATFORM = LAYERS
EXISTING = {"existing": {"id": "vpc-0a1b2c3d4e5f60718", "private_subnets": ["subnet-0a1b2c3d", "subnet-0b1c2d3e"]}}
CLUSTER = ["cluster", "pool_system"]
ON_CLUSTER = ["autoscaler", "storage_class", "workspaces"]

SMALL: dict[str, tuple[dict[str, Any], dict[str, set[str]]]] = {
    "only-buckets": (
        {"storage": {"buckets": {"data": {}, "for": {}}}},
        {STATE: {"state_store"}, FOUNDATION: {"keys", "object_store"}},
    ),
    "only-registry": (
        {"registry": {"repositories": {"image": {}}}, "state": {"bucket": "there-already"}},
        {FOUNDATION: {"keys", "registry"}},
    ),
    "local-state": (
        {"storage": {"buckets": {"data": {}}}, "state": {"backend": "local"}, "labels": {"for": "x", "null": "y"}},
        {FOUNDATION: {"keys", "object_store"}},
    ),
    "existing-network": (
        {"network": EXISTING, "serving": serving(vcpus=2), "state": {"backend": "local"}},
        {FOUNDATION: {"keys", "network", *CLUSTER, "pool_serving_main"}, PLATFORM: {*ON_CLUSTER}},
    ),
    "public-endpoint": (
        {
            "cluster": {
                "endpoint": {"public_cidrs": ["203.0.113.0/24"], "private_cidrs": ["10.99.0.0/16"]},
                "aws": {"admin_role_arns": ["arn:aws:iam::111122223333:role/platform"]},
                "deletion_protection": False,
            },
            "serving": serving(vcpus=2),
            "state": {"backend": "local"},
        },
        {FOUNDATION: {"keys", "network", *CLUSTER, "pool_serving_main"}, PLATFORM: {*ON_CLUSTER}},
    ),
    "arm64-and-local-storage": (
        {
            "training": training(vcpus=8, architecture="arm64", local_storage_gib=300, capacity="spot"),
            "state": {"backend": "local"},
        },
        {FOUNDATION: {"keys", "network", *CLUSTER, "pool_training_main"}, PLATFORM: {*ON_CLUSTER}},
    ),
    "gpu-with-relations": (
        {
            "training": training(gpu={"type": "l4"}, reads=["data"], writes=["models"]),
            "storage": {"buckets": {"data": {}, "models": {"archive_after_days": 30, "expire_after_days": 60}}},
            "state": {"backend": "local"},
        },
        {
            FOUNDATION: {"keys", "network", "object_store", *CLUSTER, "pool_training_main", "workload_identity"},
            PLATFORM: {*ON_CLUSTER, "gpu_plugin"},
        },
    ),
    "same-pool-names": (
        {
            "training": training(instance_types=["m6i.large", "m6a.large"]),
            "serving": serving(vcpus=2, nodes={"min": 0, "max": 1}),
            "state": {"backend": "local"},
        },
        {
            FOUNDATION: {"keys", "network", *CLUSTER, "pool_training_main", "pool_serving_main"},
            PLATFORM: {*ON_CLUSTER},
        },
    ),
}
"""The smallest specs of their kind, and the calls of each root, but for those that every cluster has."""


def composed(**parts: Any) -> Composition:
    return compose(stack_of(**parts), aws(), components(), paths.MODULES)


@pytest.mark.parametrize("name", SMALL)
def test_roots_and_calls(name: str) -> None:
    parts, expected = SMALL[name]
    found = {root.layer: {call.name for call in root.calls} for root in composed(**parts).roots}
    assert found.keys() == expected.keys()
    for layer, calls in expected.items():
        assert calls <= found[layer]
        assert found[layer] - calls <= {"autoscaler_identity", "cluster_addons"}
    assert ("cluster_addons" in found[FOUNDATION]) == (PLATFORM in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_small_environments_are_formatted_and_plan(name: str, tmp_path: Path) -> None:
    parts, expected = SMALL[name]
    spec = tmp_path / SPEC_FILE
    spec.write_text(yaml.safe_dump({**BASE, **parts}, sort_keys=False))
    out = tmp_path / "out"
    write(resolve_spec(spec).render(out), out)
    assert format_check(out) == ()
    with offline_session(out) as session:
        assert set(session.roots) == set(expected)
        for root in session.roots:
            validated, planned = session.validate(root), session.plan(root)
            assert validated.ok and planned.ok, (root, validated.diagnostics, planned.diagnostics)
            assert not has_errors([*validated.diagnostics, *planned.diagnostics])


@pytest.mark.parametrize("name", SMALL)
def test_calls_have_a_module_a_unique_name_and_a_place_in_the_spec(name: str) -> None:
    composition = composed(**SMALL[name][0])
    for root in composition.roots:
        names = [call.name for call in root.calls]
        assert len(names) == len(set(names))
        outputs = [output.name for output in root.outputs]
        assert outputs == sorted(set(outputs))
        for call in root.calls:
            assert (paths.MODULES / call.source / "variables.tf").is_file()
            assert call.path.split(".")[0] in {*BASE, *SMALL[name][0], "cluster", "network", "state"}


@pytest.mark.parametrize("name", SMALL)
def test_meters_belong_to_calls(name: str) -> None:
    """Every meter names a module call that there is, and an item and a unit that the price book could hold."""
    composition = composed(**SMALL[name][0])
    addresses = {call.address for root in composition.roots for call in root.calls}
    for component in components():
        for meter in component.consumption(composition.stack, aws()):
            assert meter.address in addresses
            if meter.use.option is None:
                price = aws().prices.item_price(meter.use.item, composition.stack.region)
                assert price is not None and price.unit == meter.use.unit
            else:
                assert (meter.use.item in aws().catalog.instances) and meter.use.unit == "hour"


def test_components_have_names_of_their_own() -> None:
    names = [component.name for component in components()]
    assert len(names) == len(set(names))


def test_a_pool_gets_the_rights_its_relations_state_and_no_others() -> None:
    stack = stack_of(
        training=training(vcpus=2, reads=["a"], writes=["b"]),
        serving=serving(vcpus=2),
        storage={"buckets": {"a": {}, "b": {}, "c": {}}},
    )
    [call] = [
        call
        for root in compose(stack, aws(), components(), paths.MODULES).roots
        for call in root.calls
        if call.name == "workload_identity"
    ]
    identities: Any = call.arguments["identities"]
    assert identities.keys() == {"training-main"}
    texts = {verb: [e.text for e in identities["training-main"][verb]] for verb in ("reads", "writes")}
    arn = 'module.object_store.object_store.buckets["{}"].id'
    assert texts == {"reads": [arn.format("a")], "writes": [arn.format("b")]}


def test_labels_become_tags_of_the_provider(tmp_path: Path) -> None:
    spec = tmp_path / SPEC_FILE
    parts = {"labels": {"cost-center": "4711"}, "storage": {"buckets": {"data": {}}}, "state": {"backend": "local"}}
    spec.write_text(yaml.safe_dump({**BASE, **parts}, sort_keys=False))
    variables = resolve_spec(spec).render(tmp_path / "out")[f"{FOUNDATION}/variables.tf"]
    for line in ('cost-center = "4711"', 'environment = "test"', 'owner       = "ml-platform"'):
        assert line in variables


@pytest.mark.parametrize("instance", sorted(aws().catalog.instances))
def test_the_node_pool_module_takes_every_type_of_the_catalog(instance: str) -> None:
    """The module tells architecture and GPUs from a type's name; the catalog knows them."""
    known = aws().catalog.instances[instance]
    assert bool(re.match(r"([a-z]+[0-9]+g|p6e-gb)", instance)) == (known.architecture == "arm64")
    assert bool(re.match(r"(g|gr|p)[0-9]", instance)) == (known.gpu_count > 0)


@pytest.mark.parametrize("name", SMALL)
def test_links_of_module_readmes_stay_inside_the_environment(name: str, tmp_path: Path) -> None:
    spec = tmp_path / SPEC_FILE
    spec.write_text(yaml.safe_dump({**BASE, **SMALL[name][0]}, sort_keys=False))
    files = resolve_spec(spec).render(tmp_path / "out")
    there = {*files, *(parent.as_posix() for file in files for parent in PurePosixPath(file).parents)}
    links = [
        posixpath.normpath(PurePosixPath(file).parent / target)
        for file, text in files.items()
        if file.endswith(".md")
        for target in re.findall(r"\]\((\.[^)#]*)", text)
    ]
    assert set(links) <= there
    assert name == "only-buckets" or "modules/aws/node_pool" not in there or "modules/aws/node_pool" in links
