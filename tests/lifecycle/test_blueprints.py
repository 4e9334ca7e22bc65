"""Every blueprint on every cloud in every size is planned; those of `tests.sizes.REHEARSED` go through a whole life.

They are built once, then planned, scanned by checkov, rehearsed and searched for secrets. One test is one
environment, so that nothing is made twice and the cases spread over the workers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.check.report import CheckReport, exit_code
from groundplan.check.run import Checker
from groundplan.components.mlflow.part import mlflow_of
from groundplan.environment.files import SPEC_FILE
from groundplan.environment.write import write
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.terraform.offline import OfflineSession, offline_session
from tests.lifecycle.choices import choices
from tests.lifecycle.consumption import check_consumption
from tests.lifecycle.plans import Plans
from tests.lifecycle.states import rehearse
from tests.lifecycle.workloads import check_workloads
from tests.sizes import PLANNED, REHEARSED, ids, spec_text

PASSWORDS = [32, 40, 64]
"""Lengths of the administrator's and the database's password and of the session key."""
BY_TAG = "GP919"
"""The warning about an image that the spec or a module names by its tag alone."""


CHARTS = ("what ", "objects of charts: ")
"""What a check says that it did not look at, of charts alone."""


@dataclass(frozen=True)
class Built:
    """An environment that is written and checked."""

    resolved: Resolved
    out: Path
    report: CheckReport


def build(case: tuple[str, str, str], checker: Checker, folder: Path, plans: Plans) -> Built:
    """Renders the case and checks it; nothing is wrong with it, and its plans cost what the spec does."""
    spec, out = folder / SPEC_FILE, folder / "out"
    spec.write_text(spec_text(*case), encoding="utf-8")
    resolved = resolve_spec(spec)
    cost = resolved.estimate()
    files = resolved.render(out, cost)
    write(files, out)

    report = checker.check(out, rerender=lambda _: files)
    assert exit_code(report) == 0
    assert {found.check_id for found in report.findings} - {BY_TAG} == choices(resolved)
    assert not [found for found in report.findings if found.component is None], "all are at a line of the spec"
    unlooked = [one.what for one in report.not_checked]
    assert not [what for what in unlooked if not what.startswith(CHARTS)], "charts of others are not at hand here"
    assert all(root.valid and root.planned and root.changes for root in report.roots)
    assert {FOUNDATION, PLATFORM} <= {root.root for root in report.roots}
    assert cost.within_budget, cost.budget
    check_consumption(resolved, plans)
    return Built(resolved, out, report)


@pytest.mark.parametrize("case", PLANNED, ids=ids(PLANNED))
def test_planned(case: tuple[str, str, str], planner: Checker, plans: Plans, tmp_path: Path) -> None:
    build(case, planner, tmp_path, plans)


@pytest.mark.parametrize("case", REHEARSED, ids=ids(REHEARSED))
def test_built_and_rehearsed(case: tuple[str, str, str], checker: Checker, plans: Plans, tmp_path: Path) -> None:
    built = build(case, checker, tmp_path, plans)
    resolved, out, report = built.resolved, built.out, built.report
    assert report.checkov
    assert report.checkov.failed == 0
    assert report.checkov.passed > 100
    with offline_session(out) as session:
        assert {FOUNDATION, PLATFORM} <= set(session.roots)
        states = {root: live(session, root) for root in session.roots}
        assert_no_secrets(session, out, PASSWORDS if mlflow_of(resolved.stack) else [], token=case[1] == "gcp")
    check_workloads(resolved.stack, out, states)


def live(session: OfflineSession, root: str) -> dict[str, Any]:
    """Applies, plans without changes, searches and destroys a root; gives the state that it had."""
    state: dict[str, Any] = json.loads(rehearse(session, root))
    assert state["resources"]
    return state


def assert_no_secrets(session: OfflineSession, out: Path, passwords: list[int], *, token: bool) -> None:
    """Nothing that the providers gave out in secret, or were given, stands in a file of the environment.

    `passwords` are the lengths of those that Terraform makes up, `token` says whether it gets one for the cluster: on
    EKS a program does. Plans and states are searched by the rehearsal.
    """
    secrets = session.issued_secrets()
    assert bool(secrets) == (token or bool(passwords))
    assert sorted({len(secret) for secret in secrets if secret.isalnum()} & set(PASSWORDS)) == passwords
    texts = {path: path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file()}
    assert [path for path, text in texts.items() if any(secret in text for secret in secrets)] == []
