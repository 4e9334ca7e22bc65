"""From what the user said to everything decided, with the reason for each decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from groundplan.clouds.base import Cloud
from groundplan.components.base import AnyComponent
from groundplan.components.load import components
from groundplan.components.network import spec as network_blocks
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors, or_known
from groundplan.prices.book import PurchaseOption
from groundplan.spec.model import Spec, keys
from groundplan.spec.shape import blocks_of_one_cloud
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Stack, Traffic
from groundplan.stack.work import Work, as_written

RESERVED_LABELS = {"owner": "`owner`", "environment": "`name`", "managed-by": "groundplan"}
"""Tags that everything has, and what their value is made from."""


def resolve(
    spec: Spec,
    cloud: Cloud,
    kept: Kept = NOTHING,
    purchase_option: PurchaseOption | None = None,
    *,
    explain: bool = True,
) -> Stack:
    """The stack that `spec` asks for on `cloud`; `kept` is what an earlier render decided, as long as it still fits.

    `purchase_option` asks for the stack with that option for all machines: types are chosen by what they cost then, and
    nothing of an earlier choice is kept. A system pool never runs on spot. Decisions name what else was considered when
    they are to `explain` it.

    Raises `DiagnosticsError` with every reason why there is none: region or zone unknown, no type that fits, a name
    too long, an address plan that does not hold. Diagnostics carry the spec path, not yet a place.
    """
    work = Work(spec, cloud, kept_for(spec, kept), purchase_option=purchase_option, explain=explain)
    _check_account(work)
    _check_labels(work)
    _note_blocks_of_other_clouds(work)
    region = cloud.catalog.regions.get(spec.cloud.region)
    if region is None:
        work.diagnostics.append(_unknown_region(work))
        raise DiagnosticsError(work.diagnostics)
    for component in _in_order():
        work.parts[component.name] = component.resolve(work)
    stack = Stack(
        name=spec.name,
        owner=spec.owner,
        labels=dict(spec.labels),
        provider=cloud.name,
        region=region.name,
        account=spec.cloud.account,
        options=spec.cloud.options_of(cloud.name),
        parts={name: work.parts[name] for name in _sections()},
        decisions=tuple(work.decisions),
        notices=tuple(d for d in work.diagnostics if d.severity is not Severity.ERROR),
        traffic=_traffic(spec.section(network_blocks.Network).traffic),
        purchase_option=purchase_option,
    )
    if has_errors(work.diagnostics):
        raise DiagnosticsError(work.diagnostics)
    made = with_needs(stack, cloud)
    if useless := [one for component in components() for one in component.useless(made)]:
        raise DiagnosticsError(useless)
    return made


def kept_for(spec: Spec, kept: Kept) -> Kept:
    """What is kept for the spec's region; it binds the environment alone that it was decided for."""
    if kept.region != f"{spec.cloud.provider} {spec.cloud.region}":
        return NOTHING
    same = kept.environment in ("", f"{spec.cloud.account} {spec.name}")
    kept = kept if same else replace(kept, binding=False)
    return kept if kept.binding else replace(kept, assets=(), left=())


def with_needs(stack: Stack, cloud: Cloud) -> Stack:
    """The stack with what its components need of each other, on every cloud and on this one."""
    needs = (need for c in components() for need in (*c.needs(stack), *c.on(cloud).needs(stack)))
    return replace(stack, needs=tuple(needs))


def _sections() -> tuple[str, ...]:
    """The components that decide something, in the order of their keys in the spec."""
    owners = {key: component.name for component in components() for key in component.keys}
    return tuple(dict.fromkeys(owners[key.name] for key in keys() if key.name in owners))


def _in_order() -> Iterator[AnyComponent]:
    """The components in the spec's order, each after those whose parts it reads."""
    by_name = {component.name: component for component in components()}
    waiting = [by_name[name] for name in _sections()]
    while waiting:
        names = {component.name for component in waiting}
        ready = next(component for component in waiting if not names & set(component.reads))
        waiting.remove(ready)
        yield ready


def _check_account(work: Work) -> None:
    if not re.fullmatch(work.cloud.account.pattern, work.spec.cloud.account):
        work.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"`{work.spec.cloud.account}` is not {work.cloud.account.hint}",
                hint=f"cloud.account must be {work.cloud.account.hint}",
                path="cloud.account",
            )
        )
    elif work.spec.cloud.account == work.cloud.account.example:
        work.diagnostics.append(
            Diagnostic(
                code="GP206",
                severity=Severity.WARNING,
                message=f"`{work.spec.cloud.account}` is the account of {work.cloud.title}'s documentation",
                hint="replace it before you apply: names and the guard against other accounts are made from it",
                path="cloud.account",
            )
        )
    if not re.fullmatch(work.cloud.names.tag_pattern, work.spec.owner):
        work.diagnostics.append(
            Diagnostic(
                code="GP204",
                message=f"the owner becomes a tag, and {work.cloud.title} does not allow all of its characters there",
                hint=f"use {work.cloud.names.tag_hint}",
                path="owner",
            )
        )


def _check_labels(work: Work) -> None:
    for label in sorted(RESERVED_LABELS.keys() & work.spec.labels.keys()):
        message = f"the label `{label}` is set on everything already, from {RESERVED_LABELS[label]}"
        work.diagnostics.append(Diagnostic("GP208", message, hint="remove it", path=f"labels.{label}"))


def _note_blocks_of_other_clouds(work: Work) -> None:
    """A block for another cloud does nothing here, which is well where this cloud's block stands beside it."""
    blocks = tuple(blocks_of_one_cloud(work.spec))
    here = {path.rpartition(".")[0] for path, cloud in blocks if cloud == work.cloud.name}
    for path, cloud in blocks:
        if cloud != work.cloud.name and path.rpartition(".")[0] not in here:
            work.diagnostics.append(
                Diagnostic(
                    code="GP306",
                    severity=Severity.WARNING,
                    message=f"`{path}` is for {cloud} and has no effect on {work.cloud.title}",
                    path=path,
                )
            )


def _unknown_region(work: Work) -> Diagnostic:
    """A suggestion for a letter too many or too few only: `us-west-1` is a region too, and no slip for `us-west-2`."""
    return Diagnostic(
        code="GP305",
        message=f"region `{work.spec.cloud.region}` is not in the {work.cloud.title} tables",
        hint=or_known(work.spec.cloud.region, sorted(work.cloud.catalog.regions), cutoff=0.92),
        path="cloud.region",
    )


def _traffic(said: network_blocks.Traffic) -> Traffic:
    return Traffic(as_written(said.internet_gib), as_written(said.other_region_gib), as_written(said.zone_gib))
