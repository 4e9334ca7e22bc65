"""How much of an expression is written down: its literals, and those of the locals and defaults that it names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from groundplan.hcl import strict
from groundplan.hcl.sources import Sources

_DEEPEST = 20
_KNOWN = ("path", "terraform")
"""What every expression may name and Terraform knows before it asks anybody."""


Name = tuple[str, ...]
"""`local`, `var` or `terraform_data`, whose output is its input, and what stands behind the dot."""


class NotWrittenError(Exception):
    """The value is made of something that the source does not have."""


@dataclass(frozen=True)
class Scope:
    """The locals and variables that a file's expressions may name: those of its folder."""

    sources: Sources
    file: str
    depth: int = 0
    known: dict[Name, int | None] = field(default_factory=dict)
    """Lengths by name, each worked out once: names may stand in each other many times. None while it is."""

    def length(self, name: Name) -> int:
        """Characters of the literals in `local.x` or `var.x`.

        Raises NotWrittenError for one without a value, or one within itself.
        """
        if name not in self.known:
            self.known[name] = None
            text = self._texts.get(name)
            if text is not None and self.depth < _DEEPEST:
                self.known[name] = sum(_lengths(_tokens(text), replace(self, depth=self.depth + 1)))
        found = self.known[name]
        if found is None:
            raise NotWrittenError(".".join(name))
        return found

    @cached_property
    def _texts(self) -> dict[Name, str]:
        return dict(_written(self.sources, os.path.dirname(self.file) or "."))  # noqa: PTH120 a key


def _written(sources: Sources, folder: str) -> Iterator[tuple[Name, str]]:
    for block in sources.module(folder):
        if block.type == "locals":
            yield from ((("local", name), attribute.value) for name, attribute in block.attributes.items())
        if block.type == "variable" and block.labels and "default" in block.attributes:
            yield ("var", block.labels[0]), block.attributes["default"].value
        if block.type == "resource" and block.labels[:1] == ("terraform_data",) and "input" in block.attributes:
            yield block.labels[:2], block.attributes["input"].value
    for name, file in sources.files.items():
        if name.endswith((".tfvars", ".tfvars.json")) and (os.path.dirname(name) or ".") == folder:  # noqa: PTH120
            yield from ((("var", key), attribute.value) for key, attribute in file.attributes.items())


def literal_length(text: str, scope: Scope) -> int:
    """Characters of the literals that a value is made of; 0 where it is made of anything else as well.

    An object or a list is none: what is in it has names of its own.
    """
    try:
        tokens = _tokens(text)
        return 0 if tokens and tokens[0].text in ("{", "[") else sum(_lengths(tokens, scope))
    except (NotWrittenError, strict.UncertainError):
        return 0


def _tokens(text: str) -> list[strict.Token]:
    return strict.read(f"value = {text}\n").body.attributes[0].tokens


def _lengths(tokens: list[strict.Token], scope: Scope) -> Iterator[int]:
    named = 0
    for index, token in enumerate(tokens):
        following = [one.text for one in tokens[index + 1 : index + 3]]
        if token.kind in ("str", "heredoc"):
            yield from _of_parts(token, scope)
        elif token.kind == "num":
            yield len(token.text)
        elif token.kind == "id" and index >= named and following[:1] == ["."]:
            named = index + 3
            yield _of_name((token.text, following[-1]), scope)


def _of_parts(token: strict.Token, scope: Scope) -> Iterator[int]:
    for part in token.parts:
        yield len(part) if isinstance(part, str) else sum(_lengths(part.tokens, scope))


def _of_name(name: Name, scope: Scope) -> int:
    return 0 if name[0] in _KNOWN else scope.length(name)
