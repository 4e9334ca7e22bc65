"""A comparison as text, JSON, CSV and Markdown; the page is in `groundplan.views.compare_html`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from groundplan.app.compare.model import (
    Best,
    Capacity,
    Combination,
    Comparison,
    Difference,
    LineChange,
    Priced,
    Refused,
    Row,
    Shape,
)
from groundplan.diagnostics import Diagnostic
from groundplan.quantities import CASES, HOURS_PER_MONTH, Band
from groundplan.views.cost import KINDS
from groundplan.views.tables import Column, bold, numbers, table, usd

WAYS: Mapping[Capacity, str] = {
    "spec": "as the spec says",
    "on_demand": "on demand",
    "spot": "spot",
    "commit_1y": "1-year commitment",
    "commit_3y": "3-year commitment",
}
"""Ways of paying, in words."""

GENERAL = (
    "List prices in US dollars, without tax, discounts and free amounts; a month is 730 hours.",
    "Expected is what the spec says runs; low and high are the least and the most it allows, at spot's low and high.",
    "Machines are chosen anew for each place and way of paying, the cheapest that satisfies the spec.",
    "A commitment is due in every hour of its term, used or not; upfront payments are spread over the term.",
    "The nodes the cluster itself needs are never bought as spot.",
    "$/GPU-hour and $/vCPU-hour are the machines alone: without disks, network and the fixed floor.",
)
"""What holds for every figure."""

MOST_ROWS = 60
"""Rows of a table that a comment on a pull request holds."""
MOST_LINES = 12
"""Changed lines that text and Markdown show of each difference; the other formats show all."""


def text(comparison: Comparison, *, color: bool) -> str:
    """Totals, the best by each criterion, machines side by side, differences, and what the figures rest on."""
    parts = [
        bold(heading(comparison), color=color) + "\n",
        _listed("", answers(comparison)),
        _totals(comparison, color),
        _best(comparison, color),
        _shapes(comparison, color),
        _differences(comparison.differences, color),
        _listed("Cannot be had:", refusals(comparison)),
        _listed("Without a figure, so the total is at least that:", gaps(comparison)),
        _listed("What the figures rest on:", GENERAL),
    ]
    return "\n".join(part for part in parts if part)


def markdown(comparison: Comparison) -> str:
    """The same for a comment on a pull request: what must be seen first, the rest folded."""
    parts = [
        f"### {_escaped(heading(comparison))}\n",
        _differences_markdown(comparison.differences),
        _bullets(map(_escaped, answers(comparison))),
        _markdown_table(*best_table(comparison)),
        _markdown_table(columns(comparison), [cells(row, comparison) for row in comparison.ranking[:MOST_ROWS]]),
        _more(len(comparison.rows)),
        _folded("Machines", _markdown_table(*shape_table(comparison))),
        _folded("Cannot be had", _bullets(map(_escaped, refusals(comparison)))),
        _folded("Without a figure", _bullets(map(_escaped, gaps(comparison)))),
        _folded("What the figures rest on", _bullets(map(_escaped, [*GENERAL, *assumptions(comparison)]))),
    ]
    return "\n".join(part for part in parts if part)


def as_csv(comparison: Comparison) -> str:
    """A row for each combination; cells of what has no figure are empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_CSV)
    for row in comparison.rows:
        at = row.at
        where = [_inert(at.subject), at.location.cloud, at.location.region, at.capacity]
        if isinstance(row, Refused):
            writer.writerow(
                [
                    *where,
                    "no",
                    *[""] * (len(_CSV) - 6),
                    _inert("; ".join(dict.fromkeys(d.message for d in row.reasons))),
                ]
            )
            continue
        report = row.report
        figures: list[Any] = [*report.total.cases]
        figures += [report.total_of(kind).expected for kind in KINDS]
        figures += [*_rate(report.usd_per_gpu_hour), *_rate(report.usd_per_vcpu_hour)]
        figures += [report.gpu_hours.expected, report.vcpu_hours.expected]
        machines = " ".join(f"{shape.pool}={shape.instance_type}" for shape in row.shapes)
        dates = [report.as_of.isoformat(), report.newest.isoformat()]
        writer.writerow([*where, "yes", *figures, _inert(machines), " ".join(row.missing), *dates, ""])
    return stream.getvalue()


