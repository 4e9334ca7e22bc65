"""Policies that AWS has itself: what those that modules attach say."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from groundplan.access.aws.statements import Said
from groundplan.access.model import Statement
from groundplan.catalog.tables import filled, read_table
from groundplan.change.access.atoms import Glob

_COLUMNS = ("policy", "version", "statement", "actions", "resources", "condition", "source")


def _row(*cells: str) -> tuple[str, Said]:
    policy, version, statement, actions, resources, condition, source = cells
    name = f"{filled(policy)} {filled(version)}, {filled(statement)}"
    return policy, Said(
        allows=True,
        actions=tuple(Glob(one.lower(), shown=one) for one in filled(actions).split()),
        resources=tuple(map(Glob, filled(resources).split())),
        who=(),
        condition={"Unread": {condition: "true"}} if condition else {},
        source=Statement(None, name, filled(source)),
    )


@cache
def managed() -> Mapping[str, tuple[Said, ...]]:
    """Statements by the policy's name; they all allow."""
    found: dict[str, tuple[Said, ...]] = {}
    for _, (policy, one) in read_table(files("groundplan.access.aws") / "managed.csv", _COLUMNS, _row):
        found[policy] = (*found.get(policy, ()), one)
    return found
