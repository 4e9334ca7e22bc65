"""What taking over things that are there changes about them, and what asks for it: a key of the spec, or a module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from groundplan.catalog.tables import filled, read_table
from groundplan.change.drift.schemas import Schemas
from groundplan.change.drift.values import UNKNOWN, Differing, differing, marked, shown
from groundplan.change.model import Adopted, Attribute, Deviation
from groundplan.change.planned import Action, Planned, read_plan
from groundplan.diagnostics import Place
from groundplan.hcl.references import Ref
from groundplan.spec.document import Document
from groundplan.stack.assets import Asset

LACKS = "lacks"
"""Key of the spec that lists what a thing does not have so far."""
_COLUMNS = ("type", "argument", "key", "lacks", "why")
_FROM_THE_TOP = "/"
_ACTING = (Action.CREATE, Action.UPDATE, Action.REPLACE)


@dataclass(frozen=True, slots=True)
class Row:
    """An argument that the modules set, or a whole resource, and what of the spec decides it."""

    type: str
    argument: str
    """Empty for the whole resource."""
    keys: Sequence[str]
    """Below the block that names the thing, or with a slash from the top of the spec."""
    lacks: str
    """What the spec calls the resource in `lacks`."""
    why: str


@cache
def rows() -> Mapping[tuple[str, str], Row]:
    """Every row, by type and argument."""
    found = (row for _, row in read_table(files("groundplan.change") / "adopting.csv", _COLUMNS, _row))
    return {(row.type, row.argument): row for row in found}


def _row(type_: str, argument: str, key: str, lacks: str, why: str) -> Row:
    return Row(filled(type_), argument, tuple(key.split()), lacks, filled(why))


def within(asset: Asset, address: str) -> str:
    """The address in the asset's module call of something that the asset is made of; empty for anything else."""
    call = Ref(asset.call).address
    own = address.removeprefix(f"{call}.") if address.startswith(f"{call}.") else ""
    return own if not asset.resources or own in asset.resources else ""


@dataclass(frozen=True)
class Adopting:
    """What is known of an environment, to tell what an import changes."""

    assets: Sequence[Asset]
    document: Document | None
    provider: str
    """The cloud's name in the spec."""
    schemas: Schemas

    def of(self, plans: Mapping[str, Mapping[str, Any]]) -> Sequence[Adopted]:
        """Everything that the plans, by root, take over."""
        changes = {root: _changes(plan) for root, plan in plans.items()}
        planned = [one for root, plan in plans.items() for one in read_plan(root, plan)]
        found = (self._asset(asset, planned, changes.get(asset.layer, {})) for asset in self.assets if asset.imported)
        return [one for one in found if one.imported]

    def _asset(self, asset: Asset, planned: Sequence[Planned], changes: Mapping[str, Any]) -> Adopted:
        own = [one for one in planned if one.root == asset.layer and within(asset, one.address)]
        imported = sum(one.imported for one in own)
        acting = (one for one in own if one.action in _ACTING and not one.assumed)
        told = tuple(each for one in acting for each in self._differences(asset, one, changes[one.address]))
        place = self.place(asset.path)
        return Adopted(f"{asset.kind} {asset.name}", asset.layer, asset.path, place, imported, told)

    def _differences(self, asset: Asset, one: Planned, change: Mapping[str, Any]) -> Iterator[Deviation]:
        if not one.imported:
            yield self._told(asset, one, "", ())
            return
        after = _overlaid(one.after, one.unknown)
        by_argument: dict[str, list[Differing]] = {}
        for each in differing(one.before, after, self.schemas.block(one.provider, one.type)):
            by_argument.setdefault(str(each.path[0]), []).append(each)
        for argument, found in by_argument.items():
            if (one.type, argument) not in rows() and all(each.after == UNKNOWN for each in found):
                continue  # of a replacement: what the provider sets
            yield self._told(asset, one, argument, [_attribute(each, change) for each in found])

    def _told(self, asset: Asset, one: Planned, argument: str, attributes: Sequence[Attribute]) -> Deviation:
        row = rows().get((one.type, argument))
        paths = [_path(asset, key) for key in row.keys] if row else []
        paths = [(*asset.path.split("."), self.provider, LACKS)] if row and row.lacks and not argument else paths
        stated = [path for path in paths if self.document and self.document.known(path) == path]
        return Deviation(
            one.address,
            tuple(attributes),
            tuple(".".join(path) for path in stated or paths),
            bool(stated),
            self.place(".".join(stated[0]) if stated else asset.path),
            row.why if row else "",
            any(path[:1] == (argument,) for path in one.forced_by),
        )

    def place(self, path: str) -> Place | None:
        """Where the spec has a key, or what is around it; None without a spec."""
        return self.document.place(tuple(path.split("."))) if self.document else None


def _changes(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    return {one["address"]: one["change"] for one in plan.get("resource_changes") or ()}


def _path(asset: Asset, key: str) -> tuple[str, ...]:
    own = () if key.startswith(_FROM_THE_TOP) else tuple(asset.path.split("."))
    return (*own, *key.removeprefix(_FROM_THE_TOP).split("."))


def _attribute(each: Differing, change: Mapping[str, Any]) -> Attribute:
    hidden = any(marked(change.get(f"{side}_sensitive"), each.path) for side in ("before", "after"))
    after = UNKNOWN if each.after == UNKNOWN else shown(each.after, hidden=hidden)
    return Attribute(each.text, shown(each.before, hidden=hidden), after)


def _overlaid(value: Any, unknown: Any) -> Any:
    """The value with a word where it is not known before the apply."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(value, dict | None):
        there = value or {}
        return {**there, **{name: _overlaid(there.get(name), inner) for name, inner in unknown.items()}}
    if isinstance(unknown, list) and isinstance(value, list) and len(unknown) == len(value):
        return [_overlaid(one, inner) for one, inner in zip(value, unknown, strict=True)]
    return value
