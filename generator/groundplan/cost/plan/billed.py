"""What a rule has left out: billed attributes that it did not read, or that are known only after apply."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.clouds.billed import BilledAttribute
from groundplan.clouds.planned import Planned, PlanPrices, Trace
from groundplan.cost.report import Unpriced
from groundplan.diagnostics import shortened
from groundplan.hcl.sources import strip_indexes

LONGEST_VALUE = 60


def left_out(resource: Planned, cloud: PlanPrices) -> Iterator[Unpriced]:
    """Billed attributes of a resource, and of those that describe it, that its rule did not count."""
    if resource.type in cloud.described or resource.trace is None:
        return
    followed = resource.trace.followed
    described = [one for one in followed.values() if one.type in cloud.described] if followed else ()
    for one in (resource, *described):
        values, unknown = one.values, one.plan.after_apply(one)
        for attribute in cloud.billed.get(one.type, ()):
            top = attribute.path[0]
            if values.get(top) is None and top not in unknown:
                continue
            if words := _missed(one, attribute, resource.trace):
                yield _entry(resource, one, attribute, words)


def _missed(one: Planned, attribute: BilledAttribute, trace: Trace) -> str:
    """Why the attribute is missing in the lines; empty where it is not."""
    key = (one.address, attribute.path)
    if key not in trace.asked and one.plan.unknown(one, attribute.path):
        return "its value is known only after apply"
    value = attribute.costly(one.values)
    if value is None or _was_read(key, trace):
        return ""
    shown = "" if isinstance(value, list | dict) else f" is {shortened(str(value).lower(), LONGEST_VALUE)}, which"
    return f"`{attribute.name}`{shown} is not counted"


def _was_read(key: tuple[str, tuple[str, ...]], trace: Trace) -> bool:
    """Whether the rule has read the attribute, all of the block that it is in, or something in it."""
    address, path = key
    if any((address, path[: length + 1]) in trace.whole for length in range(len(path))):
        return True
    return key in trace.read or any(one == address and part[: len(path)] == path for one, part in trace.read)


def _entry(resource: Planned, one: Planned, attribute: BilledAttribute, words: str) -> Unpriced:
    at = "" if one is resource or one.address == resource.address else f" of {strip_indexes(one.address)}"
    what = words if words.startswith("`") else f"`{attribute.name}`: {words}"
    return Unpriced(
        component=resource.type,
        item=f"{resource.type}.{attribute.name}",
        unit="",
        reason="attribute not counted",
        hint=f"{what}{at}; billed as {attribute.billed_as} ({attribute.source})",
        path=resource.address,
        address=resource.address,
    )
