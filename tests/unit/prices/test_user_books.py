"""A user's books: what they change, what they leave, and what is wrong with them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.app.books import check_books, read_books, with_books
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.prices.csv_book import COLUMNS, read_csv
from groundplan.prices.yaml_book import read_yaml
from tests.unit.prices.books import cloud_named

AWS, GCP = cloud_named("aws"), cloud_named("gcp")
TODAY = date(2026, 11, 22)
HEAD = """\
apiVersion: groundplan-prices/v1
cloud: aws
currency: USD
source: agreement
as_of: 2026-11-01
"""
CSV_HEAD = ",".join(COLUMNS) + "\n"


def laid(tmp_path: Path, *texts: str, cloud: Cloud = AWS) -> Cloud:
    """The cloud with books of these texts over it; YAML unless it starts as a table."""
    paths = []
    for index, text in enumerate(texts):
        table = text.startswith("cloud,")
        path = tmp_path / f"book{index}{'.csv' if table else '.yaml'}"
        path.write_text(text if table else HEAD + text)
        paths.append(path)
    return with_books(cloud, read_books(paths))


def problems(tmp_path: Path, *texts: str) -> list[Diagnostic]:
    with pytest.raises(DiagnosticsError) as raised:
        laid(tmp_path, *texts)
    return list(raised.value.diagnostics)


def on_demand(cloud: Cloud, name: str, region: str = "us-east-1") -> Decimal:
    price = cloud.prices.instance_price(region, name, "on_demand")
    assert price is not None
    return price.usd_expected


class TestPrices:
    def test_a_row_replaces_one_price_and_nothing_else(self, tmp_path: Path) -> None:
        cloud = laid(tmp_path, "prices:\n  - {item: g6.xlarge, region: us-east-1, option: on_demand, usd: 0.61}\n")
        own = cloud.prices.instance_price("us-east-1", "g6.xlarge", "on_demand")
        assert own is not None
        assert (own.usd_low, own.usd_expected, own.usd_high) == (Decimal("0.61"),) * 3
        assert own.as_of == date(2026, 11, 1)
        assert own.source == f"agreement [{tmp_path / 'book0.yaml'}:7]"
        changed = {key for key, price in cloud.prices.instances.items() if AWS.prices.instances.get(key) != price}
        assert changed == {("us-east-1", "g6.xlarge", "on_demand")}
        assert cloud.prices.items == AWS.prices.items

    def test_a_band(self, tmp_path: Path) -> None:
        row = "{item: g6.xlarge, region: us-east-1, option: spot, usd_low: 0.2, usd: 0.3, usd_high: 0.5}"
        price = laid(tmp_path, f"prices: [{row}]\n").prices.instance_price("us-east-1", "g6.xlarge", "spot")
        assert price is not None
        assert (price.usd_low, price.usd_expected, price.usd_high) == (Decimal("0.2"), Decimal("0.3"), Decimal("0.5"))

    def test_tiers_of_an_item(self, tmp_path: Path) -> None:
        row = "{item: egress.internet, region: us-east-1, tiers: [{from: 0, usd: 0.05}, {from: 100, usd: 0.04}]}"
        price = laid(tmp_path, f"prices: [{row}]\n").prices.item_price("egress.internet", "us-east-1")
        assert price is not None
        assert price.total(Decimal(200)) == Decimal("9.00")

    def test_an_item_that_is_unpriced_in_a_region(self, tmp_path: Path) -> None:
        items = {item: price.unit for (item, _), price in AWS.prices.items.items()}
        unpriced = ((item, region) for item in items for region in AWS.catalog.regions)
        item, region = next(key for key in unpriced if AWS.prices.item_price(*key) is None)
        cloud = laid(tmp_path, f"prices: [{{item: {item}, region: {region}, usd: 0.1}}]\n")
        price = cloud.prices.item_price(item, region)
        assert price is not None
        assert price.unit == items[item]

    def test_ways_to_pay_replace_those_of_the_term(self, tmp_path: Path) -> None:
        row = "{item: m6a.xlarge, region: us-east-1, option: commit_1y, payment: %s}"
        text = f"""prices:
  - {row % "none, usd: 0.1"}
  - {row % "partial, usd: 0.04, upfront_usd: 438"}
  - {row % "all, upfront_usd: 788.4"}