_CSV = (
    *("spec", "cloud", "region", "capacity", "available"),
    *("low_usd", "expected_usd", "high_usd"),
    *(f"{kind}_expected_usd" for kind in KINDS),
    *("gpu_hour_low_usd", "gpu_hour_expected_usd", "gpu_hour_high_usd"),
    *("vcpu_hour_low_usd", "vcpu_hour_expected_usd", "vcpu_hour_high_usd"),
    *("gpu_hours", "vcpu_hours", "machines", "without_price", "oldest_price", "newest_price", "reason"),
)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON, rows in the order asked for; money as numbers."""
    age = comparison.age
    return {
        "currency": "USD",
        "hours_per_month": int(HOURS_PER_MONTH),
        "as_of": age.oldest.isoformat() if age else None,
        "newest_price": age.newest.isoformat() if age else None,
        "today": age.today.isoformat() if age else None,
        "stale_prices": age.stale if age else 0,
        "title": comparison.title,
        "specs": list(comparison.subjects),
        "homes": [{"cloud": cloud, "region": region} for cloud, region in comparison.homes],
        "places": [
            {
                "cloud": location.cloud,
                "region": location.region,
                "cloud_title": location.cloud_title,
                "region_title": location.region_title,
            }
            for location in comparison.locations
        ],
        "capacities": list(comparison.capacities),
        "combinations": [_row_json(row) for row in comparison.rows],
        "best": [
            {"criterion": best.criterion, "unit": best.unit, "value": float(best.value), **_at(best.at)}
            for best in comparison.best
        ],
        "differences": [_difference_json(found) for found in comparison.differences],
        "assumptions": [*GENERAL, *assumptions(comparison)],
    }


def heading(comparison: Comparison) -> str:
    """What is compared, and how old the prices are."""
    old = staleness(comparison)
    dated = f"{dates(comparison)}, {old}" if old else dates(comparison)
    return f"{comparison.title}: {axes(comparison)}; US dollars a month, {dated}"


def axes(comparison: Comparison) -> str:
    """How many specs, clouds, regions and ways of paying there are."""
    counts = (
        (len(comparison.subjects), "spec"),
        (len({location.cloud for location in comparison.locations}), "cloud"),
        (len(comparison.locations), "region"),
        (len(comparison.capacities), "way of paying"),
    )
    return ", ".join(_counted(count, noun) for count, noun in counts if count > 1 or noun == "region")


def dates(comparison: Comparison) -> str:
    """Of which days the prices are."""
    age = comparison.age
    if age is None:
        return "nothing has a price"
    return f"list prices of {age.oldest}" + (f" to {age.newest}" if age.newest != age.oldest else "")


def staleness(comparison: Comparison) -> str:
    """How many of the prices are old; empty when none is."""
    age = comparison.age
    return f"{age.stale} of {age.prices} older than a year" if age and age.stale else ""


def answers(comparison: Comparison) -> list[str]:
    """For each spec: what it costs as it stands, and what the cheapest choice would change about that."""
    found = []
    for subject in comparison.subjects:
        now = comparison.as_it_stands(subject)
        best = next((best for best in comparison.best if best.at.subject == subject), None)
        if now is None or best is None:
            continue
        total = now.report.total
        name = f"{subject} as it stands" if len(comparison.subjects) > 1 else "As it stands"
        figures = f"${usd(total.expected)} a month expected, {usd(total.low)} to {usd(total.high)}"
        words = f"{name} ({now.at.location}): {figures}."
        saved = total.expected - best.value
        if best.at != now.at and saved > 0 and not now.missing:
            share = f"{saved / total.expected:.0%}"
            words += f" Cheapest: {best.at.location}, {WAYS[best.at.capacity]}, ${usd(best.value)}: {share} less."
        found.append(words)
    return found


def where(at: Combination, comparison: Comparison) -> str:
    """The combination in words, with the spec's name where there are several."""
    words = f"{at.location}, {WAYS[at.capacity]}"
    return f"{at.subject}: {words}" if len(comparison.subjects) > 1 else words


