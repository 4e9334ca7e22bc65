"""What a change opens: who and what is let in after it that was not before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from groundplan.change.access import aws, charts, google, kubernetes
from groundplan.change.access.atoms import EVERYTHING, Atom
from groundplan.change.access.aws.policies import ROLE
from groundplan.change.access.compare import Budget, Left, Others, TooMuchError, conditions_gone
from groundplan.change.access.flags import Flag, flags, sorts
from groundplan.change.access.model import Access, Attributes, Opening, Resource, Scope, Severity
from groundplan.change.access.plan import Both, Plan
from groundplan.change.access.policy import PolicyError
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import is_unknown

READERS: Mapping[str, Sequence[Reader]] = {**aws.READERS, **google.READERS, **kubernetes.READERS, **charts.READERS}
DOCUMENTS = ("assume_role_policy", "policy", "policy_data", "policy_document")
"""Arguments of which nothing is told while they are unknown."""

MOST_REACHED = 50
"""Resources of a statement that are looked at for what was there before."""
SHORTEST = 4
"""Of a name that tells a new thing in the name of a resource."""
MOST_SHOWN = 3
"""Values of a kind that a sentence names."""
MOST_CHARACTERS = 120
"""Of a value in a sentence."""
MOST_ACCESSES = 20_000
"""Of one side that are compared; of more the rest is reported as unknown."""

_DIMENSION = re.compile(r"\{(\w+)\}")

_Group = tuple[str, str, str, bool]
_Read = Mapping[_Group, Sequence[Access]]


def opened(
    type_name: str, address: str, before: Attributes | None, after: Attributes | None, unknown: Attributes | None = None
) -> tuple[Opening, ...]:
    """What a change of one resource opens when everything around it stays; the heaviest first."""
    body: dict[str, Any] = {"before": before, "after": after, "after_unknown": unknown or {}, "actions": []}
    plan = Plan.of([{"address": address, "type": type_name, "change": body}])
    return _ordered(_all(replace(plan, made=frozenset(), gone=frozenset(), created=frozenset())))


def openings(changes: Iterable[Mapping[str, Any]]) -> tuple[Opening, ...]:
    """What the plan of a root opens, from all its `resource_changes`, those without a change too; the heaviest first.

    Of a thing that is new only what lets in everybody, allows everything, or gets at what was there before, counts.
    """
    return _ordered(_all(Plan.of([one for one in changes if one.get("mode") != "data" and "deposed" not in one])))


def _all(plan: Plan) -> Iterator[Opening]:
    unread: list[Opening] = []
    before, after = _read(plan.before, []), _read(plan.after, unread)
    yield from (one for both in plan.resources for one in _loosened(both, plan))
    budget = Budget()
    yield from _allowed(before, after, plan, budget)
    yield from _no_longer_denied(before, after, plan, budget)
    yield from unread
    yield from (one for both in plan.resources for one in _untold(both, plan))


def _ordered(found: Iterable[Opening]) -> tuple[Opening, ...]:
    """One for each thing that is said of a resource, with all arguments that lead to it."""
    merged: dict[tuple[str, str], Opening] = {}
    for one in found:
        key = (one.address, one.what)
        first = merged.get(key)
        merged[key] = one if first is None else _with(first, one)
    return tuple(sorted(merged.values()))


def _with(first: Opening, second: Opening) -> Opening:
    paths = list(dict.fromkeys([*first.path.split(", "), second.path]))
    details = list(dict.fromkeys(one for one in (*first.detail.split("; "), second.detail) if one))
    return replace(
        first, severity=min(first.severity, second.severity), path=", ".join(paths), detail="; ".join(details)
    )


def _read(side: Side, unread: list[Opening]) -> _Read:
    """Accesses by the thing and by what is said of it; documents that are none are added to `unread`."""
    found: dict[_Group, list[Access]] = defaultdict(list)
    count = 0
    for resource in side.resources:
        for reader in _readers(resource.type):
            try:
                for one in reader(resource, side):
                    count += 1
                    if count > MOST_ACCESSES:
                        raise TooMuchError
                    found[one.scope.sort, one.scope.key, one.sentence, one.denies].append(one)
            except PolicyError:
                unread.append(_unknown(resource, side, "has a policy that cannot be read"))
            except TooMuchError:
                unread.append(_unknown(resource, side, "and what follows allow more than is compared"))
                return found
    return found


def _readers(type_: str) -> Sequence[Reader]:
    return READERS.get(type_) or ((google.grants,) if google.GRANTS.match(type_) else ())


def _unknown(resource: Resource, side: Side, words: str) -> Opening:
    what = f"{side.noun(resource)} {side.name(resource)} {words}".strip()
    return Opening(Severity.WIDER, resource.address, _short(what), unknown=True)


def _loosened(both: Both, plan: Plan) -> Iterator[Opening]:
    """Arguments with a looser value than before; those of something new only where it is open to everybody."""
    before, after = both.values()
    for flag in flags().get(both.some.type, ()):
        if not flag.loosened(before, after) or (both.after and is_unknown(both.after.unknown, flag.path)):
            continue
        if after is None and _without_owner(flag, both, plan):
            continue
        if before is None and flag.severity > Severity.WILDCARD:
            continue
        yield _of_flag(flag, both, plan)


def _without_owner(flag: Flag, both: Both, plan: Plan) -> bool:
    named = str((both.before.values if both.before else {}).get(flag.owner) or "")
    return not flag.owner or plan.is_gone(Scope(_noun(both.some), named))


def _noun(resource: Resource) -> str:
    found = sorts().get(resource.type)
    return found.noun if found else ""


def _of_flag(flag: Flag, both: Both, plan: Plan) -> Opening:
    side = plan.after if both.after else plan.before
    what = f"{_noun(both.some)} {side.name(both.some)} {flag.sentence}"
    detail = f"{flag.path} was {flag.shown(both.before.values)}" if both.before else ""
    return Opening(flag.severity, both.some.address, _short(what), _short(detail), flag.path, source=flag.source)


def _allowed(before: _Read, after: _Read, plan: Plan, budget: Budget) -> Iterator[Opening]:
    """What is allowed and was not, of all statements of a resource together."""
    shut = _shut(before)
    for group, accesses in after.items():
        by_address: dict[str, list[Access]] = defaultdict(list)
        for access in () if group[-1] else dict.fromkeys(accesses):
            if access.closed or (*group[:2], _inbound(access.sentence)) in shut:
                by_address[access.address].append(access)
        others = Others(before.get(group, ()))
        for found in by_address.values():
            yield from _of_resource(found, others, plan, budget)


def _of_resource(accesses: Sequence[Access], others: Others, plan: Plan, budget: Budget) -> Iterator[Opening]:
    left: dict[str, list[Atom]] = defaultdict(list)
    more = []
    for access in accesses:
        try:
            found = others.left_of(access, budget)
        except TooMuchError:
            yield Opening(Severity.WIDER, access.address, f"{access.scope} allows more than is compared", unknown=True)
            continue
        new = plan.is_made(access.scope) and not _reaches(access, plan)
        if found is None or (new and access.severity > Severity.WILDCARD):
            continue
        more.append(access)
        for name, atoms in found.items():
            left[name] += [atom for atom in atoms if atom not in left[name]]
    if more:
        yield _of_accesses(more, left, others)


def _reaches(access: Access, plan: Plan) -> bool:
    """Whether an identity, which may be new, gets at something that was there before it."""
    named = [str(atom) for atom in access.values.get("resource", ())] if access.scope.sort == ROLE else []
    made = [name for _, name in plan.made if len(name) >= SHORTEST]
    return any(one != EVERYTHING and not any(_names(one, name) for name in made) for one in named[:MOST_REACHED])


def _names(resource: str, name: str) -> bool:
    """Whether the name stands in that of a resource as a whole part, not as a piece of a longer one."""
    return re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w.-])", resource) is not None


def _of_accesses(accesses: Sequence[Access], left: Left, others: Others) -> Opening:
    gone = dict.fromkeys(filter(None, (conditions_gone(access, others) for access in accesses)))
    detail = f"before only where {'; '.join(gone)}" if gone else _before(others)
    severity, first = min(access.severity for access in accesses), accesses[0]
    if severity is Severity.WIDER and not others.accesses:
        severity = Severity.ADDED
    return Opening(severity, first.address, _sentence(first, left), _short(detail), first.path, source=first.source)


def _before(others: Others) -> str:
    """The ranges that there were."""
    ranges = dict.fromkeys(str(atom) for other in others.accesses for atom in other.values.get("source", ()))
    return f"before: {_listed(list(ranges))}" if ranges else ""


def _shut(before: _Read) -> frozenset[tuple[str, str, bool]]:
    """Namespaces in which a policy kept pods apart, and whether from being reached, so that one more lets in more."""
    return frozenset((sort, key, _inbound(sentence)) for sort, key, sentence, denies in before if denies)


def _inbound(sentence: str) -> bool:
    return "reach {pods}" in sentence or sentence.endswith("being reached")


def _no_longer_denied(before: _Read, after: _Read, plan: Plan, budget: Budget) -> Iterator[Opening]:
    for group, accesses in before.items():
        others = Others(after.get(group, ()))
        for access in dict.fromkeys(accesses) if group[-1] else ():
            if not plan.is_gone(access.scope):
                yield from _undenied(access, others, budget)


def _undenied(access: Access, others: Others, budget: Budget) -> Iterator[Opening]:
    try:
        left = others.left_of(access, budget)
    except TooMuchError:
        yield Opening(Severity.WIDER, access.address, f"{access.scope} denies more than is compared", unknown=True)
        return
    if left is None:
        return
    what = _sentence(replace(access, sentence=_denied(access)), left)
    yield Opening(Severity.UNPROTECTED, access.address, what, "", access.path, source=access.source)


def _denied(access: Access) -> str:
    """What a denial says of the thing."""
    if "{principal}" in access.sentence:
        return "no longer denies {principal} {action}"
    if "{action}" in access.sentence:
        return "is no longer denied {action} on {resource}"
    return access.sentence


def _untold(both: Both, plan: Plan) -> Iterator[Opening]:
    """Documents of what was there already that are known only after apply."""
    after = both.after
    if after is None or both.before is None:
        return
    for path in DOCUMENTS:
        if _readers(after.type) and is_unknown(after.unknown, path):
            yield replace(_unknown(after, plan.after, "has a policy that is known only after apply"), path=path)


def _sentence(access: Access, left: Left) -> str:
    """The sentence with values for its dimensions; texts of resources are put in, never read as sentences."""
    values = {name: _listed([str(one) for one in atoms]) for name, atoms in left.items()}
    return _short(f"{access.scope} {_DIMENSION.sub(lambda found: values.get(found[1], 'everything'), access.sentence)}")


def _listed(values: Sequence[str]) -> str:
    shown = [one if len(one) <= MOST_CHARACTERS else f"{one[:MOST_CHARACTERS]}…" for one in values[:MOST_SHOWN]]
    return ", ".join(shown) + (f" and {len(values) - MOST_SHOWN} more" if len(values) > MOST_SHOWN else "")


def _short(text: str) -> str:
    most = MOST_CHARACTERS * 8
    return text if len(text) <= most else f"{text[:most]}…"
