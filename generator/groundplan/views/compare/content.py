"""What every format of a comparison says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from groundplan.app.compare.model import (
    Best,
    Combination,
    Comparison,
    Difference,
    LineChange,
    Priced,
    PurchaseChoice,
    Refused,
    Row,
    Shape,
)
from groundplan.diagnostics import Diagnostic
from groundplan.quantities import CASES, HOURS_PER_MONTH, Band
from groundplan.views.tables import Column, signed, usd

OPTION_TITLES: Mapping[PurchaseChoice, str] = {
    "spec": "as specified",
    "on_demand": "on demand",
    "spot": "spot",
    "commit_1y": "1-year commitment",
    "commit_3y": "3-year commitment",
}
"""Titles of the purchase options."""


GENERAL = (
    f"List prices in US dollars, before tax, discounts and free tiers; a month is {HOURS_PER_MONTH} hours.",
    "Expected is the usage in the spec; low and high are the least and most it allows, at low and high spot prices.",
    "Machines are chosen for each location and purchase option: the lowest expected price that satisfies the spec.",
    "Within the uncertainty: at the expected usage, spot prices move by more than what two totals differ by.",
    "A commitment is billed for every hour of its term, used or not; upfront payments are amortized over the term.",
    "The cluster's own system nodes never run on spot.",
    "$/GPU-hour and $/vCPU-hour cover machines only, without disks, network and the fixed floor.",
)
"""What holds for every figure."""


MOST_LINES = 12
"""Changed lines that text and Markdown show of each difference; the other formats show all."""


def headline(comparison: Comparison) -> str:
    """What is compared, and how old the prices are."""
    old = staleness(comparison)
    dated = f"{dates(comparison)}, {old}" if old else dates(comparison)
    return f"{comparison.title}: {axes(comparison)}; US dollars a month, {dated}"


def axes(comparison: Comparison) -> str:
    """How many specs, clouds, regions and purchase options there are."""
    counts = (
        (len(comparison.subjects), "spec"),
        (len({location.cloud for location in comparison.locations}), "cloud"),
        (len(comparison.locations), "region"),
        (len(comparison.purchase_options), "purchase option"),
    )
    return ", ".join(_counted(count, noun) for count, noun in counts if count > 1 or noun == "region")


def dates(comparison: Comparison) -> str:
    """Of which days the prices are."""
    age = comparison.age
    if age is None:
        return "no prices available"
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
            words += f" {_lead(best)}: {_title(best.at)}, ${usd(best.value)}: {share} less{doubt(best)}."
        found.append(words)
    return found


def _lead(best: Best) -> str:
    """What the best may be called: the cheapest only where no price can turn the order around."""
    return "Lowest expected" if best.rivals else "Cheapest"


def doubt(best: Best) -> str:
    """How many others the best is within the uncertainty of."""
    return f", within the uncertainty of spot prices with {_counted(len(best.rivals), 'other')}" if best.rivals else ""


def where(at: Combination, comparison: Comparison) -> str:
    """The combination in words, with the spec's name where there are several."""
    return f"{at.subject}: {_title(at)}" if len(comparison.subjects) > 1 else _title(at)


def _title(at: Combination) -> str:
    return f"{at.location}, {OPTION_TITLES[at.purchase_option]}"


def best_text(best: Best) -> str:
    """The figure, with its location and purchase option."""
    figures = {
        "usd_month": f"${usd(best.value)} a month",
        "usd_hour": f"${best.value:,.4f}",
        "share": f"low to high spans {best.value:.0%} of expected",
    }
    return f"{figures[best.unit]}: {_title(best.at)}{doubt(best)}"


def reason(row: Refused) -> str:
    """Why a combination is unavailable, without what stands in brackets; `refusals` has all of it."""
    return "; ".join(dict.fromkeys(diagnostic.message.partition(" (")[0] for diagnostic in row.reasons))


def refusals(comparison: Comparison) -> list[str]:
    """Each reason once, after the locations and purchase options that it makes unavailable."""
    found: dict[str, list[str]] = {}
    for row in comparison.refused:
        for diagnostic in row.reasons:
            found.setdefault(_advice(diagnostic), []).append(where(row.at, comparison))
    return [f"{_several(list(dict.fromkeys(places)))}: {why}" for why, places in found.items()]


def gaps(comparison: Comparison) -> list[str]:
    """What has no price or no usage stated, by location."""
    found: dict[str, dict[str, None]] = {}
    for row in comparison.priced:
        unstated = [f"{item.item} of {item.path} (usage not stated)" for item in row.unstated]
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
    return f"{count} {noun}{'' if count == 1 else 's'}"


