"""What keeps a plan from destroying what lasts: addresses that move, are forgotten or are imported, for each root."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from groundplan.clouds.base import Cloud
from groundplan.components.base import AnyComponent, Holding, Lookup, ModuleCall
from groundplan.hcl.blocks import Block
from groundplan.hcl.read import read_folder
from groundplan.hcl.references import Address, Data
from groundplan.hcl.write import Value, quote
from groundplan.stack.assets import LASTING, Asset, Left, until
from groundplan.stack.kept import Kept
from groundplan.stack.model import Stack


@dataclass(frozen=True, slots=True)
class Moved:
    """An address that is another one now."""

    before: Address
    after: Address


@dataclass(frozen=True, slots=True)
class DataSource:
    """One that an id is looked up by."""

    type: str
    name: str
    arguments: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Imported:
    """An address for something that is in the cloud already, by its id."""

    address: Address
    id: str | Data
    lookup: DataSource | None = None
    """What knows the id, where it is no name."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one asset, and why."""

    layer: str
    why: str
    moved: tuple[Moved, ...] = ()
    forgotten: tuple[Address, ...] = ()
    imported: tuple[Imported, ...] = ()


@dataclass(frozen=True, slots=True)
class Moves:
    """The assets of an environment, what has left it, and what that means for each root."""

    assets: tuple[Asset, ...] = ()
    left: tuple[Left, ...] = ()
    steps: tuple[Step, ...] = ()

    def of(self, layer: str) -> tuple[Step, ...]:
        """What happens in one root."""
        return tuple(step for step in self.steps if step.layer == layer)


NONE = Moves()


@dataclass(frozen=True, slots=True)
class Makers:
    """Who makes assets, and of what."""

    stack: Stack
    cloud: Cloud
    components: Sequence[AnyComponent]

    def holdings(self) -> list[Holding]:
        """What every component makes that must outlive a change of the spec."""
        made = (c for c in self.components if not c.on(self.cloud).built_in)
        return [holding for component in made for holding in component.assets(self.stack, self.cloud)]

    def ids(self, asset: Asset) -> Mapping[str, str | Lookup]:
        """Ids to import the asset by, by resource type."""
        found = (component.on(self.cloud).imports(asset, self.stack) for component in self.components)
        return next((ids for ids in found if ids), {})

    def existing(self, asset: Asset) -> Mapping[str, str | Lookup]:
        """Ids to import the asset and all that belongs to it by, because the spec says that it is there."""
        found = (component.on(self.cloud).adopts(asset, self.stack) for component in self.components)
        return next((ids for ids in found if ids), {})

    def deletion(self, asset: Asset) -> tuple[str, ...]:
        """Commands that delete the asset for good."""
        found = (component.on(self.cloud).deletion(asset, self.stack) for component in self.components)
        return next((tuple(commands) for commands in found if commands), ())


def moves_of(makers: Makers, calls: Sequence[ModuleCall], modules: Path, kept: Kept, release: str) -> Moves:
    """What has to be said to Terraform so that the step from the last render to this one destroys no asset.

    `modules` is the folder with the sources of the calls' modules; `release` the one that renders.
    """
    sources = {(call.layer, call.name): modules / call.source for call in calls}
    assets = tuple(_with_resources(_known(holding, kept), sources) for holding in makers.holdings())
    left = tuple(_left(assets, kept, release))
    back = {one.asset.identity for one in left if one.back}
    renamed = (_renamed(asset) for asset in assets if asset.was)
    forgotten = (_forgotten(one) for one in left if not one.back)
    existing = (_imported(asset, makers.existing(asset)) for asset in assets if asset.imported)
    returned = (asset for asset in assets if asset.identity in back and not asset.imported)
    imported = (_imported(asset, makers.ids(asset)) for asset in returned)
    steps = (
        step for step in (*renamed, *forgotten, *existing, *imported) if step.moved or step.forgotten or step.imported
    )
    return Moves(assets, left, tuple(steps))


def known_assets(makers: Makers, kept: Kept) -> tuple[Asset, ...]:
    """The assets with every key that they had, without their resources."""
    return tuple(_known(holding, kept).asset for holding in makers.holdings())


def _known(holding: Holding, kept: Kept) -> Holding:
    """The holding with every key that it had before."""
    asset = holding.asset
    keys = [*asset.was]
    for before in (*kept.assets, *(one.asset for one in kept.left)):
        if before.identity == asset.identity:
            keys += [*before.was, before.place]
    was = tuple(key for key in dict.fromkeys(keys) if key and key != asset.place)
    return replace(holding, asset=replace(asset, was=was))


