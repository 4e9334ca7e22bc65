"""The lock of an environment that is being rendered: made last, from all other files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields

from groundplan import __version__
from groundplan.components.base import ModuleCall
from groundplan.components.drift.part import Ignoring
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.compose.compose import Root
from groundplan.diagnostics import Place
from groundplan.environment.files import FileSet, digest, is_sealed
from groundplan.environment.lock import (
    AssetRecord,
    Call,
    Decided,
    IgnoredRecord,
    LeftRecord,
    Location,
    Lock,
    Source,
    Spec,
)
from groundplan.render.context import Context, SpecSource
from groundplan.render.modules import FOLDER
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack


def render_lock(context: Context, files: FileSet) -> str:
    """The text of the lock over `files`. Nothing in it follows prices: it is what the environment is, not its cost."""
    composition, source = context.composition, context.source
    stack = composition.stack
    spec = Spec(
        file=source.name,
        copied=source.copy,
        sources=tuple(Source(file=name, sha256=digest(text)) for name, text in source.files.items()),
    )
    sealed = tuple(name for name, text in sorted(files.items()) if is_sealed(text))
    lock = Lock(
        groundplan=__version__,
        spec=spec,
        cloud=Location(provider=stack.provider, region=stack.region, account=stack.account, environment=stack.name),
        calls={root.layer: _calls(root, stack, source) for root in composition.roots},
        decisions=tuple(
            Decided(path=d.path, value=d.value, origin=d.origin.value, reason=d.reason) for d in stack.decisions
        ),
        modules={
            module: digest("".join(f"{name}\0{text}\0" for name, text in sorted(_below(files, module).items())))
            for module in composition.modules
        },
        sealed=sealed,
        assets=tuple(_asset(asset) for asset in composition.moves.assets),
        left=tuple(
            LeftRecord(asset=_asset(one.asset), since=one.since, until=one.until, back=one.back)
            for one in composition.moves.left
        ),
        ignored=_ignored(stack, source),
        files={name: digest(text) for name, text in sorted(files.items()) if name not in sealed},
    )
    return lock.text()


def _ignored(stack: Stack, source: SpecSource) -> tuple[IgnoredRecord, ...]:
    part = stack.part(Ignoring)
    lines = ((line, source.places.get(line.path)) for line in (part.ignore if part else ()))
    return tuple(
        IgnoredRecord(**asdict(line), file=place.file if place else None, line=place.line if place else None)
        for line, place in lines
    )


def _asset(asset: Asset) -> AssetRecord:
    return AssetRecord(**{field.name: getattr(asset, field.name) for field in fields(asset)})


def _calls(root: Root, stack: Stack, source: SpecSource) -> Mapping[str, Call]:
    calls = {}
    for call in root.calls:
        place = _cause(call, stack, source)
        calls[call.address] = Call(
            component=call.component, path=call.path, file=place.file, line=place.line, column=place.column
        )
    return calls


def _cause(call: ModuleCall, stack: Stack, source: SpecSource) -> Place:
    """Where the spec asks for the call: its own path or, when that is all default, the first pool, which needs it."""
    paths = (call.path, *(pool.path for pool in workload_pools_of(stack)), "name")
    return next(source.places[path] for path in paths if path in source.places)


def _below(files: FileSet, module: str) -> FileSet:
    prefix = f"{FOLDER}/{module}/"
    return {name.removeprefix(prefix): text for name, text in files.items() if name.startswith(prefix)}
