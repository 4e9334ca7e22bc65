"""Every view of every command, with hostile words in every text of its result."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from groundplan.app.build import Build
from groundplan.app.cost import Advice
from groundplan.app.price_changes import Difference, Side, SpecChange, Verdict
from groundplan.app.refresh import Refreshed
from groundplan.cli.common import Outcome, as_json, show
from groundplan.cost.hints import Hint
from groundplan.cost.plan import PlanReport, difference
from groundplan.cost.report import Budget
from groundplan.diagnostics import Diagnostic, Place, Severity, Snippet
from groundplan.environment.write import Changes
from groundplan.preflight.model import Report, Requirement, missing, unknown
from groundplan.prices import changes as prices_changes
from groundplan.prices.age import Age
from groundplan.prices.book import Price
from groundplan.prices.fresh import Fresh, FreshPrice, Unmapped
from groundplan.prices.integrity import Checked
from groundplan.prices.query import Quote
from groundplan.quantities import Band
from groundplan.stack.model import Alternative, Decision, Origin
from groundplan.terraform.results import RehearsalResult
from groundplan.views import (
    build,
    changes,
    check,
    compare,
    cost,
    parity,
    plan_change,
    preflight,
    price_changes,
    prices,
    rehearsal,
    stack,
)
from groundplan.views import (
    change as change_view,
)
from groundplan.views.compare.html import page
from groundplan.views.console import Console
from tests.unit.app.compare.samples import sample, two
from tests.unit.app.parity.sides import laid_out, pools
from tests.unit.change.samples import UPGRADE
from tests.unit.change.samples import sample as rehearsed
from tests.unit.check.test_views import REPORT
from tests.unit.hostile import COMMANDS, CONTROLS, FORMULAS, MARKUPS, assert_harmless, poisoned, texts
from tests.unit.preflight.aws_needs import NEEDS

TODAY = date(2026, 11, 29)
KEPT = frozenset({"stack", "unit", "code", "check_id"})
"""Fields by which one thing finds another, or that are compared with words of ours."""
FOUND = Diagnostic(
    "GP504", "message", hint="hint", place=Place("file", 3), snippet=Snippet("  snippet", 4), address="a.b", path="c.d"
)
DECISION = Decision("a.b", "c", Origin.CATALOG, "why", (Alternative("d", "because it is longer", Decimal(1)),))
AGE = Age(TODAY, TODAY, TODAY, 1, 0)
PRICE = Price("g6.xlarge", "us-east-1", "on_demand", "hour", *[Decimal("0.6")] * 3, (), TODAY, "list")
QUOTE = Quote("aws", "g6.xlarge", "us-east-1", "on_demand", "hour", offered=True, price=PRICE, reason=None)
UNPRICED = Quote("aws", "g6.xlarge", "us-east-1", "spot", "hour", offered=False, price=None, reason="why")


def poison(value: Any, text: str) -> Any:
    return poisoned(value, text, KEPT)


def found(text: str) -> Diagnostic:
    return cast(Diagnostic, poisoned(FOUND, text, frozenset({"code"})))


@pytest.fixture(autouse=True)
def short_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page with a library of one line: the real one is our own and long."""
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda _: "library();")


Made = Callable[[str, bool], Outcome]


def of_check(text: str, color: bool) -> Outcome:
    report = poison(REPORT, text)
    return Outcome(
        text=check.text(report, color),
        data=check.to_json(report),
        documents={
            "sarif": lambda: json.dumps(check.sarif(report, report), indent=2),
            "junit": lambda: check.junit(report, report),
            "markdown": lambda: check.markdown(report),
        },
    )


def of_compare(text: str, color: bool) -> Outcome:
    comparison = poison(two() if len(text) % 2 else sample(), text)
    return Outcome(
        text=compare.text(comparison, color=color),
        data=compare.as_json(comparison),
        documents={
            "csv": lambda: compare.as_csv(comparison),
            "markdown": lambda: compare.markdown(comparison),
            "html": lambda: page(comparison),
        },
    )


def of_parity(text: str, color: bool) -> Outcome:
    report = poisoned(sides(), text, KEPT | {"cloud"})
    return Outcome(
        text=parity.text(report, color=color),
        data=parity.as_json(report),
        diagnostics=[found(text)],
        documents={"markdown": lambda: parity.markdown(report)},
    )


@cache
def sides() -> Any:
    return laid_out(pools())


def of_preflight(text: str, color: bool) -> Outcome:
    bucket = Requirement("bucket", "name", "code", "where", "path")
    quota = Requirement("quota", "name", "code", "where", "path", "service", "unit").counted(2, 1, "because")
    findings = (missing(bucket, "reason"), unknown(quota, "reason"))
    report = poisoned(Report(NEEDS, "aws", (bucket, quota), findings, identity="me"), text, frozenset({"kind"}))
    return Outcome(
        text=preflight.text(report, color=color),
        data=preflight.as_json(report),
        documents={"markdown": lambda: preflight.markdown(report)},
    )


