"""What the Price List says of items, and of machines where it is not plain: units, tiers, parts, files, refusals."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from groundplan.clouds.aws.refresh import questions_by
from groundplan.clouds.aws.refresh.files import lines_of
from groundplan.clouds.aws.refresh.plans import plan_price
from groundplan.preflight.model import UnreachableError
from groundplan.prices.fresh import KINDS, Fresh, Wanted
from tests.unit.prices.aws_lists import (
    MACHINES,
    NOW,
    REGION,
    Account,
    dimension,
    dimensions,
    listed,
    rate,
    read,
    units,
    wanted,
)

PREAMBLE = (
    '"FormatVersion","v1.0"\n"Disclaimer","This pricing list is for informational purposes only."\n'
    '"Publication Date","2026-11-20T00:00:00Z"\n"Version","20261120000000"\n"OfferCode","AWSDataTransfer"\n'
)
COLUMNS = (
    *("SKU", "OfferTermCode", "RateCode", "TermType", "PriceDescription", "EffectiveDate", "StartingRange"),
    *("EndingRange", "Unit", "PricePerUnit", "Currency", "Product Family", "serviceCode", "Location", "Instance Type"),
    *("Database Engine", "Deployment Option", "Transfer Type", "From Region Code", "To Location", "usageType"),
    *("operation", "Region Code", "serviceName"),
)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    made = Account(ec2=True)
    yield made
    for stub in made.stubs.values():
        stub.assert_no_pending_responses()


def items(*names: str) -> Wanted:
    return wanted(*names, kinds=("items",))


def found(fresh: Fresh) -> list[tuple[str, Decimal, int]]:
    return [(price.item, price.usd, price.tier_from) for price in fresh.prices]


def reasons(fresh: Fresh) -> dict[str, str]:
    return {one.item: one.reason for one in fresh.unmapped}


def asked_of(account: Account, item: str, service: str, family: str, *products: Any) -> Fresh:
    account.products(service, {"regionCode": REGION, "productFamily": family}, list(products))
    return read(account, items(item))


def price_file(*rows: dict[str, str]) -> list[str]:
    """The lines of a price file with those cells."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([row.get(name, "") for name in COLUMNS])
    return (PREAMBLE + stream.getvalue()).splitlines()


def row(sku: str, usd: str, usage: str, **cells: str) -> dict[str, str]:
    named = {name.replace("_", " "): value for name, value in cells.items()}
    return {
        "SKU": sku,
        "TermType": "OnDemand",
        "EffectiveDate": "2026-11-01",
        "StartingRange": "0",
        "Unit": "GB",
        "PricePerUnit": usd,
        "Currency": "USD",
        "Product Family": "Data Transfer",
        "usageType": usage,
        **named,
    }


def test_keys_have_the_name_of_the_region_before_their_usage(account: Account) -> None:
    """`eu-central-1-KMS-Keys`, where others have `EUC1-`."""
    fresh = asked_of(
        account, "keys.key", "awskms", "Encryption Key", listed("1", "Keys", usagetype="eu-central-1-KMS-Keys")
    )
    assert found(fresh) == [("keys.key", 1, 0)]


@pytest.mark.parametrize("usage", ["EUC1-LoadBalancerUsage", "EU-LoadBalancerUsage", "LoadBalancerUsage"])
def test_prefixes_of_regions(account: Account, usage: str) -> None:
    other = listed("0.0055", usagetype="EUC1-TS-LoadBalancerUsage", locationType="AWS Region")
    traffic_shaping = listed("0.0055", usagetype="TS-LoadBalancerUsage", locationType="AWS Region")
    outposts = listed("0.09", usagetype="EUC1-LoadBalancerUsage", locationType="AWS Outposts")
    meant = listed("0.027", usagetype=usage, locationType="AWS Region")
    account.products(
        "AWSELB",
        {"regionCode": REGION, "productFamily": "Load Balancer-Application", "locationType": "AWS Region"},
        [other, traffic_shaping, outposts, meant],
    )
    assert found(read(account, items("load_balancer.application"))) == [
        ("load_balancer.application", Decimal("0.027"), 0)
    ]


def test_an_item_that_is_billed_in_parts_is_their_sum(account: Account) -> None:
    fresh = asked_of(
        account,
        "cluster.control_plane_extended",
        "AmazonEKS",
        "Compute",
        listed("0.10", usagetype="EUC1-AmazonEKS-Hours:perCluster"),
        listed("0.50", usagetype="EUC1-AmazonEKS-Hours:extendedSupport"),
    )
    assert found(fresh) == [("cluster.control_plane_extended", Decimal("0.60"), 0)]


