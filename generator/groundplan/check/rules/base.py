"""What an own rule is: one class in one file, with one test."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from groundplan.diagnostics import CODES, Place, Severity
from groundplan.hcl.blocks import Block
from groundplan.hcl.sources import Sources


@dataclass(frozen=True, slots=True)
class Subject:
    """The folder under check; `plans` by root as `terraform show -json` gives them, only of the roots that planned."""

    sources: Sources
    plans: Mapping[str, Mapping[str, Any]]
    rendered: bool
    """Whether the folder is an environment with a lock, which is held to more than a folder of modules."""

    def planned(self) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
        """Root, address, type and planned values of every managed resource that stays or comes."""
        for root, plan in self.plans.items():
            for change in plan.get("resource_changes", ()):
                after = change["change"].get("after")
                if change.get("mode") == "managed" and after is not None:
                    yield root, change["address"], change["type"], after

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


class Rule(ABC):
    """A rule; its title is the one of its code."""

    code: ClassVar[str]
    remedy: ClassVar[str]
    needs_plan: ClassVar[bool] = False

    @property
    def title(self) -> str:
        """What a breach is called."""
        return CODES[self.code]

    @abstractmethod
    def check(self, subject: Subject) -> Iterator[Violation]:
        """Every breach in the folder."""