def of_cost(text: str, color: bool) -> Outcome:
    priced = next(row.report for row in sample().priced if row.report.lines)
    report = poison(priced, text)
    budget = Budget(Decimal(10), Decimal(15), Decimal(0), (text,), (text,), part=text)
    report = poisoned_with(report, part_budgets=(budget,))
    hint = Hint("GP704", f"message {text}", Decimal(3), f"path {text}", f"change {text}")
    advice = [Advice(hint, Place(text, 3))]
    return Outcome(
        text=cost.text(report, color=color, advice=advice),
        data=cost.as_json(report, advice),
        documents={"markdown": lambda: cost.markdown(report)},
    )


def poisoned_with(report: Any, **changed: Any) -> Any:
    from dataclasses import replace

    return replace(report, **changed)


def of_plan(text: str, color: bool) -> Outcome:
    report = next(row.report for row in sample().priced if row.missing)
    plan = poison(PlanReport(report, {"aws_vpc.a": "aws_vpc"}, ("aws_vpc.a",)), text)
    return Outcome(
        text=cost.plan_text(plan, color=color),
        data=cost.plan_json(plan),
        documents={"markdown": lambda: cost.plan_markdown(plan)},
    )


def of_plan_change(text: str, color: bool) -> Outcome:
    report = next(row.report for row in sample().priced if row.missing)
    types = {one.address: one.component for one in (*report.lines, *report.unpriced)}
    after = PlanReport(report, types, ())
    before = PlanReport(poisoned_with(report, lines=report.lines[1:], unpriced=report.unpriced[1:]), types, ())
    change = poison(difference(before, after, "plan.json", {}), text)
    return Outcome(
        text=plan_change.text(change, color=color),
        data=plan_change.as_json(change),
        documents={"markdown": lambda: plan_change.markdown(change)},
    )


def of_prices(text: str, color: bool) -> Outcome:
    quotes = [poisoned(quote, text, frozenset({"option"})) for quote in (QUOTE, UNPRICED)]
    return Outcome(
        text=prices.text(quotes, AGE, color=color) + prices.overview(quotes, AGE, color=color),
        data=prices.as_json(quotes, AGE),
        documents={"csv": lambda: prices.as_csv(quotes, AGE), "markdown": lambda: prices.markdown(quotes, AGE)},
    )


def of_prices_check(text: str, color: bool) -> Outcome:
    book = Checked(text, (text,), 1, 2, 3, AGE, (found(text),), 4)
    return Outcome(
        text=prices.checked_text([book], color=color), data=prices.checked_json([book]), diagnostics=book.findings
    )


def of_refresh(text: str, color: bool) -> Outcome:
    price = FreshPrice(text, text, "list", text, text, Decimal(1))
    fresh = Fresh((price,), tuple(Unmapped(f"{text}{n}", text, text) for n in range(20)), ())
    done = Refreshed(fresh, Path(named(text)), 3, 2, 1, Path(named(text)))
    return Outcome(text=prices.refreshed_text(done), data={**prices.refreshed_json(done), "x": text})


def of_prices_diff(text: str, color: bool) -> Outcome:
    price = Price(text, text, "list", text, Decimal(1), Decimal(1), Decimal(1), (), TODAY, text)
    listed = prices_changes.Changes([prices_changes.PriceChange(text, text, text, "list", price, None)], 1)
    verdicts: tuple[Verdict, Verdict] = ("kept", "exceeded")
    sides = [Side(Band.of(n), True, {text: (f"{text}{n}",)}, {text: verdicts[n]}) for n in (0, 1)]
    found_changes = Difference(listed, [SpecChange(named(text), *sides)], (found(text),))
    shown = price_changes.text(found_changes, color=color)
    return Outcome(text=shown, data=price_changes.as_json(found_changes), diagnostics=found_changes.diagnostics)


def of_change(text: str, color: bool) -> Outcome:
    change = poisoned(poisoned_with(rehearsed(), upgrade=UPGRADE), text, KEPT | {"kind", "part"})
    return Outcome(
        text=change_view.text(change, color=color) + change_view.short(change, color=color),
        data=change_view.as_json(change),
        diagnostics=[found(text)],
        documents={"markdown": lambda: change_view.markdown(change)},
    )


def of_stack(text: str, color: bool) -> Outcome:
    decisions = [poisoned(DECISION, text)]
    shown = SimpleNamespace(name=text, provider="aws", region=text, account=text, decisions=decisions)
    return Outcome(
        text=stack.explained(decisions, color=color) + stack.resolved(cast(Any, shown), color=color),
        data={"decisions": stack.decisions_json(decisions)},
    )


def of_render(text: str, color: bool) -> Outcome:
    made = Changes((text,), (text,), (text,), 0)
    old = Path(named(text))
    return Outcome(
        text=changes.text(made, {text: f"{text}\n{text}"}, old, dry_run=True, color=color)
        + changes.text(made, {}, old, dry_run=False, color=color),
        data=changes.as_json(made),
    )


