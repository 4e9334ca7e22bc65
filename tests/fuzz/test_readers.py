"""Whatever a reader is fed, it returns a value that can be used or raises a DiagnosticsError that can be shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan import paths
from groundplan.app.books import with_books
from groundplan.check.mapping import Mapper
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.clouds.planned import Planned
from groundplan.components.load import components
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.cost.findings import findings
from groundplan.cost.plan import (
    decoded,
    difference,
    moved,
    price_plan,
    prior_state,
    read_plan,
    read_usage,
    usage_keys,
)
from groundplan.diagnostics import DiagnosticsError
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.lock import read_lock
from groundplan.hcl.sources import Sources
from groundplan.prices.csv_book import COLUMNS
from groundplan.prices.read import read_book
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from groundplan.stack.kept import NOTHING, Kept
from groundplan.terraform.archive import KINDS, SCHEMA_FOLDER, SchemaArchive, read_schema_file
from groundplan.terraform.plugin.messages import provider_schema
from groundplan.terraform.screen import screen
from groundplan.views import cost as view
from groundplan.views import plan_change
from groundplan.views.diagnostics import render_diagnostics, to_json
from tests.fuzz.conftest import Feed
from tests.fuzz.inputs import as_json, bytes_like, trees_like

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
VALID = REPOSITORY / "tests" / "specs" / "valid"


@contextmanager
def shown() -> Iterator[None]:
    """Whatever is wrong is a finding with a code, and can be printed."""
    try:
        yield
    except DiagnosticsError as error:
        assert error.diagnostics
        text = render_diagnostics(error.diagnostics, color=False)
        assert text.encode() and "\x1b" not in text
        assert json.dumps([to_json(one) for one in error.diagnostics], ensure_ascii=False).encode()


def cloud(name: str) -> Cloud:
    found = find_cloud(name)
    assert found is not None
    return found


# the spec

SPECS = [path.read_bytes() for path in sorted(VALID.glob("*.yaml")) if b"extends:" not in path.read_bytes()]
SPEC_TREES = [yaml.safe_load(text) for text in SPECS]
SPEC_WORDS = sorted({word for text in SPECS for word in re.findall(r"[\w./-]{2,}", text.decode())})


def spec(data: bytes) -> None:
    """Read, resolved, and priced."""
    with shown():
        found = parse(load(Path("spec.yaml"), read=lambda _: data))
        at = cloud(found.cloud.provider)
        stack = resolve(found, at, NOTHING)
        report = estimate(stack, at, components())
        assert view.text(report, color=False)


def test_spec_bytes(feed: Feed) -> None:
    assert feed(bytes_like(SPECS), spec)


def test_spec_values(feed: Feed) -> None:
    assert feed(trees_like(SPEC_TREES, SPEC_WORDS), lambda tree: spec(_yaml(tree)))


def _yaml(tree: Any) -> bytes:
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode("utf-8", errors="replace")


# the lock

LOCKS = [path.read_bytes() for path in sorted((REPOSITORY / "environments").glob(f"*/{LOCK_FILE}"))]


@cache
def _spec_of_a_lock() -> Any:
    return parse(load(REPOSITORY / "environments" / "prod" / "groundplan.yaml"))


@pytest.fixture
def lock(tmp_path: Path) -> Any:
    def target(data: bytes) -> None:
        """Read, and used as `check` and the next render do."""
        (tmp_path / LOCK_FILE).write_bytes(data)
        with shown():
            found = read_lock(tmp_path)
            assert found is not None
            mapper = Mapper(tmp_path, found, Sources(tmp_path, ()))
            for root, calls in found.calls.items():
                for address in calls:
                    call = mapper.call(root, address)
                    assert call is None or call.place is None or not call.place.file.startswith("/")
            kept = found.kept
            asked = _spec_of_a_lock()
            resolve(asked, cloud("aws"), Kept(f"aws {asked.cloud.region}", kept.values))

    return target


def test_lock_bytes(feed: Feed, lock: Any) -> None:
    assert feed(bytes_like(LOCKS), lock)


def test_lock_values(feed: Feed, lock: Any) -> None:
    trees = [json.loads(text) for text in LOCKS]
    assert feed(trees_like(trees), lambda tree: lock(as_json(tree)))
    decisions = [tree["decisions"] for tree in trees]
    words = ["use1-az1, use1-az1, use1-az1", "1.99", "g6.xlarge, g6.xlarge", ", , ", "m6i.large 9e99"]
    assert feed(trees_like(decisions, words), lambda tree: lock(as_json({**trees[0], "decisions": tree})))


# Terraform's language

MODULES = [path for path in sorted(paths.MODULES.rglob("*.tf")) if path.stat().st_size < 6_000]
SOURCES = [path.read_bytes() for path in MODULES]
JSON_SOURCES: list[Any] = [
    {
        "terraform": [{"required_version": ">= 1.11", "required_providers": {"aws": {"source": "hashicorp/aws"}}}],
        "variable": {"a": {"type": "string", "default": "${1 + 1}"}},
        "resource": {"aws_vpc": {"main": {"cidr_block": "10.0.0.0/16", "tags": {"a": "${var.a}"}}}},
        "module": {"m": {"source": "./m", "providers": {"aws": "aws"}}},
        "//": "a comment",
    }
]


@pytest.fixture
def source(tmp_path: Path) -> Any:
    def target(data: bytes, name: str) -> None:
        """Screened, and read where the screen lets it pass or not."""
        for file in tmp_path.iterdir():
            file.unlink()
        (tmp_path / name).write_bytes(data)
        with shown():
            render_diagnostics(screen(tmp_path), color=False)
            found = Sources(tmp_path, (".",))
            for block in found.module("."):
                found.place(".", ".".join((block.type, *block.labels)))

    return target


def test_hcl_bytes(feed: Feed, source: Any) -> None:
    assert feed(bytes_like(SOURCES), lambda data: source(data, "main.tf"))


def test_hcl_json_bytes(feed: Feed, source: Any) -> None:
    assert feed(bytes_like([as_json(tree) for tree in JSON_SOURCES]), lambda data: source(data, "main.tf.json"))


def test_hcl_json_values(feed: Feed, source: Any) -> None:
    words = ["terraform", "resource", "module", "source", "provisioner", '${file("/etc/passwd")}', "%{ if true }"]
    assert feed(trees_like(JSON_SOURCES, words), lambda tree: source(as_json(tree), "main.tf.json"))


# a plan

PLAN_WORDS = sorted(
    {
        word
        for name in CLOUDS
        for file in (REPOSITORY / "generator/groundplan/clouds" / name).glob("planned/*.py")
        for word in re.findall(r'"([\w.-]+)"', file.read_text(encoding="utf-8"))
    }
)


SERVICES = (("aws_ecs_service", "aws_ecs_task_definition"), ("aws_appautoscaling_target", "aws_ecs_service"))
REFERENCES = ("launch_template", "task_definition", "resource_id", "log_destination", "destination")


def _refers(key: str, name: str) -> Any:
    """What the configuration writes for an argument that refers to the resource."""
    return [{"id": {"references": [name]}}] if key == "launch_template" else {"references": [name]}


def _plans() -> list[Any]:
    """A plan of every type that a cloud bills for, with values that its rules read."""
    values = {
        **{
            "region": "us-east-1",
            "zone": "us-central1-a",
            "instance_type": "m6i.large",
            "machine_type": "n1-standard-8",
        },
        **{"size": 10, "type": "gp3", "allocated_storage": 20, "instance_class": "db.t4g.medium", "engine": "postgres"},
        **{"scaling_config": [{"desired_size": 1, "max_size": 4}], "instance_types": ["g6.xlarge"], "multi_az": True},
        **{
            "settings": [{"tier": "db-custom-2-7680", "disk_size": 10}],
            "guest_accelerator": [{"type": "nvidia-tesla-t4", "count": 1}],
        },
        **{
            "subnet_ids": ["a", "b"],
            "vpc_endpoint_type": "Interface",
            "retention_in_days": 30,
            "cpu": "256",
            "memory": "512",
        },
    }
    limits = {"resources": [{"limits": {"cpu": "1.5", "memory": "512Mi"}, "cpu_idle": False}]}
    scaling = {"min_instance_count": 1, "max_instance_count": 3}
    values |= {
        "template": [{"scaling": [scaling], "containers": [limits]}],
        "autoscaling": [{"min_node_count": 1, "max_node_count": 3}],
        "node_config": [{"machine_type": "n1-standard-8", "disk_size_gb": 100, "disk_type": "pd-ssd"}],
        "boot_disk": [{"initialize_params": [{"size": 10, "type": "pd-ssd"}]}],
        "block_device_mappings": [{"ebs": [{"volume_size": 50, "volume_type": "gp3"}]}],
        "metric_query": [{"metric": [{}]}, {}],
        "filter": 'log_id("compute.googleapis.com/vpc_flows")',
        **{"launch_type": "FARGATE", "desired_count": 2, "max_capacity": 4, "node_count": 2, "disk_size": 20},
    }
    plans = []
    for name in CLOUDS:
        planned = cloud(name).extension("planned")
        assert planned is not None
        types = [*planned.PLANNED.uses, *planned.PLANNED.on_cluster]
        made = [{"address": f"{one}.a", "mode": "managed", "type": one, "name": "a", "values": values} for one in types]
        written = [
            {"address": f"{one}.a", "expressions": {key: _refers(key, f"{two}.a") for key in REFERENCES}}
            for one, two in [*pairwise(types), *SERVICES]
        ]
        inner = {"address": "module.m", "resources": made[:3]}
        unknown = {"iops": True, "launch_template": [{"id": True}], "settings": [{"tier": True}]}
        changes = [{"address": one["address"], "change": {"after_unknown": unknown}} for one in made]
        provider = {name: {"name": name, "expressions": {"region": {"references": ["var.region"]}}}}
        plans.append(
            {
                "format_version": "1.2",
                "variables": {"region": {"value": "us-east-1"}},
                "planned_values": {"root_module": {"resources": made, "child_modules": [inner]}},
                "configuration": {"provider_config": provider, "root_module": {"resources": written}},
                "resource_changes": changes,
                "prior_state": {"values": {"root_module": {"resources": made[:2]}}},
            }
        )
    return plans


def plan(data: bytes) -> None:
    """Priced, set against the state before it, and shown in every way."""
    with shown():
        read = read_plan(decoded(data, "plan.json"), "plan.json")
        report = price_plan(read, "plan.json", "us-east-1")
        assert view.plan_text(report, color=False).encode()
        assert json.dumps(view.plan_json(report), allow_nan=False)
        before = price_plan(prior_state(read), "plan.json", "us-east-1")
        change = difference(before, report, "before", moved(read))
        assert plan_change.text(change, color=False) and plan_change.markdown(change)
        assert json.dumps(plan_change.as_json(change), allow_nan=False)
        assert render_diagnostics(findings(report.cost), color=False) is not None


def test_plan_bytes(feed: Feed) -> None:
    assert feed(bytes_like([as_json(tree) for tree in _plans()]), plan)


def test_plan_values(feed: Feed) -> None:
    assert feed(trees_like(_plans(), PLAN_WORDS), lambda tree: plan(as_json(tree)))


# a usage file

USAGE = """\
version: 0.1
resource_type_default_usage:
  aws_nat_gateway: {monthly_data_processed_gb: 5}
