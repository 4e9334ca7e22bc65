"""The page of `groundplan compare` in a real browser: no request leaves it, and its numbers are those of the JSON."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from groundplan.app.compare.model import Comparison
from groundplan.cli import run
from groundplan.views import compare as view
from groundplan.views.compare.content import OPTION_TITLES
from groundplan.views.compare.html import FIGURES, page
from tests.services.chromium import chromium
from tests.unit.app.compare.samples import FIRST, HOSTILE, sample, two

REGIONS = "us-east-1,us-west-2,eu-west-1,us-central1,us-east4,europe-west4"
BLUEPRINT = Path("blueprints") / "llm-finetuning" / "blueprint.yaml"
WIDTHS = {"phone": (360, 740), "tablet": (768, 1024), "desk": (1280, 900)}
CHARTS = ("bands", "parts", "heat", "even")
LARGEST_BYTES = 2_000_000

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


@dataclass
class Opened:
    """A page in the browser, with everything it said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def choose(self, name: str, value: str) -> None:
        """Sets a toggle and waits until the charts show it."""
        self.page.locator(f"input[name={name}][value='{value}']").check(force=True)
        self.settled()

    def floor(self, included: bool) -> None:
        self.page.locator("input[name=floor]").set_checked(included, force=True)
        self.settled()

    def settled(self) -> None:
        """Returns once the charts show what the toggles say."""
        wanted = (
            "document.documentElement.dataset.shown?.endsWith([new FormData(document.forms[0]).get('option'), "
            "new FormData(document.forms[0]).get('figure'), new FormData(document.forms[0]).has('floor')].join(' '))"
        )
        self.page.wait_for_function(wanted, timeout=20_000)

    def table(self, within: str) -> dict[str, list[str]]:
        """Cells of a table by the heading of their row, empty cells included."""
        rows = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
        found: list[list[str]] = self.page.locator(f"{within} tbody tr").evaluate_all(rows)
        return {first: rest for first, *rest in found}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = chromium()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found.program, env={"LANG": "C.UTF-8", **found.environment}
        )
        yield launched
        launched.close()


Opener = Callable[..., Opened]


@pytest.fixture
def opened(browser: Browser) -> Iterator[Opener]:
    """Opens a file in a fresh context."""
    contexts = []

    def open_page(file: Path, width: str = "desk", **options: Any) -> Opened:
        wide, high = WIDTHS[width]
        context = browser.new_context(viewport={"width": wide, "height": high}, **options)
        contexts.append(context)
        made = Opened(context.new_page())
        made.page.on("console", lambda message: made.said.append(f"{message.type}: {message.text}"))
        made.page.on("pageerror", lambda error: made.said.append(str(error)))
        made.page.on("request", lambda request: made.requests.append(request.url))
        made.page.goto(file.as_uri())
        if options.get("java_script_enabled", True):
            made.settled()
        return made

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a blueprint over both clouds, as the command writes it."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    spec = str(repository / BLUEPRINT)
    assert run(["compare", spec, "--regions", REGIONS, "--format", "html", "-o", str(file)]) == 0
    return file