def best_words(best: Best) -> str:
    """The figure, and the place and way of paying it belongs to."""
    figures = {
        "usd_month": f"${usd(best.value)} a month",
        "usd_hour": f"${best.value:,.4f}",
        "share": f"low to high is {best.value:.0%} of expected",
    }
    return f"{figures[best.unit]}: {best.at.location}, {WAYS[best.at.capacity]}"


def reason(row: Refused) -> str:
    """Why a combination cannot be had, without what stands in brackets; `refusals` says all of it."""
    return "; ".join(dict.fromkeys(diagnostic.message.partition(" (")[0] for diagnostic in row.reasons))


def refusals(comparison: Comparison) -> list[str]:
    """Each reason once, after the places and ways of paying that it keeps from being had."""
    found: dict[str, list[str]] = {}
    for row in comparison.refused:
        for diagnostic in row.reasons:
            found.setdefault(_advice(diagnostic), []).append(where(row.at, comparison))
    return [f"{_several(list(dict.fromkeys(places)))}: {why}" for why, places in found.items()]


def gaps(comparison: Comparison) -> list[str]:
    """What has no price or no use stated, place by place."""
    found: dict[str, dict[str, None]] = {}
    for row in comparison.priced:
        unstated = [f"{item.item} of {item.path} (use not stated)" for item in row.unstated]
        if items := [*row.missing, *dict.fromkeys(unstated)]:
            found.setdefault(", ".join(items), {}).setdefault(str(row.at.location))
    return [f"{', '.join(places)}: {items}" for items, places in found.items()]


def assumptions(comparison: Comparison) -> list[str]:
    """What each part of the specs is assumed to use, once."""
    words: dict[str, None] = {}
    for row in comparison.priced:
        for line in row.report.lines:
            words.setdefault(f"{line.path}: {line.assumption}")
    return list(words)


def _advice(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.message} ({diagnostic.hint})" if diagnostic.hint else diagnostic.message


def _several(places: Sequence[str]) -> str:
    shown = 3
    more = len(places) - shown
    return "; ".join(places[:shown]) + (f" and {more} more" if more > 0 else "")


def _counted(count: int, noun: str) -> str:
    plural = "ways of paying" if noun == "way of paying" else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"


def columns(comparison: Comparison) -> tuple[Column, ...]:
    """The columns of the table of totals; rates only where something has one."""
    spec = (Column("spec"),) if len(comparison.subjects) > 1 else ()
    priced = comparison.priced
    gpu = (Column("$/GPU-h", number=True),) if any(row.report.usd_per_gpu_hour for row in priced) else ()
    cpu = (Column("$/vCPU-h", number=True),) if any(row.report.usd_per_vcpu_hour for row in priced) else ()
    return (
        *spec,
        Column("place"),
        Column("way of paying"),
        Column("low", number=True),
        Column("expected", number=True),
        Column("high", number=True),
        Column("floor", number=True),
        *gpu,
        *cpu,
        Column("note"),
    )


def cells(row: Row, comparison: Comparison) -> tuple[str, ...]:
    """A row of the table of totals; what cannot be had has the reason and no figure."""
    titles = [column.title for column in columns(comparison)]
    known = {"spec": row.at.subject, "place": str(row.at.location), "way of paying": WAYS[row.at.capacity]}
    if isinstance(row, Refused):
        known["note"] = reason(row)
    else:
        report = row.report
        known |= dict(zip(CASES, map(usd, report.total.cases), strict=True))
        known["floor"] = usd(report.total_of("fixed").expected)
        known["$/GPU-h"] = _per_hour(report.usd_per_gpu_hour)
        known["$/vCPU-h"] = _per_hour(report.usd_per_vcpu_hour)
        known["note"] = note(row)
    return tuple(known.get(title, "") for title in titles)


