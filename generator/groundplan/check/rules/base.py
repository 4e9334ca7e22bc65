"""What an own rule is: one class in one file, with one test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from groundplan.diagnostics import CODES, Place, Severity
from groundplan.hcl.blocks import Block
from groundplan.hcl.sources import Sources

KNOWN_LATER = "known only after apply"
"""What a value is that a plan does not show, which is no reason to take it for a safe one."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A managed resource that stays or comes, as its root's plan has it."""

    root: str
    address: str
    type: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """In the place of each value that is known only after apply, true."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The folder under check; `plans` by root as `terraform show -json` gives them, only of the roots that planned."""

    sources: Sources
    plans: Mapping[str, Mapping[str, Any]]
    rendered: bool
    """Whether the folder is an environment with a lock, which is held to more than a folder of modules."""

    def planned(self) -> Iterator[Resource]:
        """Every managed resource that stays or comes."""
        for root, plan in self.plans.items():
            for planned in plan.get("resource_changes", ()):
                change = planned["change"]
                if planned.get("mode") == "managed" and isinstance(change.get("after"), dict):
                    unknown = change.get("after_unknown")
                    known = unknown if isinstance(unknown, dict) else {}
                    yield Resource(root, planned["address"], planned["type"], change["after"], known)

    def sets(self, resource: Resource, name: str) -> bool:
        """Whether the source gives the resource this argument or block; true where the source has not been found.

        What it does not set and the provider fills in is unknown in a plan as well, and says nothing.
        """
        chain = self.sources.chain(resource.root, resource.address)
        if not chain:
            return True
        own = chain[-1]
        dynamic = (block.labels[0] for block in own.blocks if block.type == "dynamic" and block.labels)
        return name in own.attributes or name in {*(block.type for block in own.blocks), *dynamic}

    def hidden(self, resource: Resource, path: tuple[str, ...]) -> bool:
        """Whether the source sets a value that only the apply knows: then a plan says nothing for it."""
        return unknown_at(resource.unknown, path) and self.sets(resource, path[0])

    def root_blocks(self) -> Iterator[tuple[str, tuple[Block, ...]]]:
        """The blocks of every root that is one: a module folder configures no provider and has no backend."""
        for root in self.sources.roots:
            blocks = self.sources.module(root)
            settings = (inner.type for block in blocks if block.type == "terraform" for inner in block.blocks)
            if any(block.type == "provider" for block in blocks) or "backend" in settings:
                yield root, blocks


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of a rule; `place` is relative to the folder, and found from the address if it is not given."""

    message: str
    root: str | None = None
    address: str | None = None
    place: Place | None = None
    severity: Severity = Severity.ERROR
    chosen: Severity | None = None
    """The severity in a rendered environment, for what a module of it has by the word of the spec."""
    keys: tuple[str, ...] = ()
    """Keys of the spec that decide it, the likeliest first; they may stand anywhere in the component's part."""
    value: str | None = None
    """The value under one of the keys that is meant, where several stand there."""
    needs: tuple[str, ...] = ()
    """What `--allow` must name, all of it, for this to be a note; empty: nobody can allow it."""


def values_at(value: Any, path: tuple[str, ...]) -> list[Any]:
    """The values at a path of attribute names; lists on the way are entered, nulls and what is absent left out."""
    if isinstance(value, list):
        return [found for item in value for found in values_at(item, path)]
    if not path:
        return [] if value is None else [value]
    return values_at(value.get(path[0]), path[1:]) if isinstance(value, dict) else []


def unknown_at(unknown: Any, path: tuple[str, ...]) -> bool:
    """Whether any value at the path is known only after apply."""
    if unknown is True:
        return True
    if isinstance(unknown, list):
        return any(unknown_at(item, path) for item in unknown)
    if isinstance(unknown, dict):
        return unknown_at(unknown.get(path[0]), path[1:]) if path else any(unknown_at(v, ()) for v in unknown.values())
    return False


class Rule(ABC):
    """A rule; its title is the one of its code."""

    code: ClassVar[str]
    remedy: ClassVar[str]
    needs_plan: ClassVar[bool] = False
    answers: ClassVar[frozenset[str]] = frozenset()
    """checkov's checks that may be skipped because this rule judges the planned value."""

    @property
    def title(self) -> str:
        """What a breach is called."""
        return CODES[self.code]

    @abstractmethod
    def check(self, subject: Subject) -> Iterator[Violation]:
        """Every breach in the folder."""
