"""Whether a spec's names fit what the last render made: findings that need no module sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from groundplan import __version__
from groundplan.components.network.part import network_of
from groundplan.compose.moves import Makers, known_assets
from groundplan.diagnostics import Diagnostic, Severity, close_matches, or_known
from groundplan.stack.assets import Asset, AssetKind
from groundplan.stack.kept import Kept
from groundplan.stack.model import Stack

RENAMABLE: frozenset[AssetKind] = frozenset(("pool", "bucket", "repository"))
"""What the spec gives names to."""
UNDO = "--forget if the last render was never applied"


def rename_findings(makers: Makers, kept: Kept) -> list[Diagnostic]:
    """Names that were never there, are taken, or are given up (GP731), what comes back (GP732), what looks renamed, and
    what is no longer remembered (GP738)."""
    now = known_assets(makers, kept)
    over = [*_over(makers, now, kept)]
    if not kept.assets:
        return over
    named = [asset for asset in now if asset.kind in RENAMABLE]
    return [
        *_never_there(makers, kept),
        *_taken(named),
        *_given_up(named, kept),
        *_back(now, kept),
        *_looks_renamed(named, kept),
        *_without_network(makers.stack, now, kept),
        *over,
    ]


def _over(makers: Makers, now: Sequence[Asset], kept: Kept) -> Iterator[Diagnostic]:
    """What left so long ago that nothing says so from this render on, and what deletes it for good."""
    there = {asset.identity for asset in now}
    for one in kept.left:
        asset = one.asset
        if one.over(__version__) and asset.identity not in there:
            message = (
                f"{asset.kind} {asset.name} left the spec with {one.since}: it is in the cloud still, managed by nobody"
            )
            message += f", unless it was deleted; from {one.until} on nothing here names it"
            commands = "`; `".join(makers.deletion(asset))
            hint = (
                f"what deletes it for good: `{commands}`" if commands else "delete it by hand, or manage it elsewhere"
            )
            yield Diagnostic("GP738", message, Severity.WARNING, hint=hint, path=asset.path)


def _never_there(makers: Makers, kept: Kept) -> Iterator[Diagnostic]:
    """A first name that nothing of the last render had."""
    there = {asset.identity for asset in (*kept.assets, *(one.asset for one in kept.left))}
    fresh = [holding.asset for holding in makers.holdings()]
    now = {asset.identity for asset in fresh}
    for asset in (asset for asset in fresh if asset.was and asset.kind in RENAMABLE and asset.identity not in there):
        gone = [old for old in kept.assets if _alike(old, asset) and old.identity not in now]
        said = _called(asset, asset.was[0])
        first = next((_called(old, old.was[0]) for old in gone if old.was and _called(old, old.place) == said), "")
        names = sorted(_called(old, old.was[0] if old.was else old.place) for old in gone)
        hint = f"`{said}` had another name first: `renamed_from: {first}`" if first else _known_names(said, names)
        message = f"`{asset.path}` is renamed from `{said}`, which the last render did not have"
        yield Diagnostic("GP731", message, hint=hint, path=f"{asset.path}.renamed_from")


def _known_names(said: str, names: Sequence[str]) -> str:
    return or_known(said, names) if names else "nothing left the spec that it could be: remove `renamed_from`"


def _taken(named: Sequence[Asset]) -> Iterator[Diagnostic]:
    """A name under which a state may still have something else."""
    places = {(old.kind, old.call if old.key else "", place): old for old in named for place in old.was}
    for asset in named:
        old = places.get((asset.kind, asset.call if asset.key else "", asset.place))
        if old is not None and old.path != asset.path:
            message = f"`{asset.path}` has the name that `{old.path}` had, and a state may still have that under it"
            yield Diagnostic("GP731", message, hint="choose another name", path=asset.path)


def _given_up(named: Sequence[Asset], kept: Kept) -> Iterator[Diagnostic]:
    """The same place in the spec for another thing in the cloud: Terraform would destroy the first for the second."""
    now = {asset.identity for asset in named}
    before = {asset.path: asset for asset in kept.assets if asset.kind in RENAMABLE and asset.key}
    for asset in named:
        old = before.get(asset.path)
        if old is None or old.identity in now or old.kind != asset.kind:
            continue
        first = _called(old, old.was[0]) if old.was else ""
        stays = f"existing: {old.name}" if old.imported else f"renamed_from: {first}" if first else ""
        keep = f"keep `{stays}`" if stays else "remove `renamed_from` and `existing`"
        message = f"`{asset.path}` is `{old.name}` in the cloud and would be destroyed for `{asset.name}`"
        hint = f"{keep}, or give the new one another name in the spec; {UNDO}"
        yield Diagnostic("GP731", message, hint=hint, path=asset.path)


def _back(now: Iterable[Asset], kept: Kept) -> Iterator[Diagnostic]:
    """What left, is asked for again and has no id to import it by."""
    left = {one.asset.identity: one for one in kept.left}
    for asset in now:
        one = left.get(asset.identity)
        if one is None or asset.kind != "database" or asset.imported:
            continue
        message = f"`{asset.path}` asks for {asset.name} again, which left the spec with {one.since} and is still there"
        steps = f"bring it into the state with `{asset.path}.existing: {asset.name}`, or delete it for good"
        hint = f"{steps} as the environment's README says and render with --forget"
        yield Diagnostic("GP732", message, hint=hint, path=asset.path)


def _looks_renamed(named: Sequence[Asset], kept: Kept) -> Iterator[Diagnostic]:
    """One of a kind that is gone, and one that is new beside it."""
    before, now = {asset.identity for asset in kept.assets}, {asset.identity for asset in named}
    gone = [old for old in kept.assets if old.kind in RENAMABLE and old.identity not in now]
    new = [asset for asset in named if asset.identity not in before and not asset.was and not asset.imported]
    for asset in new:
        others = [old for old in gone if _alike(old, asset) and old.path != asset.path]
        old = _likest(asset, others, alone=sum(_alike(asset, other) for other in new) == 1)
        if old is not None:
            first = _called(old, old.was[0] if old.was else old.place)
            message = f"`{old.path}` is gone and `{asset.path}` is new: {_LOST[asset.kind]}"
            hint = f"`renamed_from: {first}` at `{asset.path}` keeps what is there"
            yield Diagnostic("GP733", message, Severity.WARNING, hint=hint, path=asset.path)


def _without_network(stack: Stack, now: Iterable[Asset], kept: Kept) -> Iterator[Diagnostic]:
    """What is left in a network that goes: the cloud refuses to delete the subnets that it is in."""
    there = {asset.identity for asset in now}
    for asset in (*kept.assets, *(one.asset for one in kept.left)):
        if asset.kind == "database" and asset.identity not in there and network_of(stack) is None:
            message = (
                f"database {asset.name} stays in the network that goes with the last pool, which cannot be deleted"
            )
            hint = "delete the database for good first, or keep what needs the network"
            yield Diagnostic("GP734", message, Severity.WARNING, hint=hint, path=asset.path)
            return


_LOST = {
    "pool": "its nodes, namespace and identity are made anew",
    "bucket": "an empty one is made, and the objects stay behind in the old one",
    "repository": "an empty one is made, and the images stay behind in the old one",
}


def _likest(asset: Asset, others: Sequence[Asset], *, alone: bool) -> Asset | None:
    if alone and len(others) == 1:
        return others[0]
    names = {old.path.rpartition(".")[2]: old for old in others}
    near = close_matches(asset.path.rpartition(".")[2], names)
    return names[near[0]] if near else None


def _alike(one: Asset, other: Asset) -> bool:
    """Whether they are in the same block of the spec."""
    return one.kind == other.kind and one.path.rpartition(".")[0] == other.path.rpartition(".")[0]


def _called(asset: Asset, place: str) -> str:
    """What the spec calls an asset that has this place: a pool's call is made from its name."""
    if asset.kind != "pool":
        return place
    return place.removeprefix(f"pool_{asset.path.partition('.')[0]}_").replace("_", "-")
