"""Reads the public tables that build_gcp.py makes the tables of GCP from."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

HOURS = 730
GPU_MODELS = {"l4", "a100", "a100-80gb", "h100-80gb", "h100-80gb-mega", "rtx6000"}
SHARED_VCPUS = {"e2-micro": 2, "e2-small": 2, "e2-medium": 2, "f1-micro": 1, "g1-small": 1}
NEVER_COMMITTED = {"f1-micro", "g1-small"}
"""Their month under a commitment is on the list, but is that of sustained use."""
UNLISTED = re.compile(
    r"(ct|tpu|custom|a3-edgegpu|a4x|m4n|n1-(megamem|ultramem)|m2-ultramem2?x|g4-standard-(6|12|24)$).*|.*-nolssd"
)
"""What these tables leave out: TPUs, sizes made to measure, parts of a GPU, older names of other types, and types for
which neither the spec has words nor a list a price. Google's list of types has them all the same."""


@dataclass(frozen=True)
class Machine:
    """What a machine type has."""

    vcpus: int
    memory_gib: Decimal
    gpu: str
    gpus: int
    local_storage_gib: int
    source: str = "gcosts"


@dataclass(frozen=True)
class Listed:
    """A machine's prices of one hour in one region; None where the list has none."""

    on_demand: Decimal | None
    spot: Decimal | None
    commit_1y: Decimal | None
    commit_3y: Decimal | None
    source: str = "gcosts"


@dataclass(frozen=True)
class Tables:
    """What was read: machines by name, and prices by region and name."""

    machines: dict[str, Machine]
    prices: dict[tuple[str, str], Listed]


def loaded(path: Path) -> Mapping[str, Any]:
    """A list of the gcosts calculator; its numbers as text, so that no digit is made up."""
    tables: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
    return tables


def read_list(tables: Mapping[str, Any]) -> Tables:
    """Machine types that these tables have, and their prices in every region."""
    found = Tables({}, {})
    for name, row in tables["compute"]["instance"].items():
        if UNLISTED.fullmatch(name):
            continue
        found.machines[name] = _machine(name, row)
        for region, cost in row.get("cost", {}).items():
            found.prices[region, name] = Listed(
                _usd(cost.get("hour")),
                _usd(cost.get("hour_spot")),
                *(_commitments(cost) if name not in NEVER_COMMITTED else (None, None)),
            )
    return found


def _machine(name: str, row: Mapping[str, Any]) -> Machine:
    gpu = next((key for key in row if key in GPU_MODELS), "")
    vcpus = SHARED_VCPUS.get(name) or int(Decimal(row["cpu"]))
    count, disk = int(row.get(gpu, 0)) if gpu else 0, int(row.get("local-ssd", 0))
    return Machine(vcpus, Decimal(row["ram"]), gpu, count, disk)


def _usd(text: str | None) -> Decimal | None:
    return Decimal(text or 0) or None


def _commitments(cost: Mapping[str, str]) -> tuple[Decimal | None, Decimal | None]:
    return _hourly(cost.get("month_1y")), _hourly(cost.get("month_3y"))


def _hourly(month: str | None) -> Decimal | None:
    usd = _usd(month)
    return usd and usd / HOURS


def read_spot(lists: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Decimal]]:
    """Spot prices of earlier lists, by region and name."""
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for tables in lists:
        for key, listed in read_list(tables).prices.items():
            if listed.spot:
                found[key].append(listed.spot)
    return found


def read_offered(path: Path) -> dict[str, list[tuple[str, int, Decimal]]]:
    """Types with vCPUs and GiB by region, as `gcloud compute machine-types list` has them."""
    found: dict[str, list[tuple[str, int, Decimal]]] = defaultdict(list)
    with path.open(newline="") as stream:
        for row in csv.DictReader(stream, delimiter=";"):
            if not UNLISTED.fullmatch(row["NAME"]):
                found[row["ZONE"]].append((row["NAME"], int(row["CPUS"]), Decimal(row["MEMORY_GB"])))
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table."""
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def series_of(name: str) -> str:
    """`c3d` of `c3d-standard-4-lssd`."""
    return name.partition("-")[0]


@dataclass(frozen=True)
class Zones:
    """The zones of each machine series, and of shapes and GPUs that are not in all of them."""

    series: Mapping[str, Mapping[str, Collection[str]]]
    shapes: Mapping[str, Mapping[str, Collection[str]]]

    @classmethod
    def read(cls, series: Path, shapes: Path) -> Zones:
        """From gcp_zones.csv and gcp_shapes.csv."""
        of_series: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in rows_of(series):
            for one in row["series"].split("|"):
                of_series[row["zone"].rpartition("-")[0]][one].add(row["zone"])
        of_shapes: dict[str, dict[str, set[str]]] = defaultdict(dict)
        for row in rows_of(shapes):
            of_shapes[row["shape"]][row["region"]] = set(row["zones"].split("|"))
        return cls(of_series, of_shapes)

    def of(self, region: str, name: str) -> tuple[str, ...]:
        """The zones that have the type: those of its series, of its shape and of its GPU; empty where unknown."""
        host = name.partition("+")[0]
        found = set(self.series.get(region, {}).get(series_of(host), ()))
        for key in _shapes(name):
            if key in self.shapes:
                found &= set(self.shapes[key].get(region, ()))
        return tuple(sorted(found))


def _shapes(name: str) -> Iterator[str]:
    """The keys of gcp_shapes.csv that say where the type is."""
    host, _, attached = name.partition("+")
    parts: Sequence[str] = host.split("-")
    own = parts[-1] in {"lssd", "metal"}
    yield f"{parts[0]}-{parts[-1]}" if own else f"{parts[0]}-{parts[1]}"
    if parts[0] == "c4" and parts[2:3] and parts[2] in {"144", "288"}:
        yield "c4-lssd"
    if attached:
        yield attached.partition("x")[2]
