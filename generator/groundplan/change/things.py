"""Names of resources for people, and which of them are parts of another one that goes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from groundplan.change.planned import Action, Path, Planned, value_at, values_at
from groundplan.change.tables import Owner, Thing, things
from groundplan.diagnostics import shortened

_NAMES = ("id", "name", "arn", "bucket", "identifier", "repository_id", "secret_id", "principal_arn", "self_link")

_IDENTITIES = (*((name,) for name in _NAMES), ("metadata", 0, "name"))
"""Attributes by which others name a resource."""


CLUSTER = "cluster"
NAMESPACE = "namespace"
HOLDERS = frozenset({CLUSTER})
"""Things whose data is what is in them, which is told apart."""
_CLAIMS = re.compile(r"volumeClaimTemplate|persistentVolume\b|storageSpec")
"""Words by which the values of a chart ask for a volume."""
_OWNED = re.compile(r"\b(?:persistence|persistentVolume)\b[\"']?\s*:")
"""Words under which the values of a chart ask for a volume that goes with it."""
_ENABLED = re.compile(r"\benabled[\"']?\s*:\s*[\"']?(true|false)")
_SET = re.compile(r"(?:^|\.)(?:persistence|persistentVolume)\.enabled$")
_NEAR = 400
"""Characters after such a word in which its switch is looked for."""
_CLAIMING = ("kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1")
_CHART = "helm_release"
_TEMPLATES: Path = ("spec", "*", "volume_claim_template", "*")


def has_claims(planned: Planned) -> bool:
    """Whether the resource, as it was, asks for volumes in a cluster."""
    if owns_claims(planned) or any(values_at(planned.before, _TEMPLATES)):
        return True
    return _CLAIMS.search(str(planned.before.get("values", ""))) is not None


def owns_claims(planned: Planned) -> bool:
    """Whether claims of volumes, as far as the resource tells, are deleted with it; those of a StatefulSet stay."""
    if planned.type in _CLAIMING:
        return True
    return planned.type == _CHART and (_asks(planned.before.get("values")) or _sets(planned.before.get("set")))


def _asks(values: object) -> bool:
    """Whether one of the texts switches a volume on, or says nothing about the switch."""
    texts = [text for text in values if isinstance(text, str)] if isinstance(values, list) else []
    return any(_switched_on(text[found.end() :][:_NEAR]) for text in texts for found in _OWNED.finditer(text))


def _switched_on(text: str) -> bool:
    switch = _ENABLED.search(text)
    return switch is None or switch[1] == "true"


def _sets(blocks: object) -> bool:
    """Whether a `set` of the chart switches a volume on."""
    found = [one for one in blocks if isinstance(one, dict)] if isinstance(blocks, list) else []
    return any(_SET.search(str(one.get("name"))) and str(one.get("value")) == "true" for one in found)


def thing_of(type_: str) -> Thing:
    """The type as people speak of it; of one that no table names, its own words."""
    return things().get(type_) or Thing(type_, _in_words(type_))


def path_of(text: str) -> Path:
    """The path that the tables write as `metadata.0.name`."""
    return tuple(int(part) if part.isdigit() else part for part in text.split("."))


def noun_of(type_: str) -> str:
    """What people call one of the type, also where they seldom do."""
    return thing_of(type_).noun or _in_words(type_)


def _in_words(type_: str) -> str:
    return " ".join(type_.split("_")[1:]) or type_


def name_of(planned: Planned) -> str:
    """The name that the resource has or gets, else the last part of its address."""
    thing = things().get(planned.type)
    paths = [path_of(name) for name in thing.names] if thing else []
    for state in (planned.before, planned.after):
        for path in (*paths, ("name",)):
            value = value_at(state, path)
            if isinstance(value, str) and value:
                return shortened(value.rstrip("-"))
    return str(planned.key) if isinstance(planned.key, str) else planned.address


@dataclass(frozen=True)
class Ownership:
    """Who of the resources is a part of whom, by name in any root, else in the same module."""

    planned: Sequence[Planned]
    _seen: dict[tuple[str, str], Planned | None] = field(default_factory=dict)

    @cached_property
    def _named(self) -> Mapping[tuple[str, str], Sequence[Planned]]:
        """The resources of a type by each of their names."""
        found: dict[tuple[str, str], list[Planned]] = {}
        for one in self.planned:
            for name in {value for path in _IDENTITIES if isinstance(value := value_at(one.before, path), str)}:
                found.setdefault((one.type, name), []).append(one)
        return found

    @cached_property
    def _beside(self) -> Mapping[tuple[object, ...], Sequence[Planned]]:
        """The resources of a type by root and module, and those with a key by that too."""
        found: dict[tuple[object, ...], list[Planned]] = {}
        for one in self.planned:
            place = (one.type, one.root, one.module)
            for key in (place, (*place, one.key), (*place, one.key, one.name)):
                found.setdefault(key, []).append(one)
        return found

    def goes_with(self, part: Planned) -> Planned | None:
        """The outermost thing that goes and takes the part with it; None where it goes by itself or stays."""
        key = part.root, part.address
        if key not in self._seen:
            self._seen[key] = None  # what owns itself by way of others belongs to nobody
            self._seen[key] = self._outermost(part)
        return self._seen[key]

    def subject(self, planned: Planned) -> Planned:
        """The thing that a person would name: itself, or what it is a part of."""
        if not thing_of(planned.type).noun:
            for owner in thing_of(planned.type).owners:
                for one in self._owners(planned, owner):
                    return one
        return planned

    def stands(self, part: Planned) -> bool:
        """Whether something without a name of its own is a part of what is there before and after.

        What is imported is there, but in which form nobody knows: `taken_over` tells of it.
        """
        thing = thing_of(part.type)
        owned = (one for owner in thing.owners if not thing.noun for one in self._owners(part, owner))
        return any(one.action in (Action.NOTHING, Action.UPDATE) and not one.imported for one in owned)

    def _outermost(self, part: Planned) -> Planned | None:
        for owner in thing_of(part.type).owners:
            gone = [one for one in self._owners(part, owner) if one.gone]
            if gone:
                return self.goes_with(gone[0]) or gone[0]
        return None

    def _owners(self, part: Planned, owner: Owner) -> Sequence[Planned]:
        """The resources of the owner's type that the part belongs to: by name, else by key, else the module's all."""
        name = value_at(part.before or part.after, path_of(owner.argument)) if owner.argument else None
        if isinstance(name, str) and (named := self._named.get((owner.type, name))):
            return named
        place = (owner.type, part.root, part.module)
        beside = self._beside.get(place, ())
        same = self._beside.get((*place, part.key) if part.key is not None else (*place, None, part.name))
        return same or (() if owner.argument and len(beside) > 1 else beside)