resource_usage:
  module.m[*].aws_s3_bucket.b["x"]: {standard: {storage_gb: [1, 2, 3]}, object_tags: }
  google_storage_bucket.b: {storage_gb: 1.5}
"""


def test_usage_bytes(feed: Feed) -> None:
    def read(data: bytes) -> None:
        with shown():
            file = read_usage(data, "usage.yml", usage_keys())
            bucket = Planned("google_storage_bucket.b", "google_storage_bucket", "", {})
            file.saw([bucket])
            assert file.of(bucket, "storage_gb") is None or file.findings() is not None

    assert feed(bytes_like([USAGE.encode()]), read)


# price books

ROW = "aws,us-east-1,g6.xlarge,on_demand,,,,0.61,,hour,,2026-11-01,contract"
TABLES = [
    "\n".join(
        (
            ",".join(COLUMNS),
            ROW,
            "aws,us-west-2,g6.xlarge,commit_1y,partial,1000,,0.2,,hour,,2026-11-01,contract",
            "aws,us-west-2,g6.2xlarge,spot,,,0.1,0.2,0.3,hour,,2026-11-01,contract",
            "aws,us-east-1,egress.zone,list,,,,0.01,,gib,,2026-11-01,contract",
        )
    ).encode()
]
BOOK = {
    "apiVersion": "groundplan-prices/v1",
    "cloud": "aws",
    "currency": "USD",
    "source": "agreement",
    "as_of": date(2026, 11, 1),
    "discounts": [{"percent": 12.5, "family": "g6", "region": "us-*", "option": "on_demand"}],
    "prices": [
        {"item": "g6.xlarge", "region": "us-west-2", "option": "spot", "usd": 0.5, "usd_low": 0.1, "usd_high": 0.9},
        {"item": "egress.zone", "region": "us-west-2", "tiers": [{"from": 0, "usd": 0.02}, {"from": 100, "usd": 0.01}]},
    ],
    "regions": [{"name": "mx-central-1", "title": "Mexico", "zones": ["a", "b"]}],
    "offers": [{"region": "mx-central-1", "items": ["g6.xlarge"], "zones": ["a"]}],
}


@pytest.fixture
def book(tmp_path: Path) -> Any:
    def target(data: bytes, name: str) -> None:
        """Read, laid over the cloud's own, and used to price an environment."""
        (tmp_path / name).write_bytes(data)
        with shown():
            at = with_books(cloud("aws"), read_book(tmp_path / name))
            stack = resolve(_spec_of_a_lock(), at, NOTHING)
            report = estimate(stack, at, components())
            assert view.text(report, color=False)
            assert json.dumps(view.as_json(report), allow_nan=False)

    return target


