"""Reads the declarations of a generated binding: a folder with `index.js`, `index.d.ts`, perhaps `index-structs/`.

The generator's output is as regular as a data file, so this looks for fixed patterns and fails on anything else:

* `function fooBarToHclTerraform(struct) {…}`: the arguments of a nested structure, with their types;
* `class FooBarOutputReference extends cdktn.ComplexObject {…}`: every attribute, with a comment that says whether it is
  computed, optional or required;
* `interface FooBar {…}` in the declarations: the documentation says `x block` for a block and nothing for an attribute.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_ORIGINAL = re.compile(r"\bcdktf\.")
"""What the library was called when the bindings of older majors were generated (CDK for Terraform)."""
_OUTSIDE = re.compile(r"^\w+\.tfResourceType = ", re.MULTILINE)
"""What scripts have that were compiled for an older target: static properties are assigned behind the class."""
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=data:application/json;base64,(\S+)$", re.MULTILINE)
_TYPED_CLASS = re.compile(r"^export class (\w+) extends cdktn\.\w+ \{\n((?:(?!\}\n).*\n)*)", re.MULTILINE)
_TOP_LEVEL = re.compile(
    r"^(?:function (?P<function>\w+)ToHclTerraform\(struct\)|class (?P<class>\w+) extends cdktn\.(?P<base>\w+)) \{\n"
    r"(?P<body>(?:(?!\}\n).*\n)*)",
    re.MULTILINE,
)
_MEMBER = re.compile(
    r"^ {2,4}// (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n", re.MULTILINE
)
_ENTRY = re.compile(
    r'^ +(\w+): \{\n +value: (.*),\n +isBlock: (?:true|false),\n +type: "(\w+)",\n +storageClassType: "\w+",\n',
    re.MULTILINE,
)
_INTERFACE = re.compile(r"^export interface (\w+)(?: extends [\w.]+)? \{\n((?:(?!\}\n).*\n)*)", re.MULTILINE)
_LINK = re.compile(r"\{@link https://registry\.terraform\.io/providers/([\w./-]+?)/([\w.-]+)/docs(?:/[\w-]+)*#(\w+) ")
_OPTION = re.compile(r"^    readonly \w+(\?)?:")
_CALLED_STRUCT = re.compile(r"(\w+)ToHclTerraform")
_MODULE_PREFIX = re.compile(r"\b(?:index|structs\d*)_\d+\.")


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of a class: its flags, and the text that declares it."""

    computed: bool
    optional: bool
    required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An argument in `synthesizeHclAttributes` or a `…ToHclTerraform` function."""

    value: str
    """The expression that writes it, `cdktn.listMapperHcl(fooToHclTerraform, true)(struct.foo)`."""
    kind: str
    """`simple`, `list`, `set`, `map` or `struct`."""


@dataclass(frozen=True, slots=True)
class Option:
    """An argument in an interface."""

    required: bool
    is_block: bool


@dataclass(frozen=True, slots=True)
class Class:
    """A class: what it extends, its members and the arguments it writes."""

    base: str
    text: str
    members: dict[str, Member]
    entries: dict[str, Entry]


@dataclass(frozen=True, slots=True)
class Binding:
    """Everything one folder declares. Names are in lower case, because functions and classes differ in it."""

    classes: dict[str, Class]
    functions: dict[str, str]
    interfaces: dict[str, dict[str, Option]]
    provider: tuple[str, str] | None
    """Source address (`hashicorp/aws`) and version the documentation links to."""


def read_binding(folder: Path) -> Binding:
    """The declarations of one folder."""
    scripts = [folder / "index.js", *sorted(folder.glob("index-structs/structs*.js"))]
    declarations = [path.with_suffix(".d.ts") for path in scripts]
    code = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
    types = "".join(path.read_text(encoding="utf-8") for path in declarations)
    typed: dict[str, str] = {}
    if _OUTSIDE.search(code):
        typed = _typed_classes(code)
        code, types = _ORIGINAL.sub("cdktn.", _SOURCE_MAP.sub("", code)), _ORIGINAL.sub("cdktn.", types)
    code = _MODULE_PREFIX.sub("", code)
    classes, functions = {}, {}
    for found in _TOP_LEVEL.finditer(code):
        body = found["body"]
        if found["function"]:
            functions[found["function"].lower()] = body
        else:
            source = typed.get(found["class"], "")
            members = _members(source or body)
            classes[found["class"].lower()] = Class(found["base"], body + source, members, _arguments(body))
    link = _LINK.search(types)
    return Binding(classes, functions, _interfaces(types), (link[1], link[2]) if link else None)


def _typed_classes(code: str) -> dict[str, str]:
    """The classes in TypeScript, by name: compiled for an older target, scripts lose fields and the comments on them.

    The sources are in the scripts' source maps.
    """
    found: dict[str, str] = {}
    for encoded in _SOURCE_MAP.findall(code):
        for text in json.loads(base64.b64decode(encoded))["sourcesContent"]:
            found |= dict(_TYPED_CLASS.findall(_ORIGINAL.sub("cdktn.", text)))
    return found


def entries(body: str) -> dict[str, Entry]:
    """The arguments a function body writes."""
    return {name: Entry(value, kind) for name, value, kind in _ENTRY.findall(body)}


def called_structure(value: str) -> str | None:
    """The structure whose function an expression calls; None when it only calls those of the library."""
    names = [name for name in _CALLED_STRUCT.findall(value) if f"cdktn.{name}ToHclTerraform" not in value]
    return names[0].lower() if names else None


def _members(body: str) -> dict[str, Member]:
    """The members of a class by attribute name; each runs to the comment of the next."""
    found = list(_MEMBER.finditer(body))
    ends = [*(match.start() for match in found[1:]), len(body)] if found else []
    return {
        match[1]: Member(match[2] == "true", match[3] == "true", match[4] == "true", body[match.end() : end])
        for match, end in zip(found, ends, strict=True)
    }


def _arguments(body: str) -> dict[str, Entry]:
    start = body.find("    synthesizeHclAttributes() {")
    return entries(body[start:]) if start >= 0 else {}


def _interfaces(text: str) -> dict[str, dict[str, Option]]:
    return {name.lower(): dict(_options(body)) for name, body in _INTERFACE.findall(text)}


def _options(body: str) -> Iterator[tuple[str, Option]]:
    """Name and kind of every `readonly x?: …` from the comment above it."""
    comment: list[str] = []
    for line in body.splitlines():
        option = _OPTION.match(line)
        if not option:
            comment = [line] if line.startswith("    /**") else [*comment, line]
            continue
        text = "\n".join(comment)
        link = _LINK.search(text)
        if link:
            yield link[3], Option(required=option[1] is None, is_block=f"    * {link[3]} block\n" in text)
        comment = []
