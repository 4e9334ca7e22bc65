"""Edits of a spec and the classes that each must give, as `table.yaml` has them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
CLOUDS = ("aws", "gcp")
BASES = ("full", "lean", "ci")
_FILLED_IN = {
    "aws": {
        "cloud": '{provider: aws, region: us-east-1, account: "123456789012"}',
        "types": "[m7i.xlarge, m6i.xlarge]",
    },
    "gcp": {
        "cloud": "{provider: gcp, region: us-central1, account: example-project}",
        "types": "[n2-standard-4, n2d-standard-4]",
    },
}
_SAME = {
    "tracking.mlflow.database.memory_gib": "tracking.mlflow.database.vcpus",
    "tracking.mlflow.database.aws.allow_major_upgrade": "tracking.mlflow.database.postgres",
    "state.own_state": "state.bucket",
    "monitoring.grafana.url": "monitoring.prometheus",
    "cluster.gcp.release_channel": "cluster.version",
    "cluster.aws.node_release": "cluster.version",
    "tracking.mlflow.hosting": "tracking.mlflow",
}
"""Keys that decide the same thing together."""
_BESIDE = {"nodes", "update", "hours_per_month", "reads", "writes"}
MOST_AT_ONCE = 24
_CODE = re.compile(r"GP\d{3}")
_MISSING = object()
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What an edit must give: one class of each of `must`; those of `may` are no mistake; or a refusal."""

    must: tuple[tuple[str, ...], ...] = ()
    may: frozenset[str] = frozenset()
    refused: str = ""

    @property
    def allowed(self) -> frozenset[str]:
        """Every class that may be there, without the signs of costs."""
        return frozenset(kind.rstrip("+-") for kind in (*self.may, *(kind for kinds in self.must for kind in kinds)))


@dataclass(frozen=True, slots=True)
class Row:
    """One edit on one cloud."""

    edit: str
    cloud: str
    base: str
    values: Mapping[str, Any]
    """What the paths have after it; None: the key is gone."""
    renamed: Mapping[str, str]
    told: bool
    alone: bool
    spares: tuple[str, ...]
    facts: tuple[str, ...]
    there: Expected
    back: Expected | None
    """Of taking the edit back from the environment that has it; None: not tried."""

    def __str__(self) -> str:
        return f"{self.cloud}: {self.edit}"

    @property
    def paths(self) -> tuple[str, ...]:
        """Paths of the spec that it touches, before and after."""
        new = (f"{path.rpartition('.')[0]}.{name}" for path, name in self.renamed.items())
        return (*self.values, *self.renamed, *new)

    @property
    def keys(self) -> frozenset[str]:
        """Keys of the format that it edits, as docs/spec.md has them; a pool that serves counts as one that trains."""
        told = (f"{path}.renamed_from" for path in self.renamed if self.told)
        return frozenset(_key(path) for path in (*told, *self.renamed, *_leaves(self.values)))

    def apart_from(self, other: Row) -> bool:
        """Whether both can be tried at once: they touch different things, so that each entry leads back to one."""
        return not any(meet(_thing(one), _thing(two)) for one in self.paths for two in other.paths)

    def applied(self, spec: Values) -> Values:
        """The spec with the edit."""
        edited = copy.deepcopy(spec)
        for path, value in self.values.items():
            _set(edited, path.split("."), value)
        for path, name in self.renamed.items():
            _rename(edited, path.split("."), name, told=self.told)
        return edited


def base_spec(base: str, cloud: str) -> Values:
    """The spec that edits of the base start from."""
    text = (HERE / f"{base}.yaml").read_text(encoding="utf-8")
    for name, value in _FILLED_IN[cloud].items():
        text = text.replace(f"{{{name}}}", value)
    spec: Values = yaml.safe_load(text)
    return spec


def rows() -> list[Row]:
    """Every edit, on each cloud that the table has it for."""
    table = yaml.safe_load((HERE / "table.yaml").read_text(encoding="utf-8"))
    return [_row(entry, cloud) for entry in table for cloud in CLOUDS if "both" in entry or cloud in entry]


