"""The cloud `tiny`: everything that groundplan asks of a cloud, in as few lines as it takes."""

from __future__ import annotations

from pathlib import Path

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.base import (
    Account,
    AddressPlan,
    Backend,
    Cloud,
    NameLimit,
    NameRules,
    NetworkRules,
    SpotRules,
    TerraformSetup,
)
from groundplan.clouds.nodes import Room
from groundplan.prices.book import PriceBook

FOLDER = Path(__file__).parent

TINY = Cloud(
    name="tiny",
    title="Tiny",
    package="tests.architecture.tiny",
    account=Account(
        pattern="[a-z]+-[0-9]",
        hint="letters, a hyphen and a digit",
        example="example-0",
    ),
    example_region="here-1",
    network=NetworkRules(
        id_pattern="net-[0-9]+",
        subnet_pattern="sub-[0-9]+",
        zonal_subnets=False,
        plan_addresses=lambda cidr, zones: AddressPlan({"streets": len(zones)}, (cidr,), 100),
    ),
    names=NameRules(
        limits={kind: NameLimit(kind, 60) for kind in ("bucket", "role", "node_group", "cluster", "repository")},
        path_separator="-",
        tag_pattern=".*",
        tag_hint="anything",
    ),
    spot=SpotRules(
        types=1,
        grace_seconds=10,
    ),
    terraform=TerraformSetup(
        providers={},
        kubernetes_providers={"kubernetes": "3.4.0", "helm": "3.3.0"},
        further_providers={},
        remote_backend=lambda state: Backend(
            "http", {"address": f"https://{state.region}.example.com/{state.bucket}/{state.path}"}
        ),
        templates=FOLDER / "templates",
        administrators="who applies it first",
        login="They know each other",
    ),
    allocatable=lambda node: Room(node.vcpus * 900, int(node.memory_gib * 800), node.disk_gib // 2),
    load_catalog=lambda: Catalog(FOLDER / "tables"),
    load_prices=lambda: PriceBook(FOLDER / "tables" / "prices"),
    not_billed={"keys.key": "keys cost nothing here"},
)
