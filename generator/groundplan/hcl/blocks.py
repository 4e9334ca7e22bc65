"""What Terraform source is made of, in either of its syntaxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from groundplan.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = value`; the value is its source text."""

    name: str
    value: str
    place: Place
    span: tuple[int, int] = (0, 0)
    """Between which offsets of the file the value stands."""


@dataclass(slots=True)
class Block:
    """`type "label" … { … }` and what is in it."""

    type: str
    labels: tuple[str, ...]
    place: Place
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    skips: dict[str, str | None] = field(default_factory=dict)
    """checkov checks that a comment directly or deeper in the block skips, with the reason given."""

    def walk(self) -> Iterator[Block]:
        """The block and every block inside."""
        yield self
        for block in self.blocks:
            yield from block.walk()
