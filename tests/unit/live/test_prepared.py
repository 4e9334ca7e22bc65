"""`init` is left out where nothing that it depends on has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from groundplan.app.live.outcomes import Recorder
from groundplan.app.live.plan import plan_root, shown
from groundplan.cli.common import ConsoleProgress
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.prepared import Inputs, is_prepared, prepared
from groundplan.live.terraform import Live, RunResult
from groundplan.views.console import Console
from tests.unit.live.environments import Demo, state
from tests.unit.live.test_failures import ROOT, Terraform, at
from tests.unit.live.test_terraform import ROOT as SOURCE
from tests.unit.live.test_terraform import Operator

PROGRAM = ("terraform", "1.11.4")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "environment" / ROOT).mkdir(parents=True)
    (tmp_path / "environment" / ROOT / "main.tf").write_text("", encoding="utf-8")
    return tmp_path / "environment"


def _inputs(folder: Path, **others: Any) -> Inputs:
    given: dict[str, Any] = {"program": PROGRAM, "configuration": "", "environment": {}, **others}
    return Inputs(folder, folder / ROOT, **given)


def test_what_nothing_was_noted_of_is_not_prepared(folder: Path) -> None:
    assert not is_prepared(folder.parent / "note", _inputs(folder))


@pytest.mark.parametrize(
    "others",
    [
        {"program": ("terraform", "1.12.0")},
        {"configuration": 'plugin_cache_dir = "/cache"'},
        {"environment": {"TF_PLUGIN_CACHE_DIR": "/cache"}},
    ],
)
def test_another_program_or_configuration_prepares_again(folder: Path, others: dict[str, Any]) -> None:
    note = folder.parent / "note"
    prepared(note, _inputs(folder))
    assert is_prepared(note, _inputs(folder))
    assert not is_prepared(note, _inputs(folder, **others))


@pytest.mark.parametrize("name", [f"{ROOT}/main.tf", "modules/one/main.tf", f"{ROOT}/.terraform.lock.hcl"])
def test_another_file_prepares_again(folder: Path, name: str) -> None:
    note = folder.parent / "note"
    prepared(note, _inputs(folder))
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("# other", encoding="utf-8")
    assert not is_prepared(note, _inputs(folder))


def test_values_and_tokens_prepare_nothing_and_are_not_noted(folder: Path) -> None:
    secrets = {"TF_VAR_password": "swordfish", "TF_TOKEN_registry_example_com": "token", "AWS_PROFILE": "other"}
    assert _inputs(folder, environment=secrets).digest == _inputs(folder).digest


def test_a_folder_that_cannot_be_read_whole_is_never_prepared(folder: Path) -> None:
    (folder / ROOT / "loop.tf").symlink_to("loop.tf")
    note = folder.parent / "note"
    prepared(note, _inputs(folder))
    assert not is_prepared(note, _inputs(folder))


def test_a_root_is_prepared_once_it_was_and_until_it_changes(tmp_path: Path) -> None:
    operator = Operator(tmp_path, SOURCE)
    live: Live = operator.live
    assert not live.is_prepared("root")
    assert live.init("root").ok and live.is_prepared("root")
    planned = live.plan("root", operator.out)
    assert planned.ok and planned.began
    broken = operator.folder / "root" / "broken.tf"
    broken.write_text('module "one" {\n  source = "./nowhere"\n}\n', encoding="utf-8")
    assert not live.is_prepared("root")
    planned = live.plan("root", operator.out)
    assert not planned.ok and not planned.began
    assert not live.init("root").ok and not live.is_prepared("root")


def _prepared(demo: Demo, *plans: RunResult) -> Any:
    """A prepared root whose plans end so."""
    (demo.folder / "00-state" / "terraform.tfstate").write_bytes(state(1))
    terraform: Any = Terraform(demo.folder, Recorder(lambda _event: None))
    terraform.prepared, terraform.inits = True, []
    ends, begun, plan = list(plans), terraform.init, terraform.plan
    terraform.init = lambda root: terraform.inits.append(root) or begun(root)
    terraform.plan = lambda root, file, **options: ends.pop(0) if ends else plan(root, file, **options)
    return terraform


class TestPlanning:
    def plan(self, demo: Demo, terraform: Any, tmp_path: Path) -> Any:
        [root] = at(demo).standing.chosen((ROOT,))
        progress = ConsoleProgress(Console.of_process())
        return plan_root(at(demo), terraform, root, tmp_path, progress, lambda: datetime.now(UTC))

    def test_what_is_prepared_is_planned_at_once(self, demo: Demo, tmp_path: Path) -> None:
        terraform = _prepared(demo)
        assert self.plan(demo, terraform, tmp_path).saved and not terraform.inits

    def test_a_plan_that_did_not_begin_is_made_again_after_an_init(self, demo: Demo, tmp_path: Path) -> None:
        terraform = _prepared(demo, RunResult(ROOT, False, (Diagnostic("GP922", "no provider"),), 0.1))
        found = self.plan(demo, terraform, tmp_path)
        assert found.saved and not found.diagnostics and terraform.inits == [ROOT]

    @pytest.mark.parametrize(
        "failed",
        [
            RunResult(ROOT, False, (Diagnostic("GP922", "the cloud refuses"),), 0.1, began=True),
            RunResult(ROOT, False, (Diagnostic("GP924", "interrupted"),), 0.1, interrupted=True),
            RunResult(ROOT, False, (Diagnostic("GP927", "locked"),), 300.0),
        ],
        ids=["began", "interrupted", "locked"],
    )
    def test_any_other_failure_stands(self, demo: Demo, tmp_path: Path, failed: RunResult) -> None:
        terraform = _prepared(demo, failed)
        assert self.plan(demo, terraform, tmp_path).diagnostics == failed.diagnostics and not terraform.inits

    def test_what_init_says_waits_for_no_other_root(self, demo: Demo, tmp_path: Path) -> None:
        terraform = _prepared(demo)
        first = self.plan(demo, terraform, tmp_path)
        for root in at(demo).standing.states[1:]:
            demo.session.put(demo.key(root.root), state(1))
        terraform.prepared = False
        terraform.init = lambda root: RunResult(root, False, (Diagnostic("GP921", "no such provider"),), 0.1)
        [root] = at(demo).standing.chosen(("20-platform",))
        progress = ConsoleProgress(Console.of_process())
        found = plan_root(at(demo), terraform, root, tmp_path, progress, lambda: datetime.now(UTC), [first])
        assert first.pending and not found.after and [one.code for one in found.diagnostics] == ["GP921"]


class TestShowing:
    @pytest.mark.parametrize("code", ["GP925", "GP924"])
    def test_what_cannot_be_shown_is_prepared_unless_it_was_interrupted(
        self, demo: Demo, tmp_path: Path, code: str
    ) -> None:
        terraform = _prepared(demo)
        show, refusals = terraform.show, [DiagnosticsError([Diagnostic(code, "no provider")])]

        def refused(root: str, file: Path) -> Any:
            if refusals:
                raise refusals.pop()
            return show(root, file)

        terraform.show = refused
        if code == "GP924":
            with pytest.raises(DiagnosticsError):
                shown(terraform, ROOT, tmp_path)
        else:
            assert shown(terraform, ROOT, tmp_path)["resource_changes"]
        assert terraform.inits == ([] if code == "GP924" else [ROOT])

    def test_what_is_prepared_is_shown_at_once(self, demo: Demo, tmp_path: Path) -> None:
        terraform = _prepared(demo)
        assert shown(terraform, ROOT, tmp_path)["resource_changes"] and not terraform.inits