def of_build(text: str, color: bool) -> Outcome:
    shown = SimpleNamespace(name=text, provider="aws", region=text, account=text, decisions=())
    priced = poison(next(row.report for row in sample().priced), text)
    made = Build(cast(Any, shown), text, Changes((), (), (), 0), poison(REPORT, text), priced, (found(text),))
    return Outcome(
        text=build.text(made, color=color),
        data=build.as_json(made),
        diagnostics=made.notices,
        documents={"markdown": lambda: build.markdown(made)},
    )


def of_rehearse(text: str, color: bool) -> Outcome:
    results = [RehearsalResult(text, True, (found(text),), 1.0)]
    return Outcome(
        text=rehearsal.text(results, color=color),
        data=rehearsal.as_json(results),
        diagnostics=[diagnostic for result in results for diagnostic in result.diagnostics],
    )


def of_findings(text: str, color: bool) -> Outcome:
    severe = [poisoned_with(found(text), severity=severity) for severity in Severity]
    return Outcome(diagnostics=severe)


def named(text: str) -> str:
    """The text as far as a path can have it."""
    return f"a/{text}".replace("\0", "")


COMMANDS_OF_OURS: tuple[Made, ...] = (
    *(
        of_build,
        of_change,
        of_check,
        of_compare,
        of_cost,
        of_findings,
        of_parity,
        of_plan,
        of_plan_change,
        of_preflight,
    ),
    *(of_prices, of_prices_check, of_prices_diff, of_refresh, of_rehearse, of_render, of_stack),
)
LARGE = (of_compare, of_parity)
"""Results so large that few attacks are tried on them one by one."""
EACH = pytest.mark.parametrize("made", COMMANDS_OF_OURS, ids=lambda made: made.__name__.removeprefix("of_"))


def outputs(outcome: Outcome, color: bool) -> Iterator[tuple[str, str]]:
    """What a terminal or a log gets in each format: the result, and after `stderr` what is told beside it."""
    for name in ("text", "json", *outcome.documents):
        out, err = io.StringIO(), io.StringIO()
        show(outcome, name, Console(out, err, color, color))
        yield name, out.getvalue()
        yield "stderr", err.getvalue()


def assert_clean(made: Made, text: str, color: bool) -> None:
    outcome = made(text, color)
    for name, output in outputs(outcome, color):
        if name == "html":
            assert_page(output, text)
        else:
            assert_harmless(output, colored=color and name in ("text", "stderr"))
            READERS.get(name, lambda _: None)(output)


def assert_page(output: str, text: str) -> None:
    """The page has the elements that it has with harmless words; only our library and styles may look like commands."""
    made, plain = Elements(), Elements()
    made.feed(output)
    plain.feed(page(poison(two() if len(text) % 2 else sample(), "x")))
    assert made.found == plain.found
    for shown in made.texts:
        assert_harmless(shown)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.texts: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(f"{tag} {[name for name, _ in attrs]}")
        self.texts += [value for name, value in attrs if value and name != "content"]
        data = dict(attrs).get("type") == "application/json"
        self.inside = "" if data else tag

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.texts.append(data)


def assert_csv(output: str) -> None:
    rows = list(csv.reader(io.StringIO(output)))
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        for part in cell.split(";"):
            assert part.strip()[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20"), cell


READERS: dict[str, Callable[[str], Any]] = {
    "csv": assert_csv,
    "json": json.loads,
    "sarif": json.loads,
    "junit": ElementTree.fromstring,
}


@EACH
@pytest.mark.parametrize("color", [False, True], ids=["plain", "colored"])
def test_no_attack_that_is_known_reaches_anybody(made: Made, color: bool) -> None:
    attacks = [*COMMANDS, *CONTROLS, *FORMULAS, *MARKUPS]
    assert_clean(made, "\n".join(attacks), color)
    for attack in attacks if made not in LARGE else attacks[::7]:
        assert_clean(made, f"\n{attack}", color)


@EACH
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts)
def test_no_text_reaches_anybody_as_more_than_text(made: Made, text: str) -> None:
    assert_clean(made, text, color=bool(len(text) % 2))


@EACH
def test_no_text_begins_a_line_of_its_own(made: Made) -> None:
    """A break in a name forges no line of a report.

    A hint may have several, which JUnit's XML has as they are; narrow columns fold words wherever they are.
    """
    for name, output in outputs(made("x\nFORGED\rFORGED", False), color=False):
        lines = [line for line in output.splitlines() if line.startswith("FORGED")]
        assert name == "junit" or made is of_parity or not lines, (name, lines)


@EACH
def test_json_has_the_very_values(made: Made) -> None:
    outcome = made(f"{CONTROLS[0]}{COMMANDS[5]}", False)
    printed = dict(outputs(outcome, color=False))["json"]
    assert json.loads(printed) == json.loads(json.dumps(as_json(outcome)))
