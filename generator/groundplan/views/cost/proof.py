"""The worst month as an inequality: text, JSON and Markdown."""

from __future__ import annotations

from typing import Any

from groundplan.cost.proof import Open, Proof, Term
from groundplan.escaping import for_text
from groundplan.markdown import bullets, folded, heading, prose
from groundplan.quantities import HOURS_PER_MONTH, trimmed
from groundplan.views.tables import Column, bold, markdown_table, quantity, table, unit_price, usd

_COLUMNS = (
    Column("item"),
    Column("for"),
    Column("kept by"),
    Column("at most", number=True),
    Column("unit"),
    Column("$/unit", number=True),
    Column("$ a month", number=True),
)


def proof_text(proof: Proof, *, color: bool) -> str:
    """The terms, their sum against the limit, and what is open with the lines of the spec that would close it."""
    heading = f"The most that a month of {HOURS_PER_MONTH} hours can cost, in US dollars"
    rows = [_row(term) for term in sorted(proof.terms, key=lambda term: -term.usd)]
    footer = ("sum of the terms", *[""] * (len(_COLUMNS) - 2), usd(proof.most_usd))
    parts = [bold(heading, color=color) + "\n", table(_COLUMNS, rows, color=color, footer=footer), _verdict(proof)]
    if proof.open:
        parts.append(_open(proof))
    return "\n".join(parts)


def proof_markdown(proof: Proof) -> str:
    """The same as a comment on a pull request."""
    rows = [_row(term) for term in sorted(proof.terms, key=lambda term: -term.usd)]
    footer = ("sum of the terms", *[""] * (len(_COLUMNS) - 2), usd(proof.most_usd))
    parts = [
        heading(3, _verdict(proof).strip()),
        folded("Terms", markdown_table(_COLUMNS, [*rows, footer])),
        folded("Open", bullets(map(prose, map(_said, proof.open)))) if proof.open else "",
    ]
    return "\n".join(part for part in parts if part)


def _row(term: Term) -> tuple[str, ...]:
    most, price = quantity(term.quantity), unit_price(term.unit_usd)
    return term.item, term.path, term.why, most, term.unit, price, usd(term.usd)


def _verdict(proof: Proof) -> str:
    limit, most = usd(proof.limit_usd), usd(proof.most_usd)
    if proof.over_usd > 0:
        return f"Not within the budget: {most} > {limit}\n"
    if not proof.holds:
        return f"Not shown: {most} and what is open against {limit}\n"
    return f"Within the budget in every month: {most} <= {limit}\n"


def _open(proof: Proof) -> str:
    """What to add to the spec, with the highs that the estimate assumes."""
    lines = "".join(f"  {for_text(_said(one))}\n" for one in proof.open)
    bounds = ", ".join(f"{one.item}: {_number(one)}" for one in proof.open if one.priced and one.assumed is not None)
    words = "The highs that the estimate assumes, as bounds to look at and keep:\n"
    return f"Open:\n{lines}" + (f"{words}  {for_text(f'bounds: {{{bounds}}}')}\n" if bounds else "")


def _said(one: Open) -> str:
    where = ", ".join(one.paths)
    return f"{one.item} of {where}: {'nothing limits it' if one.priced else 'no price'}"


def _number(one: Open) -> str:
    return "" if one.assumed is None else trimmed(one.assumed, 3).replace(",", "")


def proof_json(proof: Proof) -> dict[str, Any]:
    """The same for other programs; money as numbers with cents."""
    return {
        "holds": proof.holds,
        "limit_usd": float(proof.limit_usd),
        "most_usd": float(proof.most_usd),
        "terms": [
            {
                "item": term.item,
                "path": term.path,
                "kept_by": term.why,
                "quantity": float(term.quantity),
                "unit": term.unit,
                "unit_usd": float(term.unit_usd),
                "usd": float(term.usd),
            }
            for term in proof.terms
        ],
        "open": [
            {
                "item": one.item,
                "unit": one.unit,
                "paths": list(one.paths),
                "priced": one.priced,
                "assumed": None if one.assumed is None else float(one.assumed),
            }
            for one in proof.open
        ],
        "too_low": [
            {"item": low.item, "unit": low.unit, "bound": float(low.bound), "expected": float(low.expected)}
            for low in proof.too_low
        ],
    }
