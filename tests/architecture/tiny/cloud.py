"""The cloud `tiny`: everything that groundplan asks of a cloud, in as few lines as it takes."""

from __future__ import annotations

from pathlib import Path

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.base import AddressPlan, Backend, Cloud, NameLimit
from groundplan.prices.book import PriceBook

FOLDER = Path(__file__).parent

TINY = Cloud(
    name="tiny",
    title="Tiny",
    account_pattern="[a-z]+-[0-9]",
    account_hint="letters, a hyphen and a digit",
    example_account="example-0",
    example_region="here-1",
    network_pattern="net-[0-9]+",
    subnet_pattern="sub-[0-9]+",
    zonal_subnets=False,
    plan_addresses=lambda cidr, zones: AddressPlan({"streets": len(zones)}, (cidr,), 100),
    path_separator="-",
    spot_types=1,
    spot_grace_seconds=10,
    name_limits={kind: NameLimit(kind, 60) for kind in ("bucket", "role", "node_group", "cluster", "repository")},
    tag_value_pattern=".*",
    tag_value_hint="anything",
    providers={},
    kubernetes_providers={"kubernetes": "3.4.0", "helm": "3.3.0"},
    further_providers={},
    remote_backend=lambda bucket, key, region: Backend(
        "http", {"address": f"https://{region}.example.com/{bucket}/{key}"}
    ),
    administrators="who applies it first",
    templates=FOLDER / "templates",
    load_catalog=lambda: Catalog(FOLDER / "tables"),
    load_prices=lambda: PriceBook(FOLDER / "tables" / "prices"),
    package="tests.architecture.tiny",
    not_billed={"keys.key": "keys cost nothing here"},
)
