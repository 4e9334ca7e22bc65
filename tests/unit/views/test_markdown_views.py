"""What users, clouds and Terraform name stays text in every view for pull requests, read by another implementation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import pytest
from markdown_it import MarkdownIt

from groundplan.app.build import Build
from groundplan.app.compare.axes import Axes
from groundplan.app.compare.model import Combination, Refused, Row
from groundplan.app.compare.rows import assemble
from groundplan.check.report import CheckovReport, CheckReport, Finding, NotChecked, ScanCounts, Skip, Step, StepName
from groundplan.check.report import StepStatus as Status
from groundplan.diagnostics import Diagnostic, Place
from groundplan.environment.write import Changes
from groundplan.preflight.model import Report, Requirement, missing, unknown
from groundplan.prices.query import Quote
from groundplan.views import build, check, compare, parity, preflight, prices
from tests.unit.app.compare.samples import NORTH, TODAY, priced
from tests.unit.app.parity.sides import laid_out, pools
from tests.unit.preflight.aws_needs import NEEDS

NASTY = (
    "a|b `c` <script>alert(1)</script>\n# d\r\n[e](https://x.example) ![f](g) *h* _i_ ~~j~~ $k$ @l &amp; \\ "
    "\x1b[31m\x00 \u202em"
)
"""Everything that ends a cell, a line or a word, or starts a tag, a link, a formula, a mention or a colour."""
WHERE = Place(NASTY, 3, 1)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OWN_HTML = re.compile(r"<details><summary>[^<>]*</summary>|</details>|<br>|</?code>")
OURS = {"paragraph", "inline", "heading", "table", "thead", "tbody", "tr", "th", "td", "bullet_list", "list_item"}
WITHIN = {"text", "code_inline", "html_inline", "softbreak", "strong_open", "strong_close"}


def of_compare() -> str:
    reason = Diagnostic("GP302", NASTY, hint=NASTY, path=NASTY)
    rows: list[Row] = [priced(NASTY, NORTH, "spot", "0.40"), priced(f"{NASTY}2", NORTH, "spot", "0.50", "600")]
    rows.append(Refused(Combination(NASTY, NORTH, "spec"), (reason,)))
    homes = {NASTY: ("alpha", "north-1"), f"{NASTY}2": ("alpha", "north-1")}
    return compare.markdown(assemble(NASTY, homes, Axes((NORTH,), ("spec", "spot")), rows, TODAY))


@cache
def of_parity() -> str:
    report = laid_out(pools())
    found = Diagnostic("GP302", NASTY, hint=NASTY, path=NASTY, place=WHERE)
    sides = tuple(replace(side, region=NASTY, account=NASTY, diagnostics=(found,)) for side in report.sides)
    settings = tuple(replace(setting, words=NASTY, paths=(NASTY,)) for setting in report.settings)
    decisions = tuple(replace(one, what=NASTY, values=tuple(NASTY for _ in sides)) for one in report.decisions)
    return parity.markdown(replace(report, name=NASTY, sides=sides, settings=settings, decisions=decisions))


def of_preflight() -> str:
    bucket = Requirement("bucket", NASTY, NASTY, NASTY, NASTY)
    quota = Requirement("quota", NASTY, NASTY, NASTY, NASTY, NASTY, NASTY).counted(2, 1, NASTY)
    findings = (missing(bucket, NASTY), unknown(quota, NASTY))
    needs = replace(NEEDS, name=NASTY, account=NASTY)
    return preflight.markdown(Report(needs, "aws", (bucket, quota), findings, identity=NASTY))


def of_prices() -> str:
    quote = Quote("aws", NASTY, NASTY, "list", NASTY, offered=True, price=None, reason=NASTY)
    return prices.markdown([quote], None)


def checked() -> CheckReport:
    diagnostic = Diagnostic("GP504", NASTY, hint=NASTY, place=WHERE, address=NASTY, path=NASTY)
    skips = (Skip("CKV_1", NASTY, NASTY, NASTY, NASTY, WHERE), Skip("CKV_2", NASTY, NASTY, None, NASTY, WHERE))
    return CheckReport(
        folder=NASTY,
        findings=(Finding(diagnostic, NASTY, Place(f"{NASTY}2", 1), NASTY),),
        steps=(Step(StepName.PLAN, Status.FAILED, NASTY, 0.2),),
        roots=(),
        checkov=CheckovReport(1, 0, 2, 3, ScanCounts(), ScanCounts(), ScanCounts(), skips),
        not_checked=(NotChecked(NASTY, NASTY),),
        seconds=1.0,
    )


def of_check() -> str:
    return check.markdown(checked())


def of_build() -> str:
    stack = cast(Any, SimpleNamespace(name=NASTY, provider="aws", region=NASTY, account=NASTY, decisions=()))
    cost = priced(NASTY, NORTH, "spot", "0.40").report
    return build.markdown(Build(stack, NASTY, Changes((), (), (), 0), checked(), cost, ()))


VIEWS = (of_build, of_check, of_compare, of_parity, of_preflight, of_prices)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__.removeprefix("of_"))
def test_names_stay_text(view: Callable[[], str]) -> None:
    page = view()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u2028-\u202e]", page)
    assert "@l" not in page
    shown = []
    for token in READER.parse(page):
        if token.type == "html_block":
            assert not OWN_HTML.sub("", token.content).strip(), token.content
            continue
        assert token.type.removesuffix("_open").removesuffix("_close") in OURS, token
        for child in token.children or ():
            assert child.type in WITHIN, (child, token.content)
            assert child.type != "html_inline" or OWN_HTML.fullmatch(child.content), child.content
            shown.append("" if child.type == "html_inline" else child.content)
    text = "".join(shown)
    assert "<script>alert(1)</script> # d [e](https://x.example) ![f](g) *h* _i_ ~~j~~ $k$" in text
    assert set(re.findall(r"\bd\b", text)) == {"d"}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__.removeprefix("of_"))
def test_every_row_has_the_cells_of_its_heading(view: Callable[[], str]) -> None:
    width = count = 0
    for token in READER.parse(view()):
        if token.type == "tr_open":
            cells = 0
        elif token.type in ("th_open", "td_open"):
            cells += 1
        elif token.type == "thead_close":
            width = cells
        elif token.type == "tr_close" and width:
            count += 1
            assert cells == width
        elif token.type == "table_close":
            width = 0
    assert count


def test_prose_names_keys_as_code() -> None:
    said = Diagnostic("GP504", "`a.b` is `c|d`, not ` or")
    report = replace(checked(), findings=(replace(checked().findings[0], diagnostic=said),))
    assert "GP504 `a.b` is <code>c&#124;d</code>, not \\` or |" in check.markdown(report)
