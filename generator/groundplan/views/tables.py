"""Tables and text as strings: the same on every terminal, coloured only when asked."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from groundplan import markdown
from groundplan.escaping import for_text
from groundplan.markdown import Markdown
from groundplan.quantities import CASES, MILLIONTH, Band, trimmed

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 140
"""Columns a table may take; text that needs more is folded."""


@dataclass(frozen=True, slots=True)
class Column:
    """Heading of a column, whether it holds numbers, and whether long text wraps."""

    title: str
    number: bool = False


def imported() -> None:
    """Imports what tables are drawn with, for whoever has time before there is one."""
    from rich import box, console, table, text  # noqa: F401


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    *,
    color: bool,
    footer: Sequence[str] = (),
    width: int = WIDTH,
) -> str:
    """The rows under their headings, numbers to the right, a line above the footer; text is never taken as markup."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, show_footer=bool(footer))
    for index, column in enumerate(columns):
        made.add_column(
            Text(for_text(column.title)),
            justify="right" if column.number else "left",
            no_wrap=column.number,
            overflow="fold",
            footer=Text(for_text(footer[index]), style="bold") if footer else "",
        )
    for row in rows:
        made.add_row(*(Text(for_text(cell)) for cell in row))
    return _to_text(made, color, width)


def markdown_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> Markdown:
    """The same rows as a table of Markdown."""
    numbers = {index for index, column in enumerate(columns) if column.number}
    return markdown.table([column.title for column in columns], rows, numbers=numbers)


def _to_text(made: Table, color: bool, width: int) -> str:
    from rich.console import Console

    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=color, color_system="standard" if color else None)
    console.print(made)
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()) + "\n"


def usd(amount: Decimal) -> str:
    """Dollars and cents with thousands separated."""
    return f"{amount:,.2f}"


def signed(amount: Decimal) -> str:
    """Dollars with their sign in front."""
    return f"{'+' if amount > 0 else '-' if amount < 0 else ''}${usd(abs(amount))}"


def quantity(amount: Decimal) -> str:
    """A quantity with as many decimals as it takes to read it, at most two."""
    return trimmed(amount, 2)


def unit_price(amount: Decimal) -> str:
    """A unit price with all its digits, at most six decimals; ten where less would show nothing."""
    return trimmed(amount, 6 if abs(amount) >= MILLIONTH else 10)


def number(amount: Decimal) -> int | float:
    """The amount as a JSON number, without a fraction where it has none."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def bold(text: str, *, color: bool) -> str:
    """`text` in one line, bold on a terminal."""
    shown = for_text(text)
    return f"\x1b[1m{shown}\x1b[0m" if color else shown


def numbers(band: Band) -> dict[str, float]:
    """A band for machines to read."""
    return {case: float(amount) for case, amount in zip(CASES, band.cases, strict=True)}