"""
        prices = laid(tmp_path, text).prices
        price = prices.instance_price("us-east-1", "m6a.xlarge", "commit_1y")
        assert price is not None
        assert (price.usd_low, price.usd_expected, price.usd_high) == (Decimal("0.09"), Decimal("0.1"), Decimal("0.1"))
        ways = [(way.term_years, way.payment) for way in prices.commitments("us-east-1", "m6a.xlarge")]
        before = [
            (way.term_years, way.payment)
            for way in AWS.prices.commitments("us-east-1", "m6a.xlarge")
            if way.term_years == 3
        ]
        assert before
        assert ways == [*before, (1, "none"), (1, "partial"), (1, "all")]

    def test_a_plain_commitment_replaces_ways_to_pay(self, tmp_path: Path) -> None:
        cloud = laid(tmp_path, "prices: [{item: m6a.xlarge, region: us-east-1, option: commit_1y, usd: 0.08}]\n")
        price = cloud.prices.instance_price("us-east-1", "m6a.xlarge", "commit_1y")
        assert price is not None
        assert price.usd_high == Decimal("0.08")
        assert {way.term_years for way in cloud.prices.commitments("us-east-1", "m6a.xlarge")} == {3}

    def test_books_of_other_clouds_change_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "book.yaml"
        path.write_text(HEAD + "discounts: [{percent: 10}]\n")
        assert with_books(GCP, read_books([path])) is GCP

    def test_dates_of_the_book_count(self, tmp_path: Path) -> None:
        assert laid(tmp_path, "prices: [{item: g6.xlarge, region: us-east-1, usd: 1}]\n").prices.as_of[1] == date(
            2026, 11, 1
        )


class TestDiscounts:
    def test_the_last_that_fits_counts(self, tmp_path: Path) -> None:
        cloud = laid(tmp_path, 'discounts:\n  - {percent: 10, family: "g*"}\n  - {percent: 50, item: g6.xlarge}\n')
        assert on_demand(cloud, "g6.xlarge") == on_demand(AWS, "g6.xlarge") / 2
        assert on_demand(cloud, "g6.2xlarge") == on_demand(AWS, "g6.2xlarge") * Decimal("0.9")
        assert on_demand(cloud, "m6a.xlarge") == on_demand(AWS, "m6a.xlarge")

    def test_it_is_named_in_the_source_and_keeps_the_date(self, tmp_path: Path) -> None:
        cloud = laid(tmp_path, "discounts: [{percent: 12.5, item: g6.xlarge}]\n")
        before, after = (one.prices.instance_price("us-east-1", "g6.xlarge", "spot") for one in (AWS, cloud))
        assert before is not None
        assert after is not None
        assert after.source == f"{before.source}, less 12.5 % (agreement [{tmp_path / 'book0.yaml'}:6])"
        assert after.as_of == before.as_of

    def test_on_items_and_their_tiers(self, tmp_path: Path) -> None:
        cloud = laid(tmp_path, 'discounts: [{percent: 20, item: "egress.*", region: us-east-1}]\n')
        before, after = (one.prices.item_price("egress.internet", "us-east-1") for one in (AWS, cloud))
        assert before is not None
        assert after is not None
        assert [tier.usd for tier in after.tiers] == [tier.usd * Decimal("0.8") for tier in before.tiers]
        assert cloud.prices.item_price("egress.internet", "eu-west-1") == AWS.prices.item_price(
            "egress.internet", "eu-west-1"
        )

    def test_on_ways_to_pay_once(self, tmp_path: Path) -> None:
        cloud = laid(tmp_path, "discounts: [{percent: 10, family: m6a, option: commit_1y}]\n")
        before, after = (one.prices.instance_price("us-east-1", "m6a.xlarge", "commit_1y") for one in (AWS, cloud))
        assert before is not None
        assert after is not None
        assert after.usd_expected == before.usd_expected * Decimal("0.9")

    def test_of_services_and_of_machines_that_only_plans_use(self, tmp_path: Path) -> None:
        text = "discounts: [{percent: 50, item: 'airflow.*'}, {percent: 50, item: c5n.large}]\n"
        ours, list_prices = laid(tmp_path, text).prices, cloud_named("aws").prices
        for name in ("airflow.2xlarge", "c5n.large"):
            of = [prices.item_price(name, "us-east-1") for prices in (ours, list_prices)]
            if name == "c5n.large":
                of = [prices.instance_price("us-east-1", name, "on_demand") for prices in (ours, list_prices)]
            less, listed = of
            assert less is not None and listed is not None
            assert less.usd_expected == listed.usd_expected / 2

    def test_a_files_own_prices_are_not_discounted_by_it_but_by_the_next(self, tmp_path: Path) -> None:
        row = "prices: [{item: g6.xlarge, region: us-east-1, usd: 1}]\n"
        discount = "discounts: [{percent: 10, item: g6.xlarge}]\n"
        assert on_demand(laid(tmp_path, row + discount), "g6.xlarge") == 1
        assert on_demand(laid(tmp_path, row, discount), "g6.xlarge") == Decimal("0.9")

    @pytest.mark.slow
    @given(percent=st.decimals(min_value="0.01", max_value="99.99", places=2))
    def test_a_discount_lowers_and_never_gives_away(self, percent: Decimal) -> None:
        book = read_yaml(f"{HEAD}discounts: [{{percent: {percent}, item: g6.xlarge}}]\n", "book.yaml")
        assert 0 < on_demand(with_books(AWS, [book]), "g6.xlarge") < on_demand(AWS, "g6.xlarge")


def test_a_region_of_ones_own(tmp_path: Path) -> None:
    cloud = laid(
        tmp_path,
        """regions: [{name: mx-central-1, title: Mexico, zones: [mxc1-az1, mxc1-az2]}]