def columns(comparison: Comparison) -> tuple[Column, ...]:
    """The columns of the table of totals; rates only where something has one."""
    spec = (Column("spec"),) if len(comparison.subjects) > 1 else ()
    priced = comparison.priced
    gpu = (Column("$/GPU-h", number=True),) if any(row.report.usd_per_gpu_hour for row in priced) else ()
    cpu = (Column("$/vCPU-h", number=True),) if any(row.report.usd_per_vcpu_hour for row in priced) else ()
    return (
        *spec,
        Column("location"),
        Column("purchase option"),
        Column("low", number=True),
        Column("expected", number=True),
        Column("high", number=True),
        Column("floor", number=True),
        *gpu,
        *cpu,
        Column("note"),
    )


def cells(row: Row, comparison: Comparison) -> tuple[str, ...]:
    """A row of the table of totals; an unavailable one has the reason and no figure."""
    titles = [column.title for column in columns(comparison)]
    known = {
        "spec": row.at.subject,
        "location": str(row.at.location),
        "purchase option": OPTION_TITLES[row.at.purchase_option],
    }
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
        words.append(f"at least: usage of {_counted(len(row.unstated), 'item')} not stated")
    if row.uncommitted:
        words.append("no pool is worth a commitment")
    if row.report.budget and row.report.budget.exceeded:
        words.append(f"{usd(row.report.budget.over_usd)} over budget")
    elif row.report.budget and not row.report.budget.holds:
        words.append("budget not shown to hold")
    return "; ".join(words)


def _per_hour(rate: Band | None) -> str:
    return f"{rate.expected:,.4f}" if rate else ""


def best_table(comparison: Comparison) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """A row for each criterion, a column for each spec."""
    found = {(best.criterion, best.at.subject): best_text(best) for best in comparison.best}
    specs = comparison.subjects
    columns = (Column("criterion"), *(Column(spec if len(specs) > 1 else "best") for spec in specs))
    criteria = dict.fromkeys(best.criterion for best in comparison.best)
    return columns, [(name, *(found.get((name, spec), "") for spec in specs)) for name in criteria]


def shape_table(comparison: Comparison) -> tuple[tuple[Column, ...], list[tuple[str, ...]]]:
    """A row for each pool and machine, with its on-demand price and the regions where it is chosen."""
    found: dict[tuple[str, str, str, str], dict[str, Decimal | None]] = {}
    for row in comparison.priced:
        for shape in row.shapes:
            key = (shape.pool, row.at.location.cloud_title, shape.instance_type, shape_text(shape))
            rate = shape.rates.get("on_demand")
            found.setdefault(key, {})[row.at.location.region] = rate.expected if rate else None
    columns = (
        Column("pool"),
        Column("cloud"),
        Column("machine"),
        Column("size"),
        Column("on demand $/h", number=True),
        Column("chosen in"),
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


def shape_text(shape: Shape) -> str:
    """What a machine has."""
    gpu = f", {shape.gpu_count} x {shape.gpu_type} of {shape.gpu_memory_gib} GiB" if shape.gpu_type else ""
    return f"{shape.vcpus} vCPUs, {shape.memory_gib.normalize():f} GiB{gpu}"


def difference_text(found: Difference) -> str:
    """The change of the total in one line."""
    return (
        f"{found.after.location}, {OPTION_TITLES[found.after.purchase_option]}: {usd(found.total_before.expected)} to "
        f"{usd(found.total_after.expected)} expected, {signed(found.usd)}"
    )


def between(found: Difference) -> str:
    """Which spec is held against which."""
    return f"{found.before.subject} to {found.after.subject}"


CHANGE_COLUMNS = (
    Column("component"),
    Column("for"),
    Column("item"),
    Column("before", number=True),
    Column("after", number=True),
    Column("change", number=True),
    Column("reason"),
)


ELSEWHERE_COLUMNS = (
    Column("location"),
    Column("purchase option"),
    Column("specs"),
    Column("before", number=True),
    Column("after", number=True),
    Column("change", number=True),
)


def elsewhere_cells(found: Difference) -> tuple[str, ...]:
    """A row of the table of the same change elsewhere."""
    figures = usd(found.total_before.expected), usd(found.total_after.expected), signed(found.usd)
    return str(found.after.location), OPTION_TITLES[found.after.purchase_option], between(found), *figures


def further(found: Difference) -> list[str]:
    """How many changed lines are not shown, and what is new and has no price."""
    more = len(found.lines) - MOST_LINES
    words = [f"{_counted(more, 'smaller change')} not shown"] if more > 0 else []
    return [*words, *(f"New, and not in the total: {item}" for item in found.newly_unpriced)]


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