def note(row: Priced) -> str:
    """What the reader of a total must know."""
    words = []
    if row.missing:
        words.append(f"at least: {_counted(len(row.missing), 'item')} without a price")
    if row.unstated:
        words.append(f"at least: use of {_counted(len(row.unstated), 'item')} not stated")
    if row.uncommitted:
        words.append("no pool is worth committing to")
    if row.report.budget and row.report.budget.exceeded:
        words.append(f"{usd(row.report.budget.over_usd)} over budget")
    return "; ".join(words)


def _per_hour(rate: Band | None) -> str:
    return f"{rate.expected:,.4f}" if rate else ""


def _totals(comparison: Comparison, color: bool) -> str:
    rows = [cells(row, comparison) for row in comparison.ranking]
    return table(columns(comparison), rows, color=color)


def _best(comparison: Comparison, color: bool) -> str:
    columns, rows = best_table(comparison)
    return table(columns, rows, color=color) if rows else ""


def best_table(comparison: Comparison) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """A row for each criterion, a column for each spec."""
    found = {(best.criterion, best.at.subject): best_words(best) for best in comparison.best}
    specs = comparison.subjects
    columns = (Column("best"), *(Column(spec if len(specs) > 1 else "is") for spec in specs))
    criteria = dict.fromkeys(best.criterion for best in comparison.best)
    return columns, [(name, *(found.get((name, spec), "") for spec in specs)) for name in criteria]


def _shapes(comparison: Comparison, color: bool) -> str:
    columns, rows = shape_table(comparison)
    return table(columns, rows, color=color) if rows else ""


def shape_table(comparison: Comparison) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """A row for each pool and machine, with its price on demand and the regions that take it."""
    found: dict[tuple[str, str, str, str], dict[str, Decimal | None]] = {}
    for row in comparison.priced:
        for shape in row.shapes:
            key = (shape.pool, row.at.location.cloud_title, shape.instance_type, shape_words(shape))
            rate = shape.rates.get("on_demand")
            found.setdefault(key, {})[row.at.location.region] = rate.expected if rate else None
    columns = (
        Column("pool"),
        Column("cloud"),
        Column("machine"),
        Column("is"),
        Column("on demand $/h", number=True),
        Column("taken in"),
    )
    pools = list(dict.fromkeys(pool for pool, *_ in found))
    keys = sorted(found, key=lambda key: (pools.index(key[0]), key[1:]))
    return columns, [(*key, _range(found[key].values()), ", ".join(found[key])) for key in keys]


def _range(rates: Iterable[Decimal | None]) -> str:
    known = [rate for rate in rates if rate is not None]
    if not known:
        return ""
    least, most = f"{min(known):,.4f}", f"{max(known):,.4f}"
    return least if least == most else f"{least} to {most}"


def shape_words(shape: Shape) -> str:
    """What a machine has."""
    gpu = f", {shape.gpu_count} x {shape.gpu_type} of {shape.gpu_memory_gib} GiB" if shape.gpu_type else ""
    return f"{shape.vcpus} vCPUs, {shape.memory_gib.normalize():f} GiB{gpu}"


def difference_words(found: Difference) -> str:
    """The change of the total in one line."""
    return (
        f"{found.after.location}, {WAYS[found.after.capacity]}: {usd(found.total_before.expected)} to "
        f"{usd(found.total_after.expected)} expected, {signed(found.usd)}"
    )


def between(found: Difference) -> str:
    """Which spec is held against which."""
    return f"{found.before.subject} to {found.after.subject}"


def signed(amount: Decimal) -> str:
    """Dollars with a sign."""
    return f"{'+' if amount > 0 else '-' if amount < 0 else ''}${usd(abs(amount))}"


