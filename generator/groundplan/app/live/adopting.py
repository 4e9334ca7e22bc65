"""What the spec says is there and the cloud does not have, or has under other names: one line for each thing."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groundplan.app.live.connected import Connected
from groundplan.change.adopting import LACKS, rows, within
from groundplan.compose.moves import outside
from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.live.events import quoted_addresses
from groundplan.live.state import State, attributes
from groundplan.reading import is_file
from groundplan.spec.document import Document
from groundplan.spec.existing import EXISTING
from groundplan.stack.assets import Asset

if TYPE_CHECKING:
    from groundplan.app.pipeline import Resolved

NOT_THERE = "GP825"
_MISSING = "Cannot import non-existent remote object"
_LOOKED_UP = "data"
_TAKEN = re.compile(
    r"Already(Exists|OwnedByYou)|ResourceExistsException|InvalidGroup\.Duplicate"
    r"|Error 409: .*(already exists|already own|alreadyExists)"
)
"""How clouds say that a name is taken by something in the same account.

AWS: exceptions of the models of botocore 1.44.8, but for InvalidGroup.Duplicate, which is in
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. Google Cloud:
https://github.com/hashicorp/terraform-provider-google/issues/1214,
https://github.com/terraform-google-modules/terraform-google-cloud-storage/pull/238.
"""
_OF_OTHERS = re.compile(r"requested bucket name is not available")
"""A bucket's name that somebody else has taken: https://github.com/hashicorp/terraform-provider-google/issues/6542."""
_OF_ANYBODY = re.compile(r"\bBucketAlreadyExists\b")
"""The same, or one of the account's own: the AWS provider 5.100.0 says it of both, as tried in us-east-1."""
_UNUSED = "; or delete it if nobody uses it"
_BLOCKS = {
    "bucket": "storage.buckets.",
    "repository": "registry.repositories.",
    "database": "tracking.mlflow.database",
}
"""Where a thing of a kind can be named as existing."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class _Failure:
    """An import that failed: of what, which resource of it, and why."""

    asset: Asset
    type: str
    reason: str
    """Empty where there is nothing of the kind."""


def not_there(at: Connected, root: str, found: Sequence[Diagnostic], now: State | None) -> tuple[Diagnostic, ...]:
    """The same, where what an import failed for is told by thing (GP825), with its line of the spec and the remedy."""
    assets = [record.asset for record in at.standing.lock.assets if record.layer == root]
    recorded = {address for address, _ in attributes(now)} if now else set()
    failures = [(one, _failure(root, one, assets, recorded)) for one in found]
    by_asset: dict[Asset, list[_Failure]] = {}
    for failure in (failure for _, failure in failures if failure):
        by_asset.setdefault(failure.asset, []).append(failure)
    if not by_asset:
        return tuple(found)
    cloud = at.standing.lock.cloud
    spec = _Spec(cloud.provider, f"{cloud.region} of {at.caller.account}", _document(at))
    told = (line for asset, those in by_asset.items() for line in spec.told(asset, those))
    return (*told, *(one for one, failure in failures if failure is None))


def taken(at: Connected, resolved: Resolved | None, root: str, found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same, where what could not be made because it is there names the line of the spec that takes it over."""
    assets = [record.asset for record in at.standing.lock.assets if record.layer == root]
    return tuple(_hinted(one, assets, resolved) for one in found)


def _hinted(one: Diagnostic, assets: Sequence[Asset], resolved: Resolved | None) -> Diagnostic:
    address, words = one.address or "", one.message
    asset = next((each for each in assets if within(each, address)), None)
    if asset is None or one.hint or not (_TAKEN.search(words) or _OF_OTHERS.search(words)):
        return one
    row = rows().get((within(asset, address).partition(".")[0], ""))
    if _OF_OTHERS.search(words):
        return replace(one, hint=f"somebody else has a {asset.kind} of that name: give it another one in the spec")
    if asset.imported and row and row.lacks:
        return replace(one, hint=f"it is there: take `{row.lacks}` out of `{LACKS}` of `{asset.path}`, and render")
    block, name = _block(asset), _id(asset, resolved)
    if not block or not name or asset.imported:
        return one
    other = " if it is this account's; else give it another name" if _OF_ANYBODY.search(words) else _UNUSED
    return replace(one, hint=f"it is there: `{block}.{EXISTING}: {name}` and a render take it over{other}")


