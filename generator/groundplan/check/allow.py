"""What the operator lets pass: `--allow CLASS:WHAT` on the command line, where no pull request can say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from groundplan import ranges
from groundplan.check.report import CheckReport, Finding
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, or_known

CLASSES = {
    "public-range": "a range of addresses wider than /16, and every range inside it",
    "unknown-range": "the address of a resource that admits ranges which a plan does not show",
}
"""What can be allowed, and what is named for it."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """One word of the operator."""

    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.what}"

    def covers(self, need: str) -> bool:
        """Whether it allows what a violation needs, written as it would be allowed."""
        if self.kind != "public-range" or not need.startswith("public-range:"):
            return str(self) == need
        allowed, needed = ranges.network(self.what), ranges.network(need.partition(":")[2])
        return allowed is not None and needed is not None and ranges.within(needed, allowed)


def allowances(texts: Iterable[str]) -> tuple[Allowance, ...]:
    """The words as given on a command line. Raises DiagnosticsError with those that allow nothing anywhere (GP204)."""
    given = tuple(Allowance(kind, what) for kind, _, what in (text.partition(":") for text in texts))
    problems = [problem for one in given if (problem := _wrong(one))]
    if problems:
        raise DiagnosticsError(problems)
    return given


def _wrong(one: Allowance) -> Diagnostic | None:
    if one.kind not in CLASSES:
        hint = "; ".join(f"{kind}: {what}" for kind, what in CLASSES.items())
        return Diagnostic("GP204", f"--allow has no class `{one.kind}`", hint=f"{or_known(one.kind, CLASSES)}. {hint}")
    if one.kind != "public-range":
        return None
    network = ranges.network(one.what)
    if network is None:
        hint = "write a range such as --allow public-range:203.0.0.0/12"
        return Diagnostic("GP204", f"--allow public-range: `{one.what}` is no range", hint=hint)
    if network.prefixlen == 0:
        return Diagnostic("GP204", f"--allow public-range: {network} is everyone, whom nobody can allow")
    return None


def allowed_by(needs: Collection[str], given: Sequence[Allowance]) -> tuple[Allowance, ...]:
    """The words that together cover all that is needed; empty if they do not, or if nobody can allow it."""
    covering = [next((one for one in given if one.covers(need)), None) for need in needs]
    return tuple(dict.fromkeys(one for one in covering if one)) if None not in covering else ()


def with_unused(reports: Sequence[CheckReport], given: Sequence[Allowance]) -> list[CheckReport]:
    """The reports, the first with an error (GP207) for each word that allowed nothing in any of them."""
    used = {word for report in reports for word in report.allowed}
    there = sorted({need for report in reports for need in report.allowable})
    hint = f"there is {', '.join(there)}" if there else "nothing here needs to be allowed"
    unused = [one for one in given if str(one) not in used]
    found = [Diagnostic("GP207", f"--allow {one} allows nothing that is here", hint=hint) for one in unused]
    if not reports or not found:
        return list(reports)
    first = replace(reports[0], findings=(*reports[0].findings, *(Finding(d, d.code) for d in found)))
    return [first, *reports[1:]]


def as_allowed(diagnostic: Diagnostic, by: Sequence[Allowance]) -> Diagnostic:
    """The finding as a note that says who allowed it."""
    words = " ".join(f"--allow {one}" for one in by)
    return replace(diagnostic, message=f"{diagnostic.message}; allowed by {words}", severity=Severity.NOTE, hint=None)