def test_price_table_bytes(feed: Feed, book: Any) -> None:
    assert feed(bytes_like(TABLES), lambda data: book(data, "book.csv"))


def test_price_table_cells(feed: Feed, book: Any) -> None:
    rows = [[line.split(",") for line in table.decode().split("\n")] for table in TABLES]
    words = ["0", "-1", "1e9", "0.000000001", "10000000", "all", "none", "commit_3y", '"', "2027-13-01", "g6.2xlarge"]
    assert feed(trees_like(rows, words), lambda tree: book(_table(tree), "book.csv"))


def _table(tree: Any) -> bytes:
    rows = (",".join(map(str, row)) if isinstance(row, list) else str(row) for row in tree)
    return "\n".join(rows).encode("utf-8", errors="replace")


def test_price_book_bytes(feed: Feed, book: Any) -> None:
    assert feed(bytes_like([_yaml(BOOK)]), lambda data: book(data, "book.yaml"))


def test_price_book_values(feed: Feed, book: Any) -> None:
    words = ["g6.2xlarge", "us-west-2", "list", "commit_3y", "all", "partial", "payment", "upfront_usd", "*a*b*c"]
    assert feed(trees_like([BOOK], words), lambda tree: book(_yaml(tree), "book.yaml"))


# provider schemas


@cache
def _schemas() -> list[Any]:
    shipped = SchemaArchive(SCHEMA_FOLDER / "tls.zip").load()
    provider = {KINDS[kind]: dict(types) for kind, types in shipped.types.items()}
    return [
        {"format_version": "1.0", "provider_schemas": {"hashicorp/tls": {**provider, "provider": shipped.provider}}}
    ]


@pytest.fixture
def schema(tmp_path: Path) -> Any:
    def target(data: bytes) -> None:
        """Read, and made into what the plugin serves."""
        (tmp_path / "schema.json").write_bytes(data)
        with shown():
            for provider in read_schema_file(tmp_path / "schema.json"):
                assert [*map(provider.names, KINDS)] and provider_schema(provider.load()) is not None

    return target


def test_schema_bytes(feed: Feed, schema: Any) -> None:
    assert feed(bytes_like([as_json(tree) for tree in _schemas()]), schema)


def test_schema_values(feed: Feed, schema: Any) -> None:
    words = ["list", "set", "map", "object", "single", "nested_type", "block_types", "attributes", "nesting_mode"]
    assert feed(trees_like(_schemas(), words), lambda tree: schema(as_json(tree)))
