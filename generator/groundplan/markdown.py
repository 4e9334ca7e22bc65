"""The only writer of Markdown: every value is escaped, so that none becomes markup, a mention or another cell.

`text`, `prose` and `code` turn a value into Markdown; `line` does so where the value begins a line. `link`, `strong`,
`heading`, `bullets`, `folded` and `table` put the pieces together and escape what is not `Markdown` yet:

    table(("pool", "nodes"), [(code("training.pools.main"), 4)], numbers={1})

The dialect is GitHub's. An address in the open (`https://…`) stays one that can be clicked: it hides nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import quote

from groundplan.escaping import for_line, for_markdown, markup


class Markdown(str):
    """Text that is Markdown already and is taken as it is."""

    __slots__ = ()


_LINE_START = re.compile(r"^(?:[-+=]|\d+(?=[.)]))")
"""What makes a line a list, a rule or a heading; the other signs that do are escaped anywhere."""
_FENCE = re.compile(r"`+")
_IN_HTML = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*_[]|~$@"}
_IN_TARGET = "/:?#@=&%+,~"
"""Signs of an address that stay as they are."""


def text(value: object) -> Markdown:
    """`value` as text within a line: one line, no markup, nobody mentioned by an @."""
    if isinstance(value, Markdown):
        return value
    return Markdown(for_markdown(value))


def line(value: object) -> Markdown:
    """`value` as text that begins a line."""
    if isinstance(value, Markdown):
        return value
    return Markdown(_LINE_START.sub(_escape_start, text(value)))


def code(value: object) -> Markdown:
    """`value` in a fixed-width font, as it is; nothing for an empty one."""
    plain = for_line(value)
    if not plain:
        return Markdown()
    if "|" in plain:  # a backslash before it would be shown outside tables, and its absence would end the cell in one
        return Markdown(f"<code>{html.escape(plain, quote=False).translate(_IN_HTML)}</code>")
    fence = "`" * (max((len(run) for run in _FENCE.findall(plain)), default=0) + 1)
    space = " " if plain.startswith("`") or plain.endswith("`") else ""
    return Markdown(f"{fence}{space}{plain}{space}{fence}")


def prose(value: object) -> Markdown:
    """`value` as text, with what stands between two backticks as code: how messages name keys and values."""
    if isinstance(value, Markdown):
        return value
    pieces = for_line(value).split("`")
    if len(pieces) % 2 == 0:  # the last one opens nothing
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    made = (_quoted(piece) if index % 2 else markup(piece) for index, piece in enumerate(pieces))
    return Markdown("".join(made))


def fenced(value: object) -> Markdown:
    """A line inside a fenced block, which none of its characters ends."""
    return Markdown(for_line(value).replace("```", "` ` `"))


def strong(value: object) -> Markdown:
    """`value` in bold."""
    return Markdown(f"**{text(value)}**")


def link(label: object, target: str) -> Markdown:
    """A link to `target`, an address or a path relative to the page."""
    return Markdown(f"[{text(label)}]({quote(for_line(target), safe=_IN_TARGET)})")


def heading(level: int, value: object) -> Markdown:
    """A heading of the level, with the line break after it."""
    return Markdown(f"{'#' * level} {text(value)}\n")


def bullets(items: Iterable[object]) -> Markdown:
    """A list with an item a line; nothing without items."""
    return Markdown("".join(f"- {line(item)}\n" for item in items))


def folded(summary: object, body: str) -> Markdown:
    """`body` behind a line that opens it; nothing without a body."""
    summarized = html.escape(for_line(summary), quote=False)
    return Markdown(f"<details><summary>{summarized}</summary>\n\n{body}\n</details>\n" if body else "")


def table(titles: Sequence[object], rows: Iterable[Sequence[object]], *, numbers: Collection[int] = ()) -> Markdown:
    """A table; `numbers` are the positions of columns whose cells stand to the right. Ends with a line break."""
    rule = (Markdown("---:" if index in numbers else "---") for index in range(len(titles)))
    return Markdown("".join(_row(cells) for cells in (titles, tuple(rule), *rows)))


def _row(cells: Sequence[object]) -> str:
    return f"|{''.join(f' {text(cell)} |' if str(cell) else ' |' for cell in cells)}\n"


def _quoted(plain: str) -> str:
    """What stands between backticks, as code where that would show all of it."""
    return code(plain) if plain and plain == plain.strip() else markup(f"`{plain}`")


def _escape_start(match: re.Match[str]) -> str:
    start = match[0]
    return f"{start}\\" if start.isdigit() else f"\\{start}"