@dataclass(frozen=True, slots=True)
class Batch:
    """Edits that are tried at once."""

    cloud: str
    base: str
    rows: tuple[Row, ...]

    def __str__(self) -> str:
        first, *others = self.rows
        return f"{self.cloud}-{self.base}: {first.edit}" + (f" and {len(others)} others" if others else "")

    @property
    def there(self) -> Values:
        """The spec with all of them."""
        return _with(self.rows, base_spec(self.base, self.cloud))

    @property
    def back(self) -> Values:
        """The spec with those that are not tried back: the others are taken back."""
        return _with([row for row in self.rows if row not in self.returning], base_spec(self.base, self.cloud))

    @property
    def returning(self) -> tuple[Row, ...]:
        """Those that are tried back too."""
        return tuple(row for row in self.rows if row.back is not None and not row.back.refused)


def batches(tried: Sequence[Row]) -> list[Batch]:
    """The rows in as few batches as it takes; those that are refused or stand alone are in none with others."""
    found: list[list[Row]] = []
    for row in tried:
        fits = (
            batch
            for batch in found
            if len(batch) < MOST_AT_ONCE
            and not (row.alone or batch[0].alone)
            and (row.cloud, row.base) == (batch[0].cloud, batch[0].base)
            and all(row.apart_from(other) for other in batch)
        )
        batch = next(fits, None)
        if batch is None:
            found.append(batch := [])
        batch.append(row)
    return [Batch(rows[0].cloud, rows[0].base, tuple(rows)) for rows in found]


def _with(edited: Sequence[Row], spec: Values) -> Values:
    for row in edited:
        spec = row.applied(spec)
    return spec


def _row(entry: Mapping[str, Any], cloud: str) -> Row:
    back = entry.get(f"{cloud}_back", entry.get("both_back"))
    return Row(
        edit=entry["edit"],
        cloud=cloud,
        base=entry.get("base", "full"),
        values={**entry.get("set", {}), **entry.get(f"set_{cloud}", {})},
        renamed=entry.get("rename", {}),
        told=entry.get("told", False),
        alone=entry.get("alone", False),
        spares=tuple(entry.get("spares", ())),
        facts=tuple(entry.get("facts", ())),
        there=_expected(entry.get(cloud, entry.get("both"))),
        back=None if back is None else _expected(back),
    )


def _expected(said: str | Sequence[str]) -> Expected:
    if isinstance(said, str):
        assert _CODE.fullmatch(said), said
        return Expected(refused=said)
    must = tuple(tuple(kinds.split("|")) for kinds in said if not kinds.startswith("("))
    return Expected(must, frozenset(kind.strip("()") for kind in said if kind.startswith("(")))


def _thing(path: str) -> str:
    """What has its own resources: a pool, a bucket, a repository; else each key, and those that decide no machine."""
    keys = path.split(".")
    if keys[0] in ("training", "serving", "storage", "registry") and not _BESIDE.intersection(keys[3:4]):
        return ".".join(keys[:3])
    return _SAME.get(path, path)


def _leaves(values: Mapping[str, Any], under: str = "") -> Iterator[str]:
    """Paths of all that is in the values."""
    for key, value in values.items():
        yield f"{under}{key}"
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from _leaves(inner, f"{under}{key}.")


def _key(path: str) -> str:
    keys = path.replace("serving.pools", "training.pools").split(".")
    named = keys[1:2] in (["pools"], ["buckets"], ["repositories"], ["allow"], ["ignore"])
    return ".".join([*keys[:2], *(["<name>"] if named and keys[2:] else keys[2:3]), *keys[3:]])


def meet(one: str, other: str) -> bool:
    """Whether one of two paths is in the other, or is it."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _set(spec: Values, keys: Sequence[str], value: Any) -> None:
    *parents, last = keys
    for key in parents:
        spec = spec.setdefault(key, {})
    assert spec.get(last, _MISSING) != value, f"{'.'.join(keys)} is that already"
    if value is None:
        del spec[last]
    else:
        spec[last] = value


def _rename(spec: Values, keys: Sequence[str], name: str, *, told: bool) -> None:
    *parents, last = keys
    for key in parents:
        spec = spec[key]
    value = spec[last] or {}
    renamed = {name if key == last else key: inner for key, inner in spec.items()}
    renamed[name] = {**value, "renamed_from": last} if told else value
    spec.clear()
    spec.update(renamed)
