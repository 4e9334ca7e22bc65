"""Looking at the roots of an environment, with what Terraform and the states answer given."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from groundplan.app.live.drift import Drift
from groundplan.diagnostics import Diagnostic
from groundplan.live.secrets import Secrets
from tests.unit.change.test_drift import one

CLUSTER = "module.cluster.aws_eks_cluster.this"
ROOTS = ("00-state", "10-foundation", "20-platform")


class Terraform:
    """Answers of `Live`: a plan for each root, or none."""

    def halted(self, _root: str) -> None:
        """No signal has come."""

    def __init__(self, plans: dict[str, Any]) -> None:
        self.plans, self.asked = plans, list[tuple[str, dict[str, Any]]]()
        self.secrets = Secrets({"AWS_SECRET_ACCESS_KEY": "credential-of-this-run"})

    def init(self, root: str) -> Any:
        return SimpleNamespace(ok=True, diagnostics=())

    def plan(self, root: str, _file: Path, **options: Any) -> Any:
        self.asked.append((root, options))
        ok = self.plans[root] is not None
        return SimpleNamespace(ok=ok, diagnostics=() if ok else (Diagnostic("GP922", f"{root}: no permission"),))

    def show(self, root: str, _file: Path) -> Any:
        return self.plans[root]


def looked(tmp_path: Path, plans: dict[str, Any], applied: tuple[str, ...] = ROOTS) -> tuple[Any, Terraform]:
    states = [SimpleNamespace(root=root, bucket="") for root in ROOTS]
    call = SimpleNamespace(component="cluster", path="cluster", place=None)
    lock = SimpleNamespace(calls={"10-foundation": {"module.cluster": call}}, ignored=())
    standing = SimpleNamespace(name="acme", folder=tmp_path, lock=lock, chosen=lambda _roots: states)
    caller = SimpleNamespace(account="1", who="me")

    def read(state: Any) -> Any:
        return SimpleNamespace(resources=1) if state.root in applied else None

    progress: Any = SimpleNamespace(step=lambda _what: nullcontext())
    at: Any = SimpleNamespace(standing=standing, caller=caller, read=read)
    terraform: Any = Terraform(plans)
    return Drift(at, terraform, tmp_path, progress, date(2026, 11, 30)).run(()), terraform


def test_no_state_is_locked(tmp_path: Path) -> None:
    _, terraform = looked(tmp_path, {root: {} for root in ROOTS})
    assert [root for root, _ in terraform.asked] == list(ROOTS)
    assert all(options["lock"] is False for _, options in terraform.asked)


def test_a_root_that_cannot_be_planned_keeps_no_other_from_being_looked_at(tmp_path: Path) -> None:
    found, _ = looked(tmp_path, {"00-state": {}, "10-foundation": None, "20-platform": {}})
    assert [root.drift is not None for root in found.roots] == [True, False, True]
    assert [one.code for one in found.diagnostics] == ["GP922"]


def test_a_root_that_was_never_applied_is_not_planned(tmp_path: Path) -> None:
    found, terraform = looked(tmp_path, {"00-state": {}, "10-foundation": {}}, ROOTS[:2])
    assert [root.not_applied for root in found.roots] == [False, False, True]
    assert (len(terraform.asked), found.is_pending, list(found.diagnostics)) == (2, True, [])


def test_what_stands_on_a_removed_cluster_is_not_looked_at(tmp_path: Path) -> None:
    was = {"name": "acme"}
    plan = {
        "resource_drift": [one(was, None, "delete", address=CLUSTER)],
        "resource_changes": [one(None, was, "create", address=CLUSTER)],
    }
    found, _ = looked(tmp_path, {"00-state": {}, "10-foundation": plan})
    assert found.roots[-1].after == "10-foundation"
    assert [drifted.component for drifted in found.drifted] == ["cluster"]


def test_credentials_of_the_run_are_in_no_value(tmp_path: Path) -> None:
    was, now = {"name": "jobs", "policy": "old"}, {"name": "jobs", "policy": "has credential-of-this-run in it"}
    plan = {"resource_drift": [one(was, now, "update")], "resource_changes": [one(now, was, "update")]}
    found, _ = looked(tmp_path, {"00-state": plan, "10-foundation": {}, "20-platform": {}})
    assert "credential" not in repr(found)
    assert "has ******** in it" in repr(found)