offers: [{region: mx-central-1, items: [g6.xlarge], zones: [mxc1-az1]}]
prices:
  - {item: g6.xlarge, region: mx-central-1, usd: 0.9}
  - {item: network.nat_gateway, region: mx-central-1, usd: 0.05}
""",
    )
    assert cloud.catalog.regions["mx-central-1"].zones == ("mxc1-az1", "mxc1-az2")
    assert [item.name for item in cloud.catalog.offered("mx-central-1")] == ["g6.xlarge"]
    assert ("mx-central-1", "g6.xlarge") in cloud.catalog.offers
    assert on_demand(cloud, "g6.xlarge", "mx-central-1") == Decimal("0.9")
    assert ("mx-central-1", "g6.xlarge", "on_demand") in cloud.prices.instances
    assert "mx-central-1" not in AWS.catalog.regions


def test_a_region_that_the_catalog_has_come_to_know(tmp_path: Path) -> None:
    """A book from before is as good as it was."""
    zones = AWS.catalog.regions["eu-south-2"].zones
    cloud = laid(
        tmp_path,
        f"""regions: [{{name: eu-south-2, title: Spain, zones: [{zones[0]}]}}]
offers: [{{region: eu-south-2, items: [g6.xlarge], zones: [{zones[0]}]}}]
prices: [{{item: g6.xlarge, region: eu-south-2, usd: 0.9}}]
""",
    )
    assert cloud.catalog.regions["eu-south-2"] == AWS.catalog.regions["eu-south-2"]
    assert on_demand(cloud, "g6.xlarge", "eu-south-2") == Decimal("0.9")


def test_services_that_only_plans_use(tmp_path: Path) -> None:
    services = AWS.prices.services
    item = next(item for item in services.units if item.startswith("cache.") and services.row(item, "us-east-2"))
    cloud = laid(tmp_path, f"prices: [{{item: {item}, region: us-east-1, usd: 0.5}}]\n")
    price = cloud.prices.item_price(item, "us-east-1")
    assert price is not None
    assert (price.usd_expected, price.unit) == (Decimal("0.5"), AWS.prices.services.units[item])
    listed = AWS.prices.item_price(item, "us-east-2")
    less = laid(tmp_path, "discounts: [{percent: 10, option: list}]\n").prices.item_price(item, "us-east-2")
    assert listed is not None
    assert less is not None
    assert less.usd_expected == listed.usd_expected * Decimal("0.9")


def test_the_book_of_the_documentation(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "price-books.md").read_text()
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    path = tmp_path / "contract.yaml"
    path.write_text(text)
    (checked,) = check_books([path], TODAY)
    assert checked.findings == ()
    assert (checked.prices, checked.discounts) == (6, 2)
    assert f"`{','.join(COLUMNS)}`" in page


ROW = "aws,us-east-1,g6.xlarge,on_demand,,,,0.61,,hour,,2026-11-01,contract\n"


def test_a_table_with_two_clouds(tmp_path: Path) -> None:
    other = "gcp,us-central1,g2-standard-4,spot,,,0.2,0.3,0.4,hour,,2026-11-01,contract\n"
    cloud = laid(tmp_path, CSV_HEAD + ROW + other)
    assert on_demand(cloud, "g6.xlarge") == Decimal("0.61")
    price = laid(tmp_path, CSV_HEAD + ROW + other, cloud=GCP).prices.instance_price(
        "us-central1", "g2-standard-4", "spot"
    )
    assert price is not None
    assert (price.usd_high, price.source) == (Decimal("0.4"), "contract")


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "message"),
    [
        ("price: []\n", "GP201", 6, 1, "unknown key `price`"),
        ("prices: [{item: g6.xlarge, usd: 1}]\n", "GP202", 6, 10, "`prices[0].region` is missing"),
        ("prices: [{item: g6.xlarge, region: us-east-1, usd: 0}]\n", "GP204", 6, 52, "greater than 0"),
        ("prices: [{item: g6.xlarge, region: us-east-1, usd: -1}]\n", "GP204", 6, 52, "greater than 0"),
        ("prices: [{item: g6.xlarge, region: us-east-1, usd: .inf}]\n", "GP20", 6, 52, "`prices[0].usd`"),
        ("prices: [{item: g6.xlarge, region: us-east-1, usd: cheap}]\n", "GP203", 6, 52, "is not a number"),
        ("prices: [{item: g6.xlarge, region: us-east-1, usd: true}]\n", "GP203", 6, 52, "is not a number"),
        ("prices: [{item: g6.xlarge, region: us-east-1}]\n", "GP208", 6, 10, "the price is missing"),
        ("prices: [{item: g6.xlarge, region: us-eas-1, usd: 1}]\n", "GP706", 6, 10, "no region `us-eas-1`"),
        (
            "prices: [{item: g6.xlrge, region: us-east-1, usd: 1}]\n",
            "GP706",
            6,
            10,
            "no machine type or item `g6.xlrge`",
        ),
        ("prices: [{item: p4de.24xlarge, region: eu-north-1, usd: 1}]\n", "GP302", 6, 10, "not offered in eu-north-1"),
        (
            "prices: [{item: registry.stored, region: us-east-1, usd: 1, unit: tib}]\n",
            "GP705",
            6,
            10,
            "priced by gib_month, not by tib",
        ),
        (
            "prices: [{item: g6.xlarge, region: us-east-1, usd: 1, payment: none}]\n",
            "GP208",
            6,
            10,
            "a payment belongs to commit_1y and commit_3y only",
        ),
        (
            "prices: [{item: g6.xlarge, region: us-east-1, option: commit_1y, usd: 1, payment: all, upfront_usd: 3}]\n",
            "GP208",
            6,
            10,
            "nothing is due by the hour",
        ),
        ("prices: [{item: g6.xlarge, region: us-east-1, usd: 1, as_of: soon}]\n", "GP203", 6, 62, "is not a day"),
        (
            "prices:\n" + 2 * "  - {item: g6.xlarge, region: us-east-1, usd: 1}\n",
            "GP705",
            8,
            5,
            "has two identical prices",
        ),
        (
            "prices: [{item: egress.zone, region: us-east-1, tiers: [{from: 5, usd: 1}]}]\n",
            "GP705",
            6,
            10,
            "do not rise from 0",
        ),
        ("discounts: [{percent: 100}]\n", "GP204", 6, 23, "less than 100"),
        ("discounts: [{percent: 5, family: q9}]\n", "GP709", 6, 13, "the discount matches no price"),
        ("discounts: [{percent: 5, option: reserved}]\n", "GP709", 6, 13, "the discount matches no price"),
        ("regions: [{name: us-east-1, title: x, zones: [a]}]\n", "GP708", 6, 11, "already in the catalog"),
        ("offers: [{region: mars, items: [g6.xlarge]}]\n", "GP706", 6, 33, "no region `mars`"),
        ("prices: [\n", "GP102", 7, 1, ""),
        (CSV_HEAD + ROW + ROW, "GP705", 3, 1, "has two identical prices"),
        (CSV_HEAD + ROW.replace("0.61", "0"), "GP705", 2, 38, "usd_expected: '0' is not a price above zero"),
        (CSV_HEAD + ROW.replace("0.61", "free"), "GP705", 2, 38, "usd_expected: 'free' is not a decimal number"),
        (CSV_HEAD + ROW.replace("2026-11-01", "11/01"), "GP705", 2, 50, "as_of:"),
        (CSV_HEAD + ROW.replace(",hour", ""), "GP705", 2, 1, "row has 12 cells, not 13"),
        (CSV_HEAD + ROW.replace("aws", "aw"), "GP706", 2, 1, "no cloud `aw`"),
        (CSV_HEAD + ROW.replace("0.61", "-0.61"), "GP705", 2, 38, "usd_expected: '-0.61' is not a price above zero"),
        ("cloud," + "a" * 10**6, "GP705", 1, 1, f"columns are cloud,{'a' * 194}…; expected cloud,"),
        ("cloud,region\n", "GP705", 1, 1, "columns are cloud,region; expected cloud,"),
    ],
    ids=lambda value: str(value)[:60] if isinstance(value, str) else None,
)
def test_bad_input_has_a_place(  # noqa: PLR0917
    text: str, code: str, line: int, column: int, message: str, tmp_path: Path
) -> None:
    found = problems(tmp_path, text)[0]
    assert found.code.startswith(code)
    assert message in found.message
    assert found.place is not None
    assert (found.place.line, found.place.column) == (line, column)


def test_another_currency(tmp_path: Path) -> None:
    path = tmp_path / "euro.yaml"
    path.write_text(HEAD.replace("USD", "EUR"))
    with pytest.raises(DiagnosticsError) as raised:
        with_books(AWS, read_books([path]))
    (found,) = raised.value.diagnostics
    assert (found.code, found.message) == ("GP204", "prices are in US dollars")
    assert found.place is not None
    assert (found.place.line, found.place.column) == (3, 11)


def test_an_unknown_cloud(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(HEAD.replace("aws", "asw"))
    with pytest.raises(DiagnosticsError) as raised:
        with_books(AWS, read_books([path]))
    assert (raised.value.diagnostics[0].code, raised.value.diagnostics[0].hint) == (
        "GP706",
        "did you mean `aws`? known: aws, gcp",
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.yaml", None, "GP101"),
        ("book.txt", b"", "GP101"),
        ("empty.yaml", b"", "GP102"),
        ("list.yaml", b"- 1\n", "GP203"),
        ("latin.yaml", b"cloud: \xe9\n", "GP102"),
        ("large.yaml", b"# " + b"x" * 300_000, "GP105"),
        ("bytes.csv", b"\xff\xfe", "GP102"),
        ("empty.csv", b"", "GP705"),
    ],
)
def test_files_that_are_no_book(name: str, content: bytes | None, code: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DiagnosticsError) as raised:
        with_books(AWS, read_books([tmp_path / name]))
    assert [found.code for found in raised.value.diagnostics] == [code]


def test_a_folder_is_no_book(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DiagnosticsError) as raised:
        with_books(AWS, read_books([tmp_path / "folder.csv"]))
    assert raised.value.diagnostics[0].code == "GP101"


def test_every_broken_row_of_a_table_is_said() -> None:
    with pytest.raises(DiagnosticsError) as raised:
        read_csv(CSV_HEAD + ROW.replace("0.61", "") + ROW.replace("hour", ""), "book.csv")
    assert [found.place and found.place.line for found in raised.value.diagnostics] == [2, 3]


@given(st.text(max_size=200))
def test_no_text_is_a_traceback(text: str) -> None:
    for read in (read_csv, read_yaml):
        with pytest.raises(DiagnosticsError):
            read(text, "book")


def test_check_finds_what_only_a_clock_knows(tmp_path: Path) -> None:
    path = tmp_path / "book.yaml"
    path.write_text(HEAD + "prices: [{item: g6.xlarge, region: us-east-1, usd: 1, as_of: 2027-01-01}]\n")
    (checked,) = check_books([path], TODAY)
    assert [(found.code, found.message) for found in checked.findings] == [
        ("GP708", "the price is dated 2027-01-01, in the future")
    ]


def test_check_lays_files_over_each_other(tmp_path: Path) -> None:
    region, price = tmp_path / "region.yaml", tmp_path / "price.yaml"
    region.write_text(
        HEAD
        + "regions: [{name: mx-central-1, title: Mexico, zones: [a]}]\n"
        + "offers: [{region: mx-central-1, items: [g6.xlarge]}]\n"
    )
    price.write_text(HEAD + "prices: [{item: g6.xlarge, region: mx-central-1, usd: 1}]\n")
    assert [checked.findings for checked in check_books([region, price], TODAY)] == [(), ()]
    assert check_books([price], TODAY)[0].findings[0].code == "GP706"