def _block(asset: Asset) -> str:
    """The block of the spec that can name the thing as existing; empty for what a component makes for itself."""
    if asset.kind == "key":
        return f"keys.{asset.key}"
    start = _BLOCKS.get(asset.kind)
    return asset.path if start and asset.path.startswith(start) else ""


def _id(asset: Asset, resolved: Resolved | None) -> str:
    """What the spec calls it: its name, of a key what it is imported by; empty where nobody can tell."""
    if asset.kind != "key":
        return asset.name
    from groundplan.components.load import components
    from groundplan.compose.moves import Makers

    ids = Makers(resolved.stack, resolved.cloud, components()).ids(asset) if resolved else {}
    return next((one for one in ids.values() if isinstance(one, str)), "")


def _failure(root: str, one: Diagnostic, assets: Sequence[Asset], recorded: Set[str]) -> _Failure | None:
    """What of the assets could not be imported; None for what a state has already, which fails for other reasons."""
    named = [one.address or "", *quoted_addresses(one.message)]
    for address in (each for each in named if each and each not in recorded):
        for asset in assets:
            if type_ := _type(asset, address):
                reason = "" if _MISSING in one.message else one.message.removeprefix(f"{root}: ")
                return _Failure(asset, type_, reason)
    return None


def _type(asset: Asset, address: str) -> str:
    """The type of the asset's resource at an address, or of the one whose id is looked up there; empty for others."""
    first, *words = address.split(".")
    if first != _LOOKED_UP:
        return within(asset, address).partition(".")[0]
    type_, name = (*words, "", "")[:2]
    if not asset.resources:
        return type_ if name.startswith(f"left_{asset.call}_") else ""
    looked_up = {outside(asset, one).partition(".")[2]: one.partition(".")[0] for one in asset.resources}
    return looked_up.get(name, "")


@dataclass(frozen=True)
class _Spec:
    """The spec of the environment, as far as it can be read, and where its things are."""

    provider: str
    where: str
    document: Document | None

    def told(self, asset: Asset, failures: Sequence[_Failure]) -> Sequence[Diagnostic]:
        """What is wrong with one thing: that it is not there, else what it lacks."""
        parts = {one: (row.lacks if (row := rows().get((one.type, ""))) else "") for one in failures}
        if own := [one for one in failures if not parts[one]]:
            return [self._missing(asset, own[0])]
        return [self._lacks(asset, sorted({*parts.values()}))]

    def _missing(self, asset: Asset, one: _Failure) -> Diagnostic:
        row = rows().get((one.type, ""))
        path = f"{asset.path}.{row.keys[0] if row and row.keys else EXISTING}"
        why = f": {shortened(one.reason, _LONGEST)}" if one.reason else ""
        message = f"{asset.kind} {asset.name} cannot be taken over, it is not to be seen in {self.where}{why}"
        hint = f"correct `{path}`, or remove it to have a new one made; nothing was changed"
        if not asset.imported:
            hint = "it left the spec earlier and is gone since: render with `--forget`, then it is made anew"
        return self._at(path, message, hint)

    def _lacks(self, asset: Asset, words: Sequence[str]) -> Diagnostic:
        path = f"{asset.path}.{self.provider}.{LACKS}"
        stated = self.document.lookup.value(*path.split(".")) if self.document else None
        before = stated if isinstance(stated, list) else []
        every = sorted({*words, *(one for one in before if isinstance(one, str))})
        message = f"{asset.kind} {asset.name} is there, but not its {', '.join(words)}"
        hint = (
            f"write `{path}: [{', '.join(every)}]`: these are made, which the plan shows; a further plan may name more"
        )
        return self._at(path, message, hint)

    def _at(self, path: str, message: str, hint: str) -> Diagnostic:
        place = self.document.place(tuple(path.split("."))) if self.document else None
        return Diagnostic(NOT_THERE, message, hint=hint, path=path, place=place)


def _document(at: Connected) -> Document | None:
    from groundplan.spec.load import load

    spec = at.standing.folder / at.standing.lock.spec.file
    with contextlib.suppress(DiagnosticsError):
        return load(spec) if is_file(spec) else None
    return None
