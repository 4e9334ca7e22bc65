"""`prevent_destroy` of resources, however it is written: whether it is on, and switching it off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from groundplan.hcl.blocks import Attribute, Block
from groundplan.hcl.read import tokens
from groundplan.hcl.sources import MODULE_SUFFIXES, parse_source
from groundplan.terraform.usage import configuration_files

WORD = "prevent_destroy"
_NO_VALUE = ("comment", "newline")


def lift_protection(copy: Path) -> None:
    """Switches `prevent_destroy` off in a copy of a folder. What cannot be read stays, for Terraform to refuse."""
    for path in configuration_files(copy):
        if path.name.endswith(MODULE_SUFFIXES):
            text = path.read_bytes().decode("utf-8", errors="surrogateescape")
            if (lifted := lifted_text(text, path.name)) != text:
                path.unlink()
                path.write_bytes(lifted.encode("utf-8", errors="surrogateescape"))


def lifted_text(text: str, file: str) -> str:
    """The text of a file with every `prevent_destroy` of a resource off, and nothing else changed."""
    if WORD not in text and not file.endswith(".json"):
        return text
    spans = sorted(setting.span for block in parse_source(text, file).blocks for setting in _settings(block))
    for start, end in reversed(spans):
        text = f"{text[:start]}false{text[end:]}"
    return text


def is_protected(resource: Block) -> bool:
    """Whether the resource has it on, as far as that is told without evaluating: `true`, in brackets or in quotes."""
    return any(_says_true(setting.value) for setting in _settings(resource))


def _settings(block: Block) -> Iterator[Attribute]:
    if block.type == "resource":
        yield from (
            part.attributes[WORD] for part in block.blocks if part.type == "lifecycle" and WORD in part.attributes
        )


def _says_true(value: str) -> bool:
    words = [token.text for token in tokens(value) if token.kind not in _NO_VALUE and token.text not in ("(", ")")]
    return words in (["true"], ['"true"'])
