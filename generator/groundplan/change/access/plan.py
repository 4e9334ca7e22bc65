"""Both sides of a plan, and which things are new or gone in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from groundplan.change.access import aws, google, kubernetes
from groundplan.change.access.flags import sorts
from groundplan.change.access.model import WHOLE, Attributes, Resource, Scope
from groundplan.change.access.side import Side
from groundplan.change.access.values import last, text

OWNERS: Sequence[Mapping[str, Sequence[str]]] = (aws.OWNERS, google.OWNERS, kubernetes.OWNERS)
_INDEX = re.compile(r"\[[^\[\]]*\]$")
_IDENTIFYING = re.compile(r"^(id|arn|name|role|bucket|network|instance|repository|\w+_(id|arn|name))$")
"""Arguments that name a thing: known only after apply, it is the same one replaced."""


@dataclass(frozen=True, slots=True)
class Both:
    """A resource before and after."""

    before: Resource | None
    after: Resource | None

    @property
    def some(self) -> Resource:
        """The later one that there is."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change of nothing")
        return found

    def values(self) -> tuple[Attributes | None, Attributes | None]:
        """Attributes before and after."""
        return self.before.values if self.before else None, self.after.values if self.after else None


@dataclass(frozen=True, slots=True)
class Plan:
    """All resources of a root before and after."""

    resources: Sequence[Both]
    before: Side
    after: Side
    made: frozenset[tuple[str, str]]
    """Things that are there only after: sort and name."""
    gone: frozenset[tuple[str, str]]
    created: frozenset[str] = frozenset()
    """Addresses of resources that nothing was there of before."""

    @classmethod
    def of(cls, changes: Sequence[Mapping[str, Any]]) -> Plan:
        """Both sides of the changes."""
        resources = list(_with_another_key([both for both in map(_both, changes) if both.before or both.after]))
        created = frozenset(both.after.address for both in resources if both.after and not both.before)
        old, new = [one.before for one in resources if one.before], [one.after for one in resources if one.after]
        had, has = frozenset(_things(old)), frozenset(_things(new))
        return cls(resources, Side(old, _noun), Side(new, _noun), has - had, had - has, created)

    def is_made(self, scope: Scope) -> bool:
        """Whether the thing is new, and all that it lets in with it."""
        if scope.key == WHOLE:
            return not self.before.resources
        return (scope.sort, scope.key) in self.made or not scope.key or scope.key in self.created

    def is_gone(self, scope: Scope) -> bool:
        """Whether the thing is not there any more, so that nothing protects it."""
        return (scope.sort, scope.key) in self.gone


def _with_another_key(resources: Sequence[Both]) -> Iterator[Both]:
    """An instance that comes while another of its resource goes is that one with another key."""
    gone: dict[str, list[Resource]] = defaultdict(list)
    for both in resources:
        if both.before and not both.after:
            gone[_INDEX.sub("", both.before.address)].append(both.before)
    paired: set[str] = set()
    for both in resources:
        left = gone.get(_INDEX.sub("", both.after.address)) if both.after and not both.before else None
        if both.after and left:
            before = left.pop(0)
            paired.add(before.address)
            yield Both(replace(before, address=both.after.address), both.after)
        elif both.after:
            yield both
    yield from (both for both in resources if both.before and not both.after and both.before.address not in paired)


def _both(change: Mapping[str, Any]) -> Both:
    body = change.get("change") or {}
    before, after = body.get("before"), body.get("after")
    if body.get("actions") == ["forget"]:
        after = before
    unknown = body.get("after_unknown")
    if isinstance(before, Mapping) and isinstance(after, Mapping) and isinstance(unknown, Mapping):
        after = {**after, **_same(before, unknown)}
    address = str(change.get("address"))
    return Both(
        _side(change, str(change.get("previous_address") or address), before, None),
        _side(change, address, after, unknown),
    )


def _same(before: Attributes, unknown: Attributes) -> Attributes:
    return {key: before.get(key) for key, value in unknown.items() if value is True and _IDENTIFYING.match(key)}


def _side(change: Mapping[str, Any], address: str, values: object, unknown: object) -> Resource | None:
    if not isinstance(values, Mapping):
        return None
    return Resource(str(change.get("type")), address, values, unknown if isinstance(unknown, Mapping) else {})


def _things(resources: Sequence[Resource]) -> Iterator[tuple[str, str]]:
    wanted = [(sort, *path.split(".", 1)) for table in OWNERS for sort, paths in table.items() for path in paths]
    by_type: dict[str, list[tuple[str, str]]] = {}
    for sort, type_, path in wanted:
        by_type.setdefault(type_, []).append((sort, path))
    for one in resources:
        for sort, path in by_type.get(one.type, ()):
            found = text(one.values, path)
            if found:
                yield sort, found
                yield sort, last(found)


def _noun(type_: str) -> str:
    found = sorts().get(type_)
    return found.noun if found else ""
