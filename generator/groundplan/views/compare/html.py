"""A comparison as one page that asks nothing of any network: figures in tables, charts drawn from the same figures.

The charts are Vega's (docs/decisions/charts.md), put into the page from the library's own distribution.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from groundplan import __version__
from groundplan.app.compare.model import Best, Comparison, Difference, Refused
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.escaping import for_json, for_text
from groundplan.views.compare import content
from groundplan.views.compare.json import as_json
from groundplan.views.page import STYLE, policy, safe
from groundplan.views.tables import Column, signed, usd

_TEXTS = ("note", "size", "chosen in", "reason", "for", "item", "specs")
"""Columns with text that may take several lines."""
MOST_ROWS = 30
"""Combinations that the page shows at once; the others are a click away."""
FIGURES = ("low", "expected", "high")
_HARMLESS = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})
"""Characters that may end a script or a string in it, as JSON writes them otherwise."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a toggle."""

    value: str
    title: str
    checked: Markup


def require_library() -> None:
    """Raises GP801 when the extra that brings the charts is not installed."""
    try:
        import vl_convert  # noqa: F401
    except ModuleNotFoundError:
        hint = 'it comes with an extra: pip install "groundplan[html]"'
        message = "the library of the page's charts, `vl-convert-python`, is not installed"
        raise DiagnosticsError([Diagnostic("GP801", message, hint=hint)]) from None


def page(comparison: Comparison) -> str:
    """The page. Every text in it is escaped; its policy allows its own scripts and styles by hash and nothing else."""
    import vl_convert
    from jinja2 import Environment, StrictUndefined

    style, script = STYLE + _asset("compare.css"), _asset("compare.js")
    library = _notice() + _inline(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
    template = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, finalize=safe
    ).from_string(_asset("compare.html.j2"))
    several = len(comparison.subjects) > 1
    return template.render(
        comparison=comparison,
        policy=policy([library, script], [style]),
        axes=content.axes(comparison),
        dates=content.dates(comparison),
        stale=content.staleness(comparison),
        answers=content.answers(comparison),
        winners=_winners(comparison),
        change=_change(comparison.differences),
        subjects=_choices({name: name for name in comparison.subjects}, comparison.subjects[-1]) if several else [],
        purchase_options=_choices(
            {option: content.OPTION_TITLES[option] for option in comparison.purchase_options},
            comparison.purchase_options[0],
        ),
        figures=_choices({name: name for name in FIGURES}, "expected"),
        totals=_totals(comparison, 0, MOST_ROWS),
        further=_totals(comparison, MOST_ROWS, None) if len(comparison.rows) > MOST_ROWS else "",
        others=len(comparison.rows) - MOST_ROWS,
        machines=_table("Machines by pool", *content.shape_table(comparison)),
        lists=_lists(comparison),
        general=content.GENERAL,
        assumptions=content.assumptions(comparison),
        version=__version__,
        vega=vl_convert.get_vega_version(),
        data=_data(comparison),
        style=Markup(style),
        library=Markup(library),
        script=Markup(script),
    )


def _data(comparison: Comparison) -> Markup:
    """What the charts are drawn from: the JSON without the day on which it was made, as a page is kept."""
    data = {key: value for key, value in as_json(comparison).items() if key != "today"}
    return Markup(for_json(json.dumps(_shown(data), separators=(",", ":"))).translate(_HARMLESS))


def _shown(value: Any) -> Any:
    """The same with its texts as the charts show them, keys included."""
    if isinstance(value, dict):
        return {for_text(key): _shown(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner) for inner in value]
    return for_text(value) if isinstance(value, str) else value


def _asset(name: str) -> str:
    return (files("groundplan.views.compare") / "page" / name).read_text(encoding="utf-8")


def _inline(script: str) -> str:
    """A script that nothing in it can end; what it replaces stands in its strings and expressions alone."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _notice() -> str:
    """The notice that the library's licence asks for wherever it is passed on, as a comment."""
    packages = distribution("vl-convert-python").files or []
    texts = [path.read_text(encoding="utf-8") for path in packages if path.name == "LICENSE"]
    makers = "Vega, Vega-Lite and Vega-Embed by the University of Washington Interactive Data Lab and contributors"
    licence = "\n\n".join([f"{makers}, bundled by vl-convert, under the BSD 3-Clause License.", *texts])
    return f"/*!\n{_inline(licence.replace('*/', '* /'))}\n*/\n"