def test_without_one_of_its_parts_it_has_no_price(account: Account) -> None:
    fresh = asked_of(
        account,
        "cluster.control_plane_extended",
        "AmazonEKS",
        "Compute",
        listed("0.10", usagetype="EUC1-AmazonEKS-Hours:perCluster"),
    )
    assert found(fresh) == []
    assert "cluster.control_plane_extended" in reasons(fresh)


def test_tiers_that_are_products_of_their_own(account: Account) -> None:
    usages = {"io2.tier2": "0.0455", "io2": "0.065", "io2.tier3": "0.03185"}
    made = [listed(usd, "IOPS-Mo", usagetype=f"EUC1-EBS:VolumeP-IOPS.{name}") for name, usd in usages.items()]
    fresh = asked_of(account, "disk.io2_iops", "AmazonEC2", "System Operation", *made)
    assert found(fresh) == [
        ("disk.io2_iops", Decimal("0.065"), 0),
        ("disk.io2_iops", Decimal("0.0455"), 32000),
        ("disk.io2_iops", Decimal("0.03185"), 64000),
    ]


def test_after_a_free_tier_the_next_begins_at_nothing(account: Account) -> None:
    requests = listed("0.0", "Requests", usagetype="eu-central-1-KMS-Requests")
    dimensions(requests)["paid"] = dimension("0.000003", "Requests", "20000")
    fresh = asked_of(account, "keys.request", "awskms", "API Request", requests)
    assert found(fresh) == [("keys.request", Decimal("0.000003"), 0)]


def test_amounts_are_of_the_items_own_unit(account: Account) -> None:
    """Samples are listed one by one and booked by the million, their tiers too."""
    samples = listed("0.00000009", "Metric Datapoints", "40000000", usagetype="EUC1-AMP:MetricSampleCount")
    dimensions(samples)["second"] = dimension("0.000000035", "Metric Datapoints", "2000000000")
    account.products("AmazonPrometheus", {"regionCode": REGION}, [samples])
    assert found(read(account, items("metrics.samples_ingested"))) == [
        ("metrics.samples_ingested", Decimal("0.09"), 0),
        ("metrics.samples_ingested", Decimal("0.035"), 2000),
    ]


def test_what_has_no_price_is_told_with_the_reason(account: Account) -> None:
    free = asked_of(
        account, "keys.key", "awskms", "Encryption Key", listed("0", "Keys", usagetype="eu-central-1-KMS-Keys")
    )
    assert reasons(free) == {"keys.key": "the Price List has it for nothing"}
    other = asked_of(
        account, "keys.key", "awskms", "Encryption Key", listed("1", "Days", usagetype="eu-central-1-KMS-Keys")
    )
    assert reasons(other) == {"keys.key": "the Price List counts it in Days, not in keys"}
    yuan = listed("1", "Keys", usagetype="eu-central-1-KMS-Keys")
    next(iter(dimensions(yuan).values()))["pricePerUnit"] = {"CNY": "7.1"}
    foreign = asked_of(account, "keys.key", "awskms", "Encryption Key", yuan)
    assert reasons(foreign) == {"keys.key": "the Price List has no price in US dollars of it"}
    nothing = asked_of(account, "keys.key", "awskms", "Encryption Key")
    assert reasons(nothing) == {"keys.key": f"the Price List has no such price in {REGION}"}


def test_what_is_in_force_counts_not_what_will_be(account: Account) -> None:
    key = listed("1", "Keys", usagetype="eu-central-1-KMS-Keys")
    (term,) = key["terms"]["OnDemand"].values()
    later = {**term, "effectiveDate": f"{NOW + timedelta(days=9):%Y-%m-%dT00:00:00Z}"}
    later["priceDimensions"] = {"later": dimension("2", "Keys")}
    earlier = {**term, "effectiveDate": "2020-01-01T00:00:00Z", "priceDimensions": {"old": dimension("3", "Keys")}}
    key["terms"]["OnDemand"] |= {"later": later, "earlier": earlier}
    assert found(asked_of(account, "keys.key", "awskms", "Encryption Key", key)) == [("keys.key", 1, 0)]


def test_several_products_that_differ_are_none(account: Account) -> None:
    fresh = asked_of(
        account,
        "keys.key",
        "awskms",
        "Encryption Key",
        listed("1", "Keys", usagetype="eu-central-1-KMS-Keys"),
        listed("2", "Keys", usagetype="KMS-Keys"),
    )
    assert found(fresh) == []
    (doubt,) = fresh.ambiguous
    assert doubt.reason.startswith("2 products state different list prices: $1 (SKU")
    assert doubt.region == REGION


