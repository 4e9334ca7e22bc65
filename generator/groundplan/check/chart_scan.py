"""checkov's findings about the objects of charts, and which of them are accepted: each with its reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from groundplan.charts.engine import Proven
from groundplan.charts.releases import ChartName
from groundplan.check.checkov import NO_REASON, CheckovError, Record, Scan
from groundplan.check.report import ScanCounts
from groundplan.diagnostics import Diagnostic, named, shortened

_NO_POLICY = "CKV2_K8S_6"
_POLICIES = ("kubernetes_network_policy_v1", "kubernetes_network_policy")
_ANY = "*"

Scanning = Callable[[Mapping[str, Mapping[str, Any]]], Scan]
"""A scan of objects, each in the file of this name. Raises CheckovError."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A check that objects of a chart of a repository may fail, and why; `*` stands for every chart."""

    repository: str
    chart: str
    check: str
    resource: str
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A record about an object, and the release that makes it."""

    proven: Proven
    record: Record

    @property
    def diagnostic(self) -> Diagnostic:
        """What is to be said of it, where it failed."""
        release, record = self.proven.found.release, self.record
        message = f"{record.id} {record.name}: {_kind_and_name(record.address)} of {release.name}"
        hint = record.remedy or "set it in the values, or skip it there by an annotation checkov.io/skip1: ID=reason"
        return Diagnostic("GP601", message, hint=hint, address=release.address)


def judged(scan: Scan, proven: Sequence[Proven], plans: Mapping[str, Mapping[str, Any]]) -> list[Judged]:
    """The records of a scan of `objects_of`; what is accepted counts as skipped, with the reason.

    `plans` tell which namespaces have a network policy for all of their pods.
    """
    closed = set(_closed(plans))
    found = []
    for record in scan.records:
        one = proven[_release_of(record.file)]
        reason = _reason(record, one, closed) if record.status == "failed" else None
        found.append(Judged(one, replace(record, status="skipped", reason=reason) if reason else record))
    return found


def objects_of(proven: Sequence[Proven]) -> dict[str, Mapping[str, Any]]:
    """The objects to scan, each in a file of its own: one that checkov cannot read is then no other's matter."""
    return {
        _file(index, number): _with_name(each.item)
        for index, one in enumerate(proven)
        for number, each in enumerate(one.objects)
    }


def scanned(scan: Scanning, proven: Sequence[Proven]) -> tuple[Scan, dict[int, str]]:
    """A scan of the objects; and why there is none of those of some releases, by their index.

    What ends checkov is the matter of one release, and not of the others. Raises CheckovError where it is of none.
    """
    objects = objects_of(proven)
    try:
        return scan(objects), {}
    except CheckovError:
        failed = dict(_failing(scan, objects))
        if not failed:
            raise
    rest = {name: item for name, item in objects.items() if _release_of(name) not in failed}
    return (scan(rest) if rest else Scan()), failed


def _failing(scan: Scanning, objects: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[int, str]]:
    for index in dict.fromkeys(map(_release_of, objects)):
        try:
            scan({name: item for name, item in objects.items() if _release_of(name) == index})
        except CheckovError as error:
            yield index, str(error).strip().rpartition("\n")[2]


def unscanned(scan: Scan, proven: Sequence[Proven], failed: Mapping[int, str]) -> Iterator[tuple[Proven, Diagnostic]]:
    """The objects of which a scan says nothing, and the releases that have none."""
    seen = {resource.partition(":")[0] for resource in scan.resources}
    for index, one in enumerate(proven):
        release = one.found.release
        left = [each.name for number, each in enumerate(one.objects) if _file(index, number) not in seen]
        if index in failed:
            message = f"checkov failed on the objects of {release.name}: {shortened(failed[index])}"
            yield one, Diagnostic("GP603", message, address=release.address)
        elif left:
            message = f"checkov cannot read objects of {release.name}: {named(left)}"
            yield one, Diagnostic("GP603", message, address=release.address)


def _file(release: int, number: int) -> str:
    """Where an object of a release goes, by the index of each."""
    return f"{release}.{number}.yaml"


def _release_of(file: str) -> int:
    """The index of the release whose object is in a file."""
    return int(file.partition(".")[0])


def _with_name(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object that a cluster names has the beginning of its name for one: without any, checkov leaves it out."""
    metadata = item.get("metadata") or {}
    given = metadata.get("generateName")
    return {**item, "metadata": {**metadata, "name": given}} if given and not metadata.get("name") else item


def counts(found: Sequence[Judged], scan: Scan) -> ScanCounts:
    """What was counted."""
    statuses = [one.record.status for one in found]
    passed, failed, skipped = (statuses.count(status) for status in ("passed", "failed", "skipped"))
    return ScanCounts(passed, failed, skipped, len(scan.resources))


def without_reason(found: Sequence[Judged]) -> Iterator[Judged]:
    """Skips by an annotation that says nothing."""
    yield from (one for one in found if one.record.status == "skipped" and one.record.reason in (None, "", NO_REASON))


def bare_skip(one: Judged) -> Diagnostic:
    """What is to be said of a skip without a reason."""
    record, release = one.record, one.proven.found.release
    message = f"{record.id} is skipped without a reason: {_kind_and_name(record.address)}"
    hint = f"write `{record.id}=` and why this is acceptable here into the annotation"
    return Diagnostic("GP602", message, hint=hint, address=release.address)


@cache
def accepted() -> tuple[Accepted, ...]:
    """The table beside this file."""
    text = (files("groundplan.check") / "accepted_objects.csv").read_text(encoding="utf-8")
    return tuple(Accepted(**row) for row in csv.DictReader(text.splitlines()))


def _reason(record: Record, proven: Proven, closed: set[str]) -> str | None:
    chart = proven.found.release.chart
    parts = record.address.split(".")
    if record.id == _NO_POLICY and len(parts) > 1 and parts[1] in closed:
        return f"A network policy for all pods of {parts[1]} is a resource of Terraform"
    for one in accepted():
        if one.check == record.id and _is_of(one, chart) and fnmatchcase(record.address, one.resource):
            return one.reason
    return None


def _is_of(one: Accepted, chart: ChartName) -> bool:
    return one.chart == _ANY or (one.repository, one.chart) == (chart.repository, chart.chart)


def _closed(plans: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Namespaces of which a planned policy selects every pod, for what comes in."""
    for plan in plans.values():
        for change in plan.get("resource_changes", ()):
            after = change.get("change", {}).get("after")
            if change.get("type") in _POLICIES and isinstance(after, dict):
                spec, about = (_first(after.get(name)) for name in ("spec", "metadata"))
                inward = "Ingress" in (spec.get("policy_types") or ("Ingress",))
                if inward and not any(_first(spec.get("pod_selector")).values()) and about.get("namespace"):
                    yield about["namespace"]


def _first(blocks: Any) -> Mapping[str, Any]:
    found = blocks[0] if isinstance(blocks, list) and blocks else None
    return found if isinstance(found, dict) else {}


def _kind_and_name(address: str) -> str:
    """`Deployment/web` of what checkov calls `Deployment.shops.web`."""
    kind, _, rest = address.partition(".")
    return f"{kind}/{rest.partition('.')[2] or rest}"