@pytest.fixture(scope="session")
def figures(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same as JSON."""
    file = tmp_path_factory.mktemp("report") / "report.json"
    spec = str(repository / BLUEPRINT)
    assert run(["compare", spec, "--regions", REGIONS, "--format", "json", "-o", str(file)]) == 0
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def written(tmp_path: Path, comparison: Comparison) -> Path:
    file = tmp_path / "page.html"
    file.write_text(page(comparison), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("hostile"), sample())


@pytest.fixture(scope="session")
def change(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("change"), two())


def exact(number: float) -> Decimal:
    return Decimal(str(number)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def amounts(text: str) -> list[Decimal]:
    """The dollars that a text names."""
    return [Decimal(found.replace(",", "")) for found in re.findall(r"-?[\d,]*\d\.\d+", text)]


def place(row: dict[str, Any], found: dict[str, Any]) -> str:
    titles = {one["cloud"]: one["cloud_title"] for one in found["places"]}
    return f"{titles[row['cloud']]} {row['region']}"


def total(row: dict[str, Any], figure: str, floor: bool) -> Decimal:
    return exact(row["total"][figure]) - (0 if floor else exact(row["totals"]["fixed"][figure]))


def sideways(shown: Opened) -> int:
    """By how many pixels the page is wider than the window."""
    found: int = shown.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found


class TestThePageItself:
    def test_is_small_and_asks_nothing_of_anybody(self, report: Path, opened: Opener) -> None:
        shown = opened(report)
        assert report.stat().st_size <= LARGEST_BYTES
        assert shown.requests == [report.as_uri()]
        assert shown.said == []

    def test_its_policy_forbids_requests_and_foreign_code(self, report: Path, opened: Opener) -> None:
        shown = opened(report)
        policy = shown.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
        assert policy.startswith("default-src 'none'; script-src 'sha256-")
        assert "unsafe" not in policy
        assert "http" not in policy
        blocked = shown.page.evaluate(
            "async () => { try { await fetch('https://example.com/'); return 'sent' } catch { return 'blocked' } }"
        )
        assert blocked == "blocked"
        assert not [url for url in shown.requests if url.startswith("http")]

    def test_names_that_look_like_markup_are_text(self, hostile: Path, opened: Opener) -> None:
        shown = opened(hostile)
        assert shown.page.locator("h1").text_content() == f"What {HOSTILE} costs"
        assert shown.page.locator("img").count() == 0
        assert shown.said == []
        data = json.loads(shown.page.locator("#data").text_content() or "")
        printed = json.loads(json.dumps(view.as_json(sample())))
        assert printed.pop("today"), "which a page that is kept leaves out"
        assert data == printed

    def test_without_scripts_every_total_is_there(self, report: Path, figures: dict[str, Any], opened: Opener) -> None:
        shown = opened(report, java_script_enabled=False)
        assert shown.page.locator("noscript").is_visible()
        assert shown.page.locator("section:has(#table) tbody tr").count() == len(figures["combinations"])


class TestNumbers:
    def test_the_table_of_totals_is_the_json(self, report: Path, figures: dict[str, Any], opened: Opener) -> None:
        rows = "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
        found = opened(report).page.locator("section:has(#table) tbody tr").evaluate_all(rows)
        ways = {words: way for way, words in OPTION_TITLES.items()}
        told = {(cells[0], ways[cells[1]]): cells for cells in found}
        assert len(told) == len(figures["combinations"])
        for row in figures["combinations"]:
            cells = told[place(row, figures), row["capacity"]]
            if not row["available"]:
                assert cells[2:7] == [""] * 5
                assert cells[-1]
                continue
            shown = [amounts(cell)[0] for cell in cells[2:6]]
            assert shown == [*(exact(row["total"][f]) for f in FIGURES), exact(row["totals"]["fixed"]["expected"])]
            assert float(cells[6]) == pytest.approx(row["usd_per_gpu_hour"]["expected"], abs=0.00005)

    def test_every_toggle_shows_the_figures_of_the_json(
        self, report: Path, figures: dict[str, Any], opened: Opener
    ) -> None:
        shown = opened(report)
        for way, figure, floor in itertools.product(figures["capacities"], FIGURES, (True, False)):
            shown.choose("option", way)
            shown.choose("figure", figure)
            shown.floor(floor)
            rows = [row for row in figures["combinations"] if row["available"] and row["capacity"] == way]
            bands, parts = shown.table("#bands-table"), shown.table("#parts-table")
            heat = shown.table("#heat-table")
            assert len(bands) == len(parts) == len(rows)
            for row in rows:
                name = place(row, figures)
                (key,) = (key for key in bands if key.split(" (")[0] == name)
                assert [amounts(cell)[0] for cell in bands[key]] == [total(row, f, floor) for f in FIGURES]
                assert sum(amounts(cell)[0] for cell in parts[name]) == total(row, figure, floor)
                cell = heat[name][figures["capacities"].index(way)]
                assert amounts(cell) == [total(row, figure, floor)]
            labels = shown.page.locator("#bands .ink_marks text").all_text_contents()
            wanted = sorted(total(row, figure, floor).quantize(Decimal(1)) for row in rows)
            drawn = sorted(Decimal(label.replace("$", "").replace(",", "")) for label in labels)
            assert all(abs(one - other) <= 1 for one, other in zip(drawn, wanted, strict=True))
        assert shown.said == []

    def test_a_refused_combination_has_no_number(self, report: Path, figures: dict[str, Any], opened: Opener) -> None:
        heat = opened(report).table("#heat-table")
        refused = [row for row in figures["combinations"] if not row["available"]]
        assert refused
        for row in refused:
            assert heat[place(row, figures)][figures["capacities"].index(row["capacity"])] == "unavailable"

    def test_break_even_is_where_the_lines_meet(self, report: Path, figures: dict[str, Any], opened: Opener) -> None:
        shown = opened(report)
        options = shown.page.locator("#machine option").all_text_contents()
        asked = {
            f"{place(row, figures)}, {machine['pool']}: {machine['instance_type']}": machine["usd_per_hour"]
            for row in figures["combinations"]
            if row["available"] and row["capacity"] == figures["capacities"][0]
            for machine in row["machines"]
            if machine["asked_for"]
        }
        assert set(options) == set(asked)
        met = 0
        for option in options:
            shown.page.locator("#machine").select_option(option)
            table = shown.table("#even-table")
            rates = asked[option]
            assert amounts(table["on demand"][1]) == [Decimal(str(round(rates["on_demand"]["expected"], 4)))]
            for name, way in (("commit_1y", "1-year commitment"), ("commit_3y", "3-year commitment")):
                if name in rates:
                    hours = 730 * rates[name]["expected"] / rates["on_demand"]["expected"]
                    assert table[way][-1] in (f"{hours:.1f} hours", f"{hours:.1f}".removesuffix(".0") + " hours")
                    met += 1
        assert met
        assert shown.said == []

    def test_a_difference_is_the_json(self, change: Path, opened: Opener) -> None:
        shown = opened(change)
        found = view.as_json(two())["differences"]
        rows = shown.page.locator("section:has(#change) details:last-of-type tbody tr")
        assert [amounts(text)[-1] for text in rows.all_text_contents()] == [
            exact(one["change_usd"]) for one in found[1:]
        ]
        components = shown.table("section:has(#change) > table")
        assert {name: amounts(cells[-1])[0] for name, cells in components.items()} == {
            one["component"]: exact(one["change_usd"]) for one in found[0]["components"]
        }
        shown.choose("spec", FIRST)
        assert amounts(shown.table("#bands-table")["Alpha north-1"][1]) == [Decimal("432.85")]


class TestReaders:
    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize("which", ["report", "hostile", "change"])
    def test_no_width_scrolls_sideways(
        self, width: str, which: str, opened: Opener, request: pytest.FixtureRequest
    ) -> None:
        shown = opened(request.getfixturevalue(which), width)
        for details in shown.page.locator("details").all():
            details.evaluate("node => { node.open = true }")
        assert sideways(shown) == 0
        sticking_out = shown.page.locator("svg").evaluate_all(
            "nodes => nodes.filter(n => n.getBBox().width > document.documentElement.clientWidth).length"
        )
        assert sticking_out == 0

    @pytest.mark.parametrize("which", ["report", "hostile", "change"])
    def test_paper_shows_everything_but_the_toggles(
        self, which: str, opened: Opener, request: pytest.FixtureRequest
    ) -> None:
        shown = opened(request.getfixturevalue(which), "tablet", color_scheme="dark")
        shown.page.emulate_media(media="print", color_scheme="dark")
        shown.page.set_viewport_size({"width": 700, "height": 1000})  # A4 between its margins
        assert sideways(shown) == 0
        assert not shown.page.locator("form.toggles").is_visible()
        assert shown.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert len(shown.page.pdf(format="A4")) > 20_000

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_text_stands_out_from_what_is_behind_it(self, scheme: str, report: Path, opened: Opener) -> None:
        """At least 4.5 to 1 (https://www.w3.org/TR/WCAG22/#contrast-minimum), in either scheme."""
        shown = opened(report, color_scheme=scheme)
        faint = shown.page.evaluate(CONTRAST)
        assert faint == []

    def test_charts_have_names_and_tables_beside_them(self, report: Path, opened: Opener) -> None:
        shown = opened(report)
        for chart in CHARTS:
            drawn = shown.page.locator(f"#{chart}[role=graphics-document]")
            assert drawn.get_attribute("aria-label"), chart
            assert drawn.locator("svg").count() == 1
            assert shown.page.locator(f"#{chart}-table caption").count() == 1
        assert shown.page.locator("html").get_attribute("lang") == "en"
        unnamed = "nodes => nodes.filter(n => !n.labels?.length).length"
        assert shown.page.locator("input, select").evaluate_all(unnamed) == 0

    def test_tables_stay_tables_on_a_phone(self, report: Path, opened: Opener) -> None:
        tree = opened(report, "phone").page.locator("section:has(#table) > table").aria_snapshot()
        assert "rowheader" in tree
        assert "cell" in tree

    def test_the_keyboard_is_enough(self, report: Path, opened: Opener) -> None:
        shown = opened(report)
        shown.page.keyboard.press("Tab")
        assert shown.page.evaluate("document.activeElement.className") == "skip"
        shown.page.keyboard.press("Tab")
        shown.page.keyboard.press("ArrowRight")
        shown.settled()
        assert "on demand" in (shown.page.locator("#status").text_content() or "")
        assert "on demand" in (shown.page.locator("#bands").get_attribute("aria-label") or "")

    def test_nothing_moves_for_who_asks_for_that(self, report: Path, opened: Opener) -> None:
        style = "getComputedStyle(document.querySelector('.segments span')).transitionDuration"
        assert opened(report, reduced_motion="reduce").page.evaluate(style) == "0s"