def test_databases_of_one_engine_in_one_zone_and_with_a_standby(account: Account) -> None:
    def database(usd: str, usage: str, deployment: str, **others: str) -> dict[str, Any]:
        attributes = {"usagetype": f"EUC1-{usage}:db.t4g.medium", "databaseEngine": "PostgreSQL", **others}
        return listed(usd, instanceType="db.t4g.medium", deploymentOption=deployment, **attributes)

    account.products(
        "AmazonRDS",
        {"regionCode": REGION, "productFamily": "Database Instance", "databaseEngine": "PostgreSQL"},
        [
            database("0.08", "InstanceUsage", "Single-AZ"),
            database("0.16", "Multi-AZUsage", "Multi-AZ"),
            database("0.2", "Multi-AZClusterUsage", "Multi-AZ (readable standbys)"),
            database("9", "InstanceUsage", "Single-AZ", databaseEngine="Oracle"),
            database("9", "InstanceUsage", "Single-AZ", regionCode="us-east-1"),
        ],
    )
    assert found(read(account, items("database.db.t4g.medium", "database.db.t4g.medium_ha"))) == [
        ("database.db.t4g.medium", Decimal("0.08"), 0),
        ("database.db.t4g.medium_ha", Decimal("0.16"), 0),
    ]


def test_price_files_have_traffic(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    out = {"Transfer_Type": "AWS Outbound", "To_Location": "External", "From_Region_Code": REGION}
    text = price_file(
        row("F", "0.085", "EUC1-DataTransfer-Out-Bytes", StartingRange="10240", **out),
        row("F", "0.09", "EUC1-DataTransfer-Out-Bytes", **out),
        row("G", "0.02", "EUC1-USE1-AWS-Out-Bytes", **{**out, "Transfer_Type": "InterRegion Outbound"}),
        row("H", "9", "EUC1-DataTransfer-Out-Bytes", **{**out, "TermType": "Reserved"}),
        row("I", "9", "DataTransfer-Out-Bytes", **{**out, "From_Region_Code": "us-east-1"}),
        row("J", "9", "EUC1-DataTransfer-Regional-Bytes", **out),
    )
    monkeypatch.setattr("groundplan.clouds.aws.refresh.files.lines", lambda _: iter(text))
    account.file("AWSDataTransfer")
    fresh = read(account, items("egress.internet"))
    assert found(fresh) == [("egress.internet", Decimal("0.09"), 0), ("egress.internet", Decimal("0.085"), 10240)]
    assert fresh.refused == ()


def test_a_download_that_breaks_off_is_repeated_and_leaves_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = price_file(row("A", "0.01", "EUC1-DataTransfer-Regional-Bytes"))
    tried: list[str] = []

    def broken(url: str) -> Iterator[str]:
        tried.append(url)
        yield from text[:7]
        raise OSError("IncompleteRead(7 bytes read, 9 more expected)")

    monkeypatch.setattr("groundplan.clouds.aws.refresh.files.lines", broken)
    account.file("AWSDataTransfer")
    fresh = read(account, items("egress.zone"))
    assert fresh.prices == ()
    assert len(tried) == 3
    (refused,) = fresh.refused
    assert (refused.question, refused.passing) == (f"price file of AWSDataTransfer in {REGION}", True)
    assert "9 more expected" in refused.reason


@pytest.mark.parametrize("text", [[], ["nothing of the kind"] * 99, [*PREAMBLE.splitlines(), '"SKU","x'], ['"SKU']])
def test_a_file_of_anything_else_is_refused(account: Account, monkeypatch: pytest.MonkeyPatch, text: list[str]) -> None:
    monkeypatch.setattr("groundplan.clouds.aws.refresh.files.lines", lambda _: iter(text))
    account.file("AWSDataTransfer")
    fresh = read(account, items("egress.zone"))
    assert (fresh.prices, len(fresh.refused)) == ((), 1)


@pytest.mark.parametrize(
    "url", ["http://pricing.us-east-1.amazonaws.com/x", "https://example.com/x", "file:///etc/passwd"]
)
def test_files_come_from_aws_alone(account: Account, url: str) -> None:
    account.file("AWSDataTransfer", url)
    (refused,) = read(account, items("egress.zone")).refused
    assert refused.reason == "the address of the price file is none of AWS"


def test_a_region_without_a_price_file_has_no_such_price(account: Account) -> None:
    account.file("AWSDataTransfer", None)
    assert reasons(read(account, items("egress.zone"))) == {
        "egress.zone": f"the Price List has no such price in {REGION}"
    }


def test_lines_are_put_together_from_pieces() -> None:
    assert list(lines_of([b"a,b\nc", b",d", b"\n\xc3", b"\xa9"])) == ["a,b", "c,d", "é"]


def test_a_line_that_does_not_end_is_refused() -> None:
    with pytest.raises(OSError, match="does not end"):
        list(lines_of([b"x" * 65536] * 20))


def test_a_single_machine_is_asked_for_by_its_name(account: Account) -> None:
    one = replace(wanted(kinds=("on_demand",)), patterns=("g6.xlarge",))
    account.products(
        "AmazonEC2", {**MACHINES, "instanceType": "g6.xlarge"}, [listed("1.006", instanceType="g6.xlarge")]
    )
    assert found(read(account, one)) == [("g6.xlarge", Decimal("1.006"), 0)]


@pytest.mark.parametrize("kinds", [("spot",), ("items",), ("commitments",), ("on_demand",)])
def test_only_what_is_wanted_is_asked(account: Account, kinds: Any) -> None:
    asked = questions_by(account.client, wanted("keys.key", kinds=kinds))
    assert asked
    assert all(question.kinds <= set(kinds) for question in asked)


def test_every_question_has_a_title_of_its_own(account: Account) -> None:
    """By which its answer is kept."""
    everything = replace(wanted(*units(), kinds=KINDS), regions=(REGION, "us-east-1"))
    titles = [question.title for question in questions_by(account.client, everything)]
    assert len(titles) > 50
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("code", ["ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException"])
def test_expired_credentials_end_everything(account: Account, code: str) -> None:
    account.stubs["pricing"].add_client_error("get_products", code, "The security token is expired", 400)
    with pytest.raises(UnreachableError) as raised:
        read(account, items("keys.key", "secrets.secret"))
    assert "goes on where it stopped" in raised.value.hint


def test_a_region_that_is_not_turned_on_is_no_reason_to_stop(account: Account) -> None:
    account.stubs["ec2"].add_client_error("describe_availability_zones", "AuthFailure", "not able to validate", 401)
    (refused,) = read(account, wanted(kinds=("spot",))).refused
    assert (refused.hint, refused.passing) == (
        "turn the region on for the account, or leave it out with --region",
        False,
    )


def spot_row(zone: str, usd: str, hours: int = 1, name: str = "g6.xlarge") -> dict[str, Any]:
    moment = NOW - timedelta(hours=hours)
    return {
        "AvailabilityZone": zone,
        "InstanceType": name,
        "ProductDescription": "Linux/UNIX",
        "SpotPrice": usd,
        "Timestamp": moment,
    }


def test_spot_is_of_zones_that_offer_the_machine(account: Account) -> None:
    """Names of zones are an account's own; local zones, and zones without the machine, have prices all the same."""
    offer = wanted().catalog.offer(REGION, "g6.xlarge")
    assert offer is not None
    ids = dict(zip((f"{REGION}a", f"{REGION}b"), reversed(offer.zones[:2]), strict=True)) | {f"{REGION}c": "euc1-az99"}
    zones = [{"ZoneName": name, "ZoneId": identity} for name, identity in ids.items()]
    only = {"Filters": [{"Name": "zone-type", "Values": ["availability-zone"]}]}
    account.stubs["ec2"].add_response("describe_availability_zones", {"AvailabilityZones": zones}, only)
    history = [
        spot_row(f"{REGION}a", "0.50", hours=40),
        spot_row(f"{REGION}a", "0.40"),
        spot_row(f"{REGION}b", "0.60"),
        spot_row(f"{REGION}c", "0.10"),
        spot_row(f"{REGION}-ham-1a", "0.05"),
        spot_row(f"{REGION}a", "0.01", name="zz.large"),
        spot_row(f"{REGION}b", "0.0"),
    ]
    account.stubs["ec2"].add_response("describe_spot_price_history", {"SpotPriceHistory": history, "NextToken": ""})
    one = replace(wanted(kinds=("spot",)), patterns=("g6.xlarge",))
    (price,) = read(account, one).prices
    assert (price.usd_low, price.usd, price.usd_high) == (Decimal("0.40"), Decimal("0.5"), Decimal("0.60"))


def test_rates_of_savings_plans_that_are_no_price_of_a_machine() -> None:
    good = rate("g6.xlarge", "0.7", "No Upfront", 1)
    names = {"g6.xlarge"}
    assert plan_price({**good, "usageType": "EUC1-BoxUsage:g6.xlarge"}, REGION, names) is not None
    assert plan_price({**good, "usageType": "EUC1-UnusedBox:g6.xlarge"}, REGION, names) is None
    assert (
        plan_price({**good, "savingsPlanOffering": {**good["savingsPlanOffering"], "currency": "CNY"}}, REGION, names)
        is None
    )
    assert plan_price({**good, "rate": "0"}, REGION, names) is None