CHANGE_COLUMNS = (
    Column("component"),
    Column("for"),
    Column("item"),
    Column("before", number=True),
    Column("after", number=True),
    Column("change", number=True),
    Column("because"),
)


def _difference(found: Difference, color: bool) -> str:
    title = bold(f"{between(found)}: {difference_words(found)}", color=color)
    if not found.lines:
        return f"{title}\n"
    components = ", ".join(f"{change.component} {signed(change.usd)}" for change in found.components)
    rows = [change_cells(line) for line in found.lines[:MOST_LINES]]
    footer = ("all", "", "", usd(found.total_before.expected), usd(found.total_after.expected), signed(found.usd), "")
    return f"{title}\n{components}\n\n{table(CHANGE_COLUMNS, rows, color=color, footer=footer)}{_further(found)}"


def _differences(differences: Sequence[Difference], color: bool) -> str:
    """The first difference in full, the same change elsewhere in a line each."""
    full = [_difference(found, color) for found in differences[:1]]
    others = [elsewhere_cells(found) for found in differences[1:]]
    return "\n".join([*full, *([table(ELSEWHERE_COLUMNS, others, color=color)] if others else [])])


ELSEWHERE_COLUMNS = (
    Column("change elsewhere"),
    Column("way of paying"),
    Column("specs"),
    Column("before", number=True),
    Column("after", number=True),
    Column("change", number=True),
)


def elsewhere_cells(found: Difference) -> tuple[str, ...]:
    """A row of the table of the same change elsewhere."""
    figures = usd(found.total_before.expected), usd(found.total_after.expected), signed(found.usd)
    return str(found.after.location), WAYS[found.after.capacity], between(found), *figures


def _differences_markdown(differences: Sequence[Difference]) -> str:
    full = [_difference_markdown(found) for found in differences[:1]]
    others = [elsewhere_cells(found) for found in differences[1:]]
    body = _markdown_table(ELSEWHERE_COLUMNS, others[:MOST_ROWS]) + _more(len(others))
    rest = _folded("The change elsewhere", body) if others else ""
    return "\n".join([*full, rest])


def _more(count: int) -> str:
    """How many rows a comment leaves out; forges take 65,536 characters."""
    return f"\n{count - MOST_ROWS} more: `--format csv`\n" if count > MOST_ROWS else ""


def _further(found: Difference) -> str:
    more = len(found.lines) - MOST_LINES
    words = f"{_counted(more, 'smaller change')} not shown\n" if more > 0 else ""
    return words + "".join(f"Without a figure, and new: {item}\n" for item in found.newly_unpriced)


def change_cells(line: LineChange) -> tuple[str, ...]:
    """A row of a table of changed lines."""
    return (
        line.component,
        line.path,
        change_item(line),
        usd(line.before.expected),
        usd(line.after.expected),
        signed(line.usd),
        f"{line.change}: {line.detail}",
    )


def change_item(line: LineChange) -> str:
    """The item, or what took the place of what."""
    if line.item_before and line.item_after and line.item_before != line.item_after:
        return f"{line.item_before} to {line.item_after}"
    return line.item_after or line.item_before


def _difference_markdown(found: Difference) -> str:
    title = f"**{_escaped(between(found))}**: {_escaped(difference_words(found))}\n"
    if not found.lines:
        return title
    components = (Column("component"), Column("before", True), Column("after", True), Column("change", True))
    rows = [(c.component, usd(c.before.expected), usd(c.after.expected), signed(c.usd)) for c in found.components]
    lines = _markdown_table(CHANGE_COLUMNS, [change_cells(line) for line in found.lines[:MOST_LINES]])
    return f"{title}\n{_markdown_table(components, rows)}\n{_folded('What drives it', lines + _further(found))}"


def _listed(title: str, items: Sequence[str]) -> str:
    indented = [f"  {item}" for item in items] if title else items
    return "\n".join([*filter(None, [title]), *indented]) + "\n" if items else ""


