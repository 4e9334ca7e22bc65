"""The sizes of the blueprints are what they claim: together the largest say everything, the smallest almost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from groundplan.app.pipeline import resolve_spec
from groundplan.components.budget.spec import Budget
from groundplan.components.mlflow.spec import Tracking
from groundplan.components.monitoring.spec import Monitoring
from groundplan.components.network.spec import Network
from groundplan.components.node_pool.spec import Pool, Serving, Training
from groundplan.components.object_store.part import buckets_of
from groundplan.components.registry.spec import Registry
from groundplan.components.state_store.spec import State
from groundplan.environment.files import SPEC_FILE
from groundplan.hcl.read import parse as parse_hcl
from groundplan.spec.model import Spec, root
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml
from tests.sizes import CASES, PLANNED, REHEARSED, ids, spec_text
from tools.module_docs import MODULES, module_folders

_PURPOSES = ("alerts", "cluster", "database", "logs")
OTHERWISE = {
    "pools.instance_types": "names of one cloud: in tests/specs/valid/instance-types.yaml",
    **{f"keys.{one}{key}": "as keys.storage" for one in _PURPOSES for key in ("", ".existing")},
    **{f"access.deny.{key}": "of what nobody may do: tests/unit/access" for key in ("action", "resource", "who")},
    "ci.jenkins.comments.url": "of a server of one's own: tests/specs/valid/full.yaml",
    "tracking.mlflow.database.existing": "it makes its own: tests/unit/components/test_existing_database.py",
    **{
        f"tracking.mlflow.database.{key}": "of a database that is there"
        for key in ("aws.client_rule", "aws.lacks", "gcp.lacks")
    },
}
"""Keys that no blueprint's largest size says, and why."""

NO_PRICE = {"load_balancer.policy"}
"""Items that the price book does not hold; the estimate lists them as unpriced."""


def models(annotation: object) -> Iterator[type[BaseModel]]:
    """The models that values of the type are or hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def keys(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every key of the format, such as `training.pools.gpu.type`: names that the user chooses are left out."""
    for name, field in model.model_fields.items():
        yield f"{path}{name}"
        for inner in models(field.annotation):
            yield from keys(inner, f"{path}{name}.")


def said(value: BaseModel, path: str = "") -> Iterator[str]:
    """The keys that a spec says, in the same words."""
    for name in value.model_fields_set:
        yield f"{path}{name}"
        content = getattr(value, name)
        for one in content.values() if isinstance(content, dict) else [content]:
            if isinstance(one, BaseModel):
                yield from said(one, f"{path}{name}.")


def specs(size: str) -> list[Spec]:
    return [parse(parse_yaml(spec_text(*case), SPEC_FILE)) for case in CASES if case[2] == size]


def test_the_largest_say_every_key() -> None:
    every = {one.split(".", 1)[1] if ".pools" in one else one for one in keys(root())}
    largest = {one.split(".", 1)[1] if ".pools" in one else one for spec in specs("maximal") for one in said(spec)}
    assert every - largest == OTHERWISE.keys()


def test_the_smallest_have_nothing_that_can_be_left_out() -> None:
    for spec in specs("minimal"):
        assert (spec.block(Registry), spec.block(Monitoring), spec.block(Budget)) == (None, None, None)
        assert (spec.section(State).backend, spec.section(Network).zones) == ("local", 2)
        kinds = (spec.block(Training), spec.block(Serving))
        pools: list[Pool] = [pool for kind in kinds if kind for pool in kind.pools.values()]
        assert all((pool.nodes.min, pool.nodes.max) == (0, 1) for pool in pools)
        assert all(pool.model_fields_set in ({"nodes", "gpu"}, {"nodes", "vcpus"}) for pool in pools)
        tracking = spec.block(Tracking)
        assert tracking is None or not tracking.mlflow.database.high_availability


@pytest.mark.parametrize("case", CASES, ids=ids(CASES))
def test_every_line_is_priced_or_nobody_said_how_much(case: tuple[str, str, str], tmp_path: Path) -> None:
    """Buckets have no price where the spec says no size, which only the smallest leave out."""
    (tmp_path / SPEC_FILE).write_text(spec_text(*case), encoding="utf-8")
    resolved = resolve_spec(tmp_path / SPEC_FILE)
    report = resolved.estimate()
    unpriced = [(line.item, line.reason) for line in report.unpriced if line.item not in NO_PRICE]
    buckets = [bucket for bucket in buckets_of(resolved.stack) if bucket.size_gib is None]
    assert unpriced == [("object_store.standard", "usage not stated")] * len(buckets)
    assert bool(buckets) == (case[2] == "minimal")
    assert all(line.monthly_usd.low <= line.monthly_usd.expected <= line.monthly_usd.high for line in report.lines)
    assert report.within_budget


def calls(case: tuple[str, str, str], folder: Path) -> dict[str, set[str]]:
    """The modules that the roots of a case call, such as `aws/network`, each with the arguments it is given."""
    (folder / SPEC_FILE).write_text(spec_text(*case), encoding="utf-8")
    files = resolve_spec(folder / SPEC_FILE).render(folder / "out")
    found: dict[str, set[str]] = {}
    for name, text in files.items():
        if not name.endswith(".tf") or name.startswith("modules/"):
            continue
        for block in parse_hcl(text, name).blocks:
            if block.type == "module":
                source = block.attributes["source"].value.strip('"').removeprefix("../modules/")
                found.setdefault(source, set()).update(block.attributes)
    return found


def test_the_rehearsed_call_every_module_and_all_that_the_others_say(tmp_path: Path) -> None:
    rehearsed: dict[str, set[str]] = {}
    for case in REHEARSED:
        for module, arguments in calls(case, tmp_path).items():
            rehearsed.setdefault(module, set()).update(arguments)
    assert rehearsed.keys() == {folder.relative_to(MODULES).as_posix() for folder in module_folders()}
    for case in PLANNED:
        for module, arguments in calls(case, tmp_path).items():
            assert arguments <= rehearsed[module], (case, module)