def _choices(titles: dict[Any, str], chosen: str) -> list[Choice]:
    return [Choice(value, text, Markup(" checked") if value == chosen else Markup()) for value, text in titles.items()]


def _winners(comparison: Comparison) -> list[dict[str, Any]]:
    """The best of each spec as cards."""
    groups = []
    for subject in comparison.subjects:
        cards = [_card(best) for best in comparison.best if best.at.subject == subject]
        groups.append({"subject": subject if len(comparison.subjects) > 1 else "", "cards": cards})
    return groups


def _card(best: Best) -> dict[str, str]:
    figures = {
        "usd_month": (f"${usd(best.value)}", "a month"),
        "usd_hour": (f"${best.value:,.4f}", "an hour"),
        "share": (f"{best.value:.0%}", "of expected, low to high"),
    }
    figure, unit = figures[best.unit]
    where = f"{best.at.location}, {content.OPTION_TITLES[best.at.purchase_option]}"
    doubt = content.doubt(best).removeprefix(", ")
    return {
        "criterion": best.criterion,
        "figure": figure,
        "unit": unit,
        "where": f"{where} ({doubt})" if doubt else where,
    }


def _change(differences: Sequence[Difference]) -> dict[str, Any] | None:
    """The first difference in full, the others in a line each; None without any."""
    if not differences:
        return None
    found = differences[0]
    columns = (Column("component"), Column("before", True), Column("after", True), Column("change", True))
    components = [(c.component, usd(c.before.expected), usd(c.after.expected), signed(c.usd)) for c in found.components]
    lines = [content.change_cells(line) for line in found.lines]
    others = [content.elsewhere_cells(other) for other in differences[1:]]
    return {
        "title": f"From {content.between(found)}",
        "summary": content.difference_text(found),
        "components": _table("Expected dollars a month by component", columns, components),
        "lines": _table("Expected dollars a month by line", content.CHANGE_COLUMNS, lines) if lines else "",
        "elsewhere": _table("Expected dollars a month", content.ELSEWHERE_COLUMNS, others) if others else "",
    }


def _totals(comparison: Comparison, first: int, last: int | None) -> Markup:
    ranking = comparison.ranking[first:last]
    rows = [content.cells(row, comparison) for row in ranking]
    kinds = ["refused" if isinstance(row, Refused) else "" for row in ranking]
    return _table("US dollars a month", content.columns(comparison), rows, kinds)


def _table(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str]], kinds: Sequence[str] = ()) -> Markup:
    """A table whose roles stay what they are when a narrow screen shows its rows as blocks."""
    head = Markup("").join(
        Markup('<th scope="col" role="columnheader"{}>{}</th>').format(_number(column), safe(column.title))
        for column in columns
    )
    body = Markup("").join(
        Markup('<tr role="row"{}>{}</tr>').format(
            Markup(' class="{}"').format(kind) if kind else "", _cells(columns, row)
        )
        for row, kind in zip(rows, kinds or [""] * len(rows), strict=True)
    )
    return Markup(
        '<table role="table"><caption>{}</caption><thead role="rowgroup"><tr role="row">{}</tr></thead>'
        '<tbody role="rowgroup">{}</tbody></table>'
    ).format(safe(caption), head, body)


def _cells(columns: Sequence[Column], row: Sequence[str]) -> Markup:
    first = Markup('<th scope="row" role="rowheader">{}</th>').format(safe(row[0]))
    return first + Markup("").join(
        Markup('<td role="cell" class="{}" data-label="{}">{}</td>').format(
            _kind(column), safe(column.title), safe(cell)
        )
        if cell
        else Markup('<td role="cell"></td>')
        for column, cell in zip(columns[1:], row[1:], strict=True)
    )


def _kind(column: Column) -> str:
    """How a cell is set: figures, words in one line, or text."""
    return "number" if column.number else "wide" if column.title in _TEXTS else "plain"


def _number(column: Column) -> Markup:
    return Markup(' class="number"') if column.number else Markup()


def _lists(comparison: Comparison) -> list[dict[str, Any]]:
    lists = (
        ("refused", "Unavailable", content.refusals(comparison)),
        ("gaps", "Not in the totals, which are lower bounds there", content.gaps(comparison)),
    )
    return [{"id": id, "title": title, "entries": entries} for id, title, entries in lists if entries]
