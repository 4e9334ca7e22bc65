"""Keep the tables of inputs and outputs in module READMEs equal to variables.tf and outputs.tf.

python tools/module_docs.py            exit 1 and name the READMEs whose tables differ
python tools/module_docs.py --write    rewrite the tables
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from groundplan.hcl.read import read_folder, tokens
from groundplan.hcl.types import Collection, Object, type_of_value

MODULES = Path(__file__).resolve().parents[1] / "modules"

_HEREDOC = re.compile(r"<<-?(?P<word>\w+)\n(?P<text>.*?)\n\s*(?P=word)", re.DOTALL)
_TABLE = r"(?<=^## {title}\n\n)(?:\|.*\n)+"


def one_line(value: str) -> str:
    """A type or a value on one line, as HCL would accept it: entries separated by commas, comments dropped."""
    if heredoc := _HEREDOC.fullmatch(value):
        return " ".join(line.strip() for line in heredoc["text"].splitlines())
    text, end, broken = "", 0, False
    for token in tokens(value):
        if token.kind in ("comment", "newline"):
            broken = broken or token.kind == "newline"
            continue
        text = _joined(text, token.text) if broken and text else text + " " * (token.start > end) + token.text
        end, broken = token.end, False
    return text.replace("{ }", "{}")


def _joined(text: str, following: str) -> str:
    """`text` and what stood in a line after it."""
    if following in ("}", "]", ")"):
        text = text.removesuffix(",")
    elif not text.endswith(("{", "[", "(", ",")):
        text += ","
    return text + ("" if text.endswith(("[", "(")) or following in ("]", ")") else " ") + following


def module_folders(modules: Path = MODULES) -> list[Path]:
    """Every module: a folder below `modules/<cloud>/` with a versions.tf."""
    return sorted(path.parent for path in modules.glob("*/*/versions.tf"))


def inputs_table(folder: Path) -> str:
    """The table of variables, in the order in which the module declares them."""
    rows = ["| name | type | default | description |", "| --- | --- | --- | --- |"]
    for block in read_folder(folder, outline=True):
        if block.type == "variable":
            given = {name: one_line(attribute.value) for name, attribute in block.attributes.items()}
            default = f"`{given['default']}`" if "default" in given else "required"
            rows.append(_row((block.labels[0], f"`{given['type']}`", default, _text(given["description"]))))
    return "\n".join(rows) + "\n"


def outputs_table(folder: Path) -> str:
    """The table of outputs; attributes of an object that its description does not name are listed after it."""
    rows = ["| name | description |", "| --- | --- |"]
    for block in read_folder(folder, outline=True):
        if block.type == "output":
            description = _text(one_line(block.attributes["description"].value))
            attributes = [f"`{name}`" for name in _attributes(block.attributes["value"].value)]
            if not all(attribute in description for attribute in attributes):
                description += f" Attributes: {', '.join(attributes)}."
            rows.append(_row((block.labels[0], description)))
    return "\n".join(rows) + "\n"


def _attributes(value: str) -> list[str]:
    """The attributes of an object, or of those that a map holds."""
    type_ = type_of_value(value)
    if isinstance(type_, Collection):
        type_ = type_.element
    return list(type_.attributes) if isinstance(type_, Object) else []


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
