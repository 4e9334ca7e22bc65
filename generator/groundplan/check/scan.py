"""checkov's scans of one folder merged into findings, skips and honest counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from groundplan.check.checkov import NO_REASON, Record, Scan
from groundplan.check.dated import Judge
from groundplan.check.mapping import Mapper
from groundplan.check.report import CheckovReport, Finding, ScanCounts, Skip
from groundplan.diagnostics import Diagnostic, Place
from groundplan.hcl.sources import Sources, strip_indexes

_RANK = {"passed": 0, "skipped": 1, "failed": 2}


@dataclass(frozen=True, slots=True)
class _Seen:
    """A record with the root it belongs to; a file no root reaches stands in for the root."""

    record: Record
    root: str | None
    scan: str

    @property
    def family(self) -> tuple[str, str, str]:
        """The check and the resource, whatever its `count` or `for_each`."""
        return self.record.id, self.root or self.record.file, strip_indexes(self.record.address)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.record.id, self.root or self.record.file, self.record.address


def merge(
    mapper: Mapper, hcl: Scan, secrets: Scan, plans: Mapping[str, Scan], judge: Judge
) -> tuple[CheckovReport, tuple[Finding, ...]]:
    """One report and one finding per failed check and resource, from the scans of source, secrets and each root's plan.

    A plan carries no comments, so what a comment skips in the source is skipped in the plan as well. `judge` has the
    last word where checkov's lists age.
    """
    sources = mapper.sources
    in_source = list(_in_source(hcl, judge))
    in_plans = [_in_plan(record, root, judge) for root, scan in plans.items() for record in scan.records]
    together = _together([*in_source, *in_plans, *(_Seen(record, None, "secrets") for record in secrets.records)])
    worst = {key: max(seen, key=lambda s: _RANK[s.record.status]) for key, seen in together.items()}
    skips = tuple(_skip(mapper, seen) for seen in worst.values() if seen.record.status == "skipped")
    failed = [(worst[key], seen) for key, seen in together.items() if worst[key].record.status == "failed"]
    statuses = [seen.record.status for seen in worst.values()]
    report = CheckovReport(
        passed=statuses.count("passed"),
        failed=statuses.count("failed"),
        skipped=statuses.count("skipped"),
        resources=_resources(hcl, plans, sources),
        hcl=_counts([hcl]),
        plan=_counts(plans.values(), (seen.record for seen in in_plans)),
        secrets=_counts([secrets]),
        skips=skips,
    )
    found = [_failure(mapper, seen, [s.scan for s in others]) for seen, others in failed]
    unread = [(scan, file) for scan in (hcl, secrets) for file in scan.unread]
    return report, (*found, *_bare_skips(mapper, skips), *_unread(mapper, unread))


def _in_source(hcl: Scan, judge: Judge) -> Iterator[_Seen]:
    for record in hcl.records:
        for root in judge.sources.roots_of(record.file, record.address) or (None,):
            yield _Seen(judge.judged(record, root), root, "hcl")


def _in_plan(record: Record, root: str, judge: Judge) -> _Seen:
    sources = judge.sources
    record = judge.judged(record, root)
    place = sources.place(root, record.address)
    record = replace(record, file=place.file, line=place.line) if place else replace(record, file=f"{root}/main.tf")
    skipped = sources.skips(root, record.address)
    if record.status == "failed" and record.id in skipped:
        record = replace(record, status="skipped", reason=skipped[record.id] or NO_REASON)
    return _Seen(record, root, "plan")


def _together(seen: Iterable[_Seen]) -> dict[tuple[str, str, str], list[_Seen]]:
    """Records of one check on one resource; one of the source without index joins those of the plan with an index."""
    groups: dict[tuple[str, str, str], list[_Seen]] = {}
    families: dict[tuple[str, str, str], list[_Seen]] = {}
    for one in seen:
        groups.setdefault(one.key, []).append(one)
        families.setdefault(one.family, []).append(one)
    for key, group in list(groups.items()):
        indexed = [s for s in families[group[0].family] if s.scan == "plan" and s.key != key]
        if {one.scan for one in group} == {"hcl"} and key == group[0].family and indexed:
            worst = max(_RANK[s.record.status] for s in indexed)
            if group[0].record.status == "failed" and worst < _RANK["failed"]:
                continue
            for one in indexed:
                groups[one.key] += group if one.record.status == group[0].record.status else []
            del groups[key]
    return groups


def _failure(mapper: Mapper, seen: _Seen, scans: Iterable[str]) -> Finding:
    record = seen.record
    diagnostic = Diagnostic(
        "GP601",
        f"{record.id} {record.name}",
        hint=record.remedy,
        address=record.address if seen.scan != "secrets" else None,
    )
    place = Place(record.file, record.line)
    return mapper.finding(
        diagnostic,
        check_id=record.id,
        root=seen.root,
        terraform_place=place,
        seen_in=tuple(dict.fromkeys(scans)),
    )


def _skip(mapper: Mapper, seen: _Seen) -> Skip:
    record = seen.record
    reason = record.reason if record.reason not in (None, "", NO_REASON) else None
    place = mapper.shown(Place(record.file, record.line))
    return Skip(record.id, record.name, record.address, reason, seen.root, place)


def _bare_skips(mapper: Mapper, skips: Iterable[Skip]) -> Iterator[Finding]:
    for skip in skips:
        if skip.reason is None:
            diagnostic = Diagnostic(
                "GP602",
                f"{skip.check_id} is skipped without a reason",
                hint=f"write `#checkov:skip={skip.check_id}:` and why this is acceptable here",
                address=skip.address,
            )
            yield mapper.finding(diagnostic, root=skip.root)


def _unread(mapper: Mapper, files: Iterable[tuple[Scan, str]]) -> Iterator[Finding]:
    for _, file in files:
        message = f"checkov cannot parse {file}: nothing in it was scanned"
        yield mapper.finding(Diagnostic("GP603", message, place=Place(file, 1)))


def _counts(scans: Iterable[Scan], records: Iterable[Record] | None = None) -> ScanCounts:
    scans = list(scans)
    statuses = [r.status for r in (records if records is not None else (r for scan in scans for r in scan.records))]
    return ScanCounts(
        passed=statuses.count("passed"),
        failed=statuses.count("failed"),
        skipped=statuses.count("skipped"),
        resources=sum(len(scan.resources) for scan in scans),
    )


def _resources(hcl: Scan, plans: Mapping[str, Scan], sources: Sources) -> int:
    planned = {(root, _address(resource)) for root, scan in plans.items() for resource in scan.resources}
    families = {(root, strip_indexes(address)) for root, address in planned}
    only_source = {
        (root or file, address)
        for resource in hcl.resources
        for file, address in [resource.split(":", 1)]
        for root in sources.roots_of(file, address) or (None,)
        if (root, strip_indexes(address)) not in families
    }
    return len(planned) + len(only_source)


def _address(resource: str) -> str:
    return resource.split(":", 1)[1]
