"""Adding up, comparing, and what becomes of findings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from groundplan.diagnostics import Severity
from groundplan.preflight.findings import diagnostics_of, unreachable
from groundplan.preflight.model import (
    Finding,
    Once,
    Outcome,
    Report,
    Requirement,
    Stops,
    Tally,
    UnansweredError,
    UnreachableError,
    compare,
    met,
    missing,
    unknown,
)
from tests.unit.preflight.aws_needs import NEEDS

QUOTA = Requirement("quota", "vCPUs", "L-1", "us-east-1", "training.pools.finetune", "ec2", "vCPUs")
PERMISSION = Requirement("permission", "ec2:A", "ec2:A", "account", "network", "ec2")


def report(*findings: Finding) -> Report:
    return Report(NEEDS, "aws", tuple(f.requirement for f in findings), findings, "me")


class TestCompare:
    @pytest.mark.parametrize(
        ("limit", "used", "outcome", "stops", "short_by"),
        [
            (10, 2, Outcome.MET, Stops.NOTHING, None),
            (9, 2, Outcome.MISSING, Stops.GROWTH, 1),
            (5, 2, Outcome.MISSING, Stops.APPLY, 5),
            (8, None, Outcome.UNKNOWN, Stops.NOTHING, None),
            (7, None, Outcome.MISSING, Stops.GROWTH, 1),
            (3, None, Outcome.MISSING, Stops.APPLY, 5),
        ],
    )
    def test_every_case(
        self, limit: int, used: int | None, outcome: Outcome, stops: Stops, short_by: int | None
    ) -> None:
        in_use = None if used is None else Decimal(used)
        found = compare(QUOTA.counted(8, 4), Decimal(limit), in_use, "nobody said")
        assert (found.outcome, found.stops, found.short_by) == (outcome, stops, short_by)


class TestTally:
    def test_sums_and_reasons(self) -> None:
        tally = Tally()
        for path in ("a", "b", "a"):
            tally.add(QUOTA.counted(2, 1, path))
        [found] = tally.requirements()
        assert (found.amount, found.at_once, found.because) == (6, 3, ("a", "b"))

    def test_the_largest(self) -> None:
        tally = Tally()
        for amount in (1, 3, 2):
            tally.at_least(QUOTA.counted(amount))
        assert [found.amount for found in tally.requirements()] == [3]

    def test_what_comes_and_goes_before_the_rest(self) -> None:
        """The larger of the two holds: they do not run at the same time."""
        for first, at_once, amount, because in ((6, 6, 6, ("a", "first")), (3, 4, 5, ("a",)), (4, 4, 5, ("a",))):
            tally = Tally()
            tally.add(QUOTA.counted(5, 4, "a"))
            tally.beforehand(QUOTA.counted(first, because="first"))
            [found] = tally.requirements()
            assert (found.at_once, found.amount, found.because) == (at_once, amount, because)
        alone = Tally()
        alone.beforehand(QUOTA.counted(3))
        assert [found.amount for found in alone.requirements()] == [3]

    def test_by_kind(self) -> None:
        tally = Tally()
        tally.add(PERMISSION)
        tally.add(QUOTA.counted(1))
        assert [found.kind for found in tally.requirements()] == ["quota", "permission"]


def test_a_refusal_is_remembered() -> None:
    once, asked = Once(), []

    def refuse() -> int:
        asked.append(1)
        raise UnansweredError("no")

    for _ in range(2):
        with pytest.raises(UnansweredError, match="no"):
            once("question", refuse)
    assert len(asked) == 1


class TestDiagnostics:
    def test_met_says_nothing(self) -> None:
        assert diagnostics_of(report(met(QUOTA, "fine"))) == []

    def test_a_quota_says_by_how_much(self) -> None:
        [found] = diagnostics_of(report(compare(QUOTA.counted(8, 0), Decimal(5), Decimal(2))))
        assert found.code == "GP802" and found.severity is Severity.ERROR
        assert found.message == "quota vCPUs (ec2 L-1, us-east-1): needs 8, the limit is 5, 2 in use"
        assert found.hint == (
            "the apply would succeed, and the pool could not grow to `nodes.max`\n"
            "request a limit of 10 vCPUs, 5 more than now"
        )
        assert found.path == "training.pools.finetune"

    def test_permissions_share_one(self) -> None:
        names = [f"ec2:{letter}" for letter in "ABCDEFG"]
        findings = [missing(Requirement("permission", name, name, "account", "network"), "denied") for name in names]
        [found] = diagnostics_of(report(*findings))
        assert found.message.endswith("permission ec2:E and 2 more: denied")
        assert found.hint == "the apply would fail"

    def test_what_one_can_do_without_is_a_warning(self) -> None:
        [found] = diagnostics_of(report(missing(PERMISSION, "elsewhere only", Stops.NOTHING)))
        assert (found.severity, found.hint) == (Severity.WARNING, None)

    def test_unknown_is_a_warning_with_the_reason(self) -> None:
        [found] = diagnostics_of(report(unknown(PERMISSION, "AccessDenied")))
        assert (found.code, found.severity) == ("GP803", Severity.WARNING)
        assert found.message == "permission ec2:A: AccessDenied"

    def test_unreachable(self) -> None:
        found = unreachable(UnreachableError("no credentials", "log in"), "cloud")
        assert (found.code, found.message, found.hint) == ("GP804", "nothing was checked: no credentials", "log in")


class TestReport:
    def test_open_without_answers_is_everything(self) -> None:
        assert [r for r, _ in Report(NEEDS, "aws", (QUOTA, PERMISSION)).open] == [QUOTA, PERMISSION]

    def test_open_with_answers_is_what_is_not_met(self) -> None:
        made = report(met(QUOTA, ""), unknown(PERMISSION, ""))
        assert [r for r, _ in made.open] == [PERMISSION]
        assert made.stopping == ()