def _with_resources(holding: Holding, sources: Mapping[tuple[str, str], Path]) -> Asset:
    asset = holding.asset
    if not (holding.each or holding.once):
        return asset
    blocks = read_folder(sources[asset.layer, asset.call], outline=True)
    return replace(asset, resources=tuple(sorted(_own(holding, blocks))))


def _own(holding: Holding, blocks: Iterable[Block]) -> Iterator[str]:
    """The resources of a module that are the holding's own."""
    elements = re.compile(rf"\b(var|local)\.{holding.each}\b")
    for block in (block for block in blocks if block.type == "resource"):
        each, count = (block.attributes.get(name) for name in ("for_each", "count"))
        address = ".".join(block.labels)
        if holding.each and each and elements.search(each.value):
            yield f"{address}[{quote(holding.asset.key)}]"
        elif holding.once and not each and address.startswith(holding.once):
            yield f"{address}[0]" if count else address


def _left(assets: Sequence[Asset], kept: Kept, release: str) -> Iterator[Left]:
    """What has left the spec, now or before, and is remembered still.

    Not what another one of its kind has taken the address of: Terraform replaces it, and refuses to move it away.
    """
    now = {asset.identity: asset for asset in assets}
    free = [asset for asset in kept.assets if asset.kind in LASTING and not _taken(asset, assets)]
    gone = {asset.identity: asset for asset in free if asset.identity not in now}
    for one in kept.left:
        identity = one.asset.identity
        stays = identity in now or not _taken(one.asset, assets)
        if identity not in gone and stays and not one.over(release):
            yield replace(one, asset=now.get(identity, one.asset), back=identity in now)
    yield from (Left(asset, release, until(release)) for asset in gone.values())


def _taken(asset: Asset, others: Iterable[Asset]) -> bool:
    """Whether one of the others is where Terraform has it; one without resources has the whole call."""
    return any(
        (asset.layer, asset.call) == (other.layer, other.call)
        and (not asset.resources or not other.resources or bool({*asset.resources} & {*other.resources}))
        for other in others
    )


def _renamed(asset: Asset) -> Step:
    chain = (*asset.was, asset.place)
    why = f"{asset.path} was {' and '.join(asset.was)}: the same in the cloud."
    return Step(asset.layer, why, tuple(_chained(asset, chain)))


def _chained(asset: Asset, chain: Sequence[str]) -> Iterator[Moved]:
    for before, after in pairwise(chain):
        if not asset.key:
            yield Moved(Address(call=before), Address(call=after))
        for resource in asset.resources if asset.key else ():
            yield Moved(_under(asset, resource, before), _under(asset, resource, after))


def _under(asset: Asset, resource: str, key: str) -> Address:
    """The address of a resource of the asset under another key."""
    return Address(f"{resource.removesuffix(f'[{quote(asset.key)}]')}[{quote(key)}]", asset.call)


def _forgotten(left: Left) -> Step:
    """Each resource moves out of its module first: `removed` takes no key, and the others of its map stay."""
    asset = left.asset
    why = f"{asset.kind} {asset.name} left the spec with {left.since} and stays as it is. Kept here until {left.until}."
    if not asset.resources:
        return Step(asset.layer, why, forgotten=(Address(call=asset.call),))
    names = {resource: Address(outside(asset, resource)) for resource in asset.resources}
    chained = _chained(asset, (*asset.was, asset.key)) if asset.key else ()
    out = (Moved(Address(resource, asset.call), name) for resource, name in names.items())
    return Step(asset.layer, why, (*chained, *out), tuple(names.values()))


def outside(asset: Asset, resource: str) -> str:
    """An address in the root that no other resource has: hyphens and slashes are told apart."""
    kind, _, name = resource.partition(".")
    own = name.replace("-", "_").replace("/", "__")
    return f"{kind}.left_{asset.call}_{re.sub('[^a-z0-9_]+', '_', own).strip('_')}"


def _imported(asset: Asset, ids: Mapping[str, str | Lookup]) -> Step:
    why = f"{asset.kind} {asset.name} is in the cloud already."
    kinds = {resource: resource.partition(".")[0] for resource in asset.resources} or {one: one for one in ids}
    imported = (_import(asset, resource, ids[kind]) for resource, kind in kinds.items() if kind in ids)
    return Step(asset.layer, why, imported=tuple(imported))


def _import(asset: Asset, resource: str, known: str | Lookup) -> Imported:
    address = Address(resource, asset.call)
    if isinstance(known, str):
        return Imported(address, known)
    name = outside(asset, resource).partition(".")[2]
    source = DataSource(known.type, name, {known.argument: known.value})
    return Imported(address, Data(known.type, name, known.attribute), source)
