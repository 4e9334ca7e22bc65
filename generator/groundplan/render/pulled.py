"""Images and charts that an environment pulls, and what fixes each: read from the modules and their calls."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.components.base import ModuleCall
from groundplan.compose.compose import Composition
from groundplan.hcl.blocks import Block
from groundplan.hcl.interface import Variable, read_interface
from groundplan.hcl.read import parse
from groundplan.hcl.write import Value

_IMAGE = re.compile(
    r"(?:[a-z0-9-]+\.)+[a-z]+(?::[0-9]+)?(?:/[a-z0-9._-]+)+(?::[A-Za-z0-9_][\w.-]*(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})",
    re.ASCII,
)
_TEXT = re.compile(r'"([^"\\]*)"')
_VARIABLE = re.compile(r"var[.](\w+)(?:[.](\w+))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Image:
    """A container image, by its reference, and the call that runs it."""

    call: str
    reference: str

    @property
    def by_digest(self) -> bool:
        """Whether its content is fixed: a tag can be moved."""
        return "@sha256:" in self.reference


@dataclass(frozen=True, slots=True, order=True)
class Chart:
    """A Helm chart, in one version, and the call that installs it."""

    call: str
    repository: str
    name: str
    version: str


def images(composition: Composition, modules: Path) -> list[Image]:
    """Every image that a call states or its module names by default, sorted; those inside of charts are not known."""
    return sorted({image for call in _calls(composition) for image in _images(call, modules)})


def charts(composition: Composition, modules: Path) -> list[Chart]:
    """Every chart that is fetched, sorted; charts that stand beside a module are not."""
    return sorted({chart for call in _calls(composition) for chart in charts_of(modules / call.source, call.name)})


def _calls(composition: Composition) -> Iterator[ModuleCall]:
    return (call for root in composition.roots for call in root.calls)


def _images(call: ModuleCall, modules: Path) -> Iterator[Image]:
    for name, variable in read_interface(modules / call.source).variables.items():
        stated = list(_stated(call.arguments.get(name)))
        yield from (Image(call.name, reference) for reference in stated or _defaults(variable))


def _stated(value: Value | None) -> Iterator[str]:
    if isinstance(value, str) and _IMAGE.fullmatch(value):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _stated(one)


def _defaults(variable: Variable) -> Iterator[str]:
    """Images in the default, or in the defaults of an object's attributes."""
    written = variable.default + variable.constraint
    return (text for text in _TEXT.findall(written) if _IMAGE.fullmatch(text))


def images_of(folder: Path) -> list[str]:
    """References of the images that the module in `folder` names by default."""
    return [reference for variable in read_interface(folder).variables.values() for reference in _defaults(variable)]


def charts_of(folder: Path, call: str = "") -> Iterator[Chart]:
    """The charts that the module in `folder` installs, with the versions that it has by default."""
    for file in sorted(folder.glob("*.tf")):
        text = file.read_text(encoding="utf-8")
        for block in parse(text, file.name, outline=True).blocks if '"helm_release"' in text else ():
            if block.type == "resource" and {"chart", "repository"} <= block.attributes.keys():
                name, repository = (block.attributes[key].value.strip('"') for key in ("chart", "repository"))
                yield Chart(call, repository, name, _version(block, read_interface(folder).variables))


def _version(block: Block, variables: Mapping[str, Variable]) -> str:
    """What the module writes: the version, or the default of the variable, or of its attribute, that it is read from.

    An expression of another kind is shown as it is.
    """
    written = block.attributes["version"].value if "version" in block.attributes else "the newest"
    variable = _VARIABLE.fullmatch(written)
    if variable is None or variable[1] not in variables:
        return written.strip('"')
    declared, attribute = variables[variable[1]], variable[2]
    if not attribute:
        return declared.default.strip('"') or written
    found = re.search(rf'\b{re.escape(attribute)}\s*=\s*optional\(string, "([^"]*)"\)', declared.constraint)
    return found[1] if found else written