def _markdown_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    head = "| " + " | ".join(_escaped(column.title) for column in columns) + " |"
    rule = "|" + "|".join(" ---: " if column.number else " --- " for column in columns) + "|"
    body = ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in rows]
    return "\n".join([head, rule, *body]) + "\n"


_MARKUP = str.maketrans(
    {
        **{character: f"\\{character}" for character in "\\`*_[]|~#$"},
        **{"<": "&lt;", ">": "&gt;", "&": "&amp;", "\n": " ", "\r": " ", "@": "@\u2060"},
    }
)


def _escaped(text: str) -> str:
    """Text that Markdown takes as text; nobody is mentioned by an @."""
    return text.translate(_MARKUP)


def _bullets(items: Iterable[str]) -> str:
    return "".join(f"- {item}\n" for item in items)


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n</details>\n" if body else ""


def _inert(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/CSV_Injection)."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _rate(rate: Band | None) -> tuple[Any, Any, Any]:
    return rate.cases if rate else ("", "", "")


def _at(at: Combination) -> dict[str, str]:
    return {"spec": at.subject, "cloud": at.location.cloud, "region": at.location.region, "capacity": at.capacity}


def _row_json(row: Row) -> dict[str, Any]:
    if isinstance(row, Refused):
        reasons = [{"code": d.code, "message": d.message, "hint": d.hint, "path": d.path} for d in row.reasons]
        return {**_at(row.at), "available": False, "reasons": reasons}
    report = row.report
    gpu, cpu = report.usd_per_gpu_hour, report.usd_per_vcpu_hour
    return {
        **_at(row.at),
        "available": True,
        "total": numbers(report.total),
        "totals": {kind: numbers(report.total_of(kind)) for kind in KINDS},
        "components": {
            name: {kind: numbers(band) for kind, band in kinds.items()}
            for name, kinds in row.components_by_kind().items()
        },
        "usd_per_gpu_hour": numbers(gpu) if gpu else None,
        "usd_per_vcpu_hour": numbers(cpu) if cpu else None,
        "gpu_hours": float(report.gpu_hours.expected),
        "vcpu_hours": float(report.vcpu_hours.expected),
        "complete": report.complete,
        "uncommitted": row.uncommitted,
        "without_price": list(row.missing),
        "unpriced": [{"item": u.item, "path": u.path, "reason": u.reason, "hint": u.hint} for u in report.unpriced],
        "over_budget_usd": float(report.budget.over_usd) if report.budget else None,
        "machines": [_shape_json(shape) for shape in row.shapes],
        "as_of": report.as_of.isoformat(),
        "newest_price": report.newest.isoformat(),
    }


def _shape_json(shape: Shape) -> dict[str, Any]:
    return {
        "pool": shape.pool,
        "path": shape.path,
        "instance_type": shape.instance_type,
        "vcpus": shape.vcpus,
        "memory_gib": float(shape.memory_gib),
        "gpu_type": shape.gpu_type,
        "gpu_count": shape.gpu_count,
        "gpu_memory_gib": shape.gpu_memory_gib,
        "usd_per_hour": {option: numbers(rate) for option, rate in shape.rates.items()},
        "asked_for": shape.works,
    }


def _difference_json(found: Difference) -> dict[str, Any]:
    return {
        "before": _at(found.before),
        "after": _at(found.after),
        "total_before": numbers(found.total_before),
        "total_after": numbers(found.total_after),
        "change_usd": float(found.usd),
        "components": [
            {
                "component": change.component,
                "before": numbers(change.before),
                "after": numbers(change.after),
                "change_usd": float(change.usd),
            }
            for change in found.components
        ],
        "lines": [
            {
                "component": line.component,
                "path": line.path,
                "item_before": line.item_before or None,
                "item_after": line.item_after or None,
                "before": numbers(line.before),
                "after": numbers(line.after),
                "change_usd": float(line.usd),
                "change": line.change,
                "because": line.detail,
            }
            for line in found.lines
        ],
        "newly_unpriced": list(found.newly_unpriced),
    }
