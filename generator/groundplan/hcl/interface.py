"""What a module folder declares: the variables it takes and the outputs it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from groundplan.hcl.blocks import Attribute, Block
from groundplan.hcl.read import parse
from groundplan.hcl.types import ANYTHING, Type, type_of_constraint, type_of_value

VARIABLES, OUTPUTS, VERSIONS = "variables.tf", "outputs.tf", "versions.tf"


@dataclass(frozen=True)
class Variable:
    """An input: its type as written, and whether a call has to give it or may give it as null."""

    name: str
    constraint: str
    required: bool
    nullable: bool
    default: str = ""
    """The default as written; empty without one."""

    @cached_property
    def type(self) -> Type:
        """The type that `constraint` stands for."""
        return type_of_constraint(self.constraint) if self.constraint else ANYTHING


@dataclass(frozen=True)
class Output:
    """An output: its value as written."""

    name: str
    value: str

    @cached_property
    def type(self) -> Type:
        """The type of `value` as far as its text says."""
        return type_of_value(self.value)


@dataclass(frozen=True, slots=True)
class Interface:
    """The variables and outputs of a module by name."""

    variables: Mapping[str, Variable]
    outputs: Mapping[str, Output]


def read_interface(folder: Path) -> Interface:
    """The interface of the module in `folder`: what its `variables.tf` and `outputs.tf` declare."""
    return _interface((folder / VARIABLES).read_text(encoding="utf-8"), (folder / OUTPUTS).read_text(encoding="utf-8"))


def required_providers(folder: Path) -> frozenset[str]:
    """Local names of the providers that the `versions.tf` of the module in `folder` requires."""
    whole = parse((folder / VERSIONS).read_text(encoding="utf-8"), VERSIONS)
    required = (block for block in whole.walk() if block.type == "required_providers")
    return frozenset(name for block in required for name in block.attributes)


@cache
def _interface(variables: str, outputs: str) -> Interface:
    return Interface(
        {name: _variable(name, block) for name, block in _declared("variable", variables, VARIABLES)},
        {name: Output(name, _text(block, "value")) for name, block in _declared("output", outputs, OUTPUTS)},
    )


def _declared(kind: str, text: str, file: str) -> list[tuple[str, Block]]:
    blocks = parse(text, file, outline=True).blocks
    return [(block.labels[0], block) for block in blocks if block.type == kind]


def _variable(name: str, block: Block) -> Variable:
    return Variable(
        name=name,
        constraint=_text(block, "type"),
        required="default" not in block.attributes,
        nullable=_text(block, "nullable") != "false",
        default=_text(block, "default"),
    )


def _text(block: Block, name: str) -> str:
    found: Attribute | None = block.attributes.get(name)
    return found.value if found else ""
