"""Keep the tables of inputs and outputs in module READMEs equal to variables.tf and outputs.tf.

    python tools/module_docs.py            exit 1 and name the READMEs whose tables differ
    python tools/module_docs.py --write    rewrite the tables

Reads files that `terraform fmt` leaves alone: a block starts in column 1, its arguments are indented by two.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

MODULES = Path(__file__).resolve().parents[1] / "modules"

_BLOCK = re.compile(r'^(?P<type>\w+)(?P<labels>(?: "[^"]*")*) \{(?:\}|\n(?P<body>.*?)^\})$', re.MULTILINE | re.DOTALL)
_HEREDOC = re.compile(r"<<-?(?P<word>\w+)\n(?P<text>.*?)\n\s*(?P=word)", re.DOTALL)
_ARGUMENT = re.compile(
    rf"^  (?P<name>\w+) += (?P<value>{_HEREDOC.pattern}|.*?)(?=\n  [^\s}})\]]|\n\n|\s*\Z)", re.MULTILINE | re.DOTALL
)
_ATTRIBUTE = re.compile(r"^    (\w+) +=", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(?:#|//).*\n?", re.MULTILINE)
_TRAILING = re.compile(r'\s(?:#|//)[^"]*$')
_TABLE = r"(?<=^## {title}\n\n)(?:\|.*\n)+"


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block: its type, its labels, the text between its braces."""

    type: str
    labels: tuple[str, ...]
    body: str

    @property
    def arguments(self) -> dict[str, str]:
        """Arguments of the block itself (not of blocks inside it) as they are written, on one line each."""
        return {match["name"]: one_line(match["value"]) for match in _ARGUMENT.finditer(self.body)}

    def written(self, name: str) -> str:
        """An argument exactly as it is written, over several lines perhaps."""
        return next(match["value"] for match in _ARGUMENT.finditer(self.body) if match["name"] == name)

    def count(self, block: str) -> int:
        """How many blocks of that type stand directly inside."""
        return len(re.findall(rf"^  {block} \{{", self.body, re.MULTILINE))


def blocks(text: str) -> list[Block]:
    """The top-level blocks of a Terraform file."""
    return [
        Block(match["type"], tuple(re.findall(r'"([^"]*)"', match["labels"])), match["body"] or "")
        for match in _BLOCK.finditer(text)
    ]


def folder_blocks(folder: Path) -> list[Block]:
    """The top-level blocks of every Terraform file of a module."""
    return [block for path in sorted(folder.glob("*.tf")) for block in blocks(path.read_text(encoding="utf-8"))]


def one_line(value: str) -> str:
    """A type or a value on one line, as HCL would accept it: entries separated by commas, comments dropped."""
    if heredoc := _HEREDOC.fullmatch(value):
        return " ".join(line.strip() for line in heredoc["text"].splitlines())
    lines = [_TRAILING.sub("", line).strip() for line in _COMMENT.sub("", value).splitlines() if line.strip()]
    text = ""
    for line in lines:
        if text and not text.endswith(("{", "[", "(")) and not line.startswith(("}", "]", ")")):
            text += ", " if not text.endswith(",") else " "
        elif text:
            text = text.removesuffix(",") + (" " if text.endswith("{") or line.startswith("}") else "")
        text += re.sub(r"(\w) +=", r"\1 =", line)
    return text.replace("{ }", "{}")


def module_folders(modules: Path = MODULES) -> list[Path]:
    """Every module: a folder below `modules/<cloud>/` with a versions.tf."""
    return sorted(path.parent for path in modules.glob("*/*/versions.tf"))


def inputs_table(folder: Path) -> str:
    """The table of variables, in the order in which the module declares them."""
    rows = ["| name | type | default | description |", "| --- | --- | --- | --- |"]
    for block in folder_blocks(folder):
        if block.type == "variable":
            arguments = block.arguments
            default = f"`{arguments['default']}`" if "default" in arguments else "required"
            cells = (block.labels[0], f"`{arguments['type']}`", default, _text(arguments["description"]))
            rows.append(_row(cells))
    return "\n".join(rows) + "\n"


def outputs_table(folder: Path) -> str:
    """The table of outputs; attributes of an object that its description does not name are listed after it."""
    rows = ["| name | description |", "| --- | --- |"]
    for block in folder_blocks(folder):
        if block.type == "output":
            description = _text(block.arguments["description"])
            attributes = [f"`{name}`" for name in _ATTRIBUTE.findall(block.written("value"))]
            if not all(attribute in description for attribute in attributes):
                description += f" Attributes: {', '.join(attributes)}."
            rows.append(_row((block.labels[0], description)))
    return "\n".join(rows) + "\n"


def with_tables(folder: Path) -> str:
    """The module's README with both tables as they should be; a README without one of the headings is an error."""
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for title, table in (("Inputs", inputs_table(folder)), ("Outputs", outputs_table(folder))):
        if table.count("\n") == 2:
            continue
        found = re.search(_TABLE.format(title=title), readme, re.MULTILINE)
        if found is None:
            raise ValueError(f"{folder}/README.md has no table below `## {title}`")
        readme = readme[: found.start()] + table + readme[found.end() :]
    return readme


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _text(quoted: str) -> str:
    return quoted.removeprefix('"').removesuffix('"').replace('\\"', '"')


def main(arguments: list[str]) -> int:
    """0 when every table is right or was written, 1 when one differs."""
    write = "--write" in arguments
    stale = False
    for folder in module_folders():
        readme = folder / "README.md"
        wanted = with_tables(folder)
        if wanted == readme.read_text(encoding="utf-8"):
            continue
        stale = True
        if write:
            readme.write_text(wanted, encoding="utf-8")
        print(f"{readme.relative_to(MODULES.parent)}: {'written' if write else 'differs'}")
    return int(stale and not write)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
