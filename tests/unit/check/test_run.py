"""Whole checks of small environments: what is found, where it leads, and what is said not to have been checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from groundplan.app.rehearse import rehearse
from groundplan.app.tools import Tools
from groundplan.check.report import CheckReport, Finding, NotChecked, StepName, StepStatus, exit_code
from groundplan.check.run import Checker, Plans
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Severity
from groundplan.hcl.sources import Sources
from groundplan.terraform.offline import Inputs, OfflineSession, PlanResult
from tests.unit.check.conftest import Make
from tests.unit.check.environments import BUCKETS, FILES, SPEC, VERSIONS, lock, write


class Unseen:
    """Progress that nobody looks at."""

    def step(self, what: str) -> AbstractContextManager[None]:
        return nullcontext()

    replacing_folder = nullcontext


def named(report: CheckReport, check_id: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.check_id == check_id]


def steps(report: CheckReport) -> dict[str, str]:
    return {step.name.value: step.status.value for step in report.steps}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, checker: Checker) -> CheckReport:
    """The report on the environment of `FILES`, which has findings of every kind."""
    files = FILES | {
        "20-platform/database.tf": """\
resource "aws_db_instance" "main" {
  instance_class      = "db.t4g.medium"
  identifier          = "main"
  deletion_protection = false
}
""",
        "20-platform/ugly.tf": 'locals {\n    a = "b"\n}\n',
    }
    folder = write(tmp_path_factory.mktemp("whole"), files)
    write(folder, {"groundplan.yaml": SPEC, "groundplan.lock.json": lock(files)})
    return checker.check(folder)


def test_terraform_plans_every_root(report: CheckReport) -> None:
    assert [(root.root, root.valid, root.planned, root.changes) for root in report.roots] == [
        ("10-foundation", True, True, 2),
        ("20-platform", True, True, 2),
    ]


def test_whoever_inspects_gets_the_plans_that_there_are(
    tmp_path: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[str] = []
    plan = OfflineSession.plan

    def counted(session: OfflineSession, root: str) -> PlanResult:
        planned.append(root)
        return plan(session, root)

    def inspect(plans: Plans, settle: Callable[[str], Mapping[str, Any]], _: Sources) -> Iterator[Diagnostic]:
        applied = {root: len(settle(root)["resources"]) for root in plans}
        yield Diagnostic("GP955", f"applied: {applied}")

    monkeypatch.setattr(OfflineSession, "plan", counted)
    found = checker.check(write(tmp_path, dict(FILES)), inspect=inspect)
    [told] = named(found, "GP955")
    assert told.diagnostic.message == "applied: {'10-foundation': 1, '20-platform': 1}"
    assert sorted(planned) == ["10-foundation", "20-platform"]


def test_nobody_inspects_what_has_no_plan(tmp_path: Path, checker: Checker) -> None:
    folder = write(tmp_path, FILES | {"20-platform/wrong.tf": 'resource "aws_nothing" "x" {}\n'})
    assert not named(checker.check(folder, inspect=lambda *_: [Diagnostic("GP955", "asked")]), "GP955")


def test_steps_tell_how_they_ended(report: CheckReport) -> None:
    assert steps(report) == {
        "format": "failed",
        "validate": "passed",
        "plan": "passed",
        "checkov": "failed",
        "charts": "not_run",
        "rules": "failed",
        "freshness": "passed",
    }
    assert not report.ok
    assert exit_code(report) == 1


def test_a_finding_in_a_module_leads_to_the_line_of_the_spec(report: CheckReport) -> None:
    finding = next(f for f in named(report, "CKV2_AWS_6") if '"data"' in (f.diagnostic.address or ""))
    assert finding.diagnostic.place == Place(f"{report.folder}/groundplan.yaml", 4, 3)
    assert finding.diagnostic.snippet is not None
    assert finding.diagnostic.snippet.text == "  buckets:"
    assert finding.diagnostic.path == "storage.buckets"
    assert finding.terraform_place == Place(f"{report.folder}/modules/aws/object_store/main.tf", 5, 1)
    assert (finding.component, finding.root) == ("object_store", "10-foundation")


def test_a_finding_outside_modules_leads_to_the_source(report: CheckReport) -> None:
    (finding,) = named(report, "CKV_AWS_26")
    assert finding.diagnostic.place == Place(f"{report.folder}/20-platform/main.tf", 1, 1)
    assert finding.component is None
    assert finding.seen_in == ("hcl", "plan")
    assert finding.diagnostic.hint == "set `kms_master_key_id`"


def test_the_same_check_on_the_same_resource_counts_once(report: CheckReport) -> None:
    keys = [(f.check_id, f.root, f.diagnostic.address) for f in report.findings if f.diagnostic.code == "GP601"]
    assert len(keys) == len(set(keys))
    assert report.checkov is not None
    assert report.checkov.failed == len(keys)


def test_resources_are_counted_once_over_both_scans(report: CheckReport) -> None:
    assert report.checkov is not None
    assert (report.checkov.hcl.resources, report.checkov.plan.resources, report.checkov.resources) == (4, 4, 4)


def test_a_skip_in_the_source_holds_in_the_plan_too(report: CheckReport) -> None:
    assert named(report, "CKV_AWS_144") == named(report, "CKV_AWS_18") == []
    assert report.checkov is not None
    reasons = {skip.check_id: skip.reason for skip in report.checkov.skips}
    assert reasons == {"CKV_AWS_144": "one region is enough for data that can be downloaded again", "CKV_AWS_18": None}
    assert report.checkov.skipped == 4


def test_a_skip_without_a_reason_is_a_finding(report: CheckReport) -> None:
    found = named(report, "GP602")
    assert [f.diagnostic.message for f in found] == ["CKV_AWS_18 is skipped without a reason"] * 2
    assert {f.component for f in found} == {"object_store"}


def test_own_rules_and_format_are_part_of_it(report: CheckReport) -> None:
    (protection,) = named(report, "GP907")
    assert protection.diagnostic.severity is Severity.ERROR, "no module of the spec asks for it"
    assert protection.diagnostic.address == "aws_db_instance.main"
    assert protection.terraform_place == Place(f"{report.folder}/20-platform/database.tf", 1, 1)
    (ugly,) = named(report, "GP501")
    assert ugly.terraform_place is not None
    assert ugly.terraform_place.file == f"{report.folder}/20-platform/ugly.tf"


def test_what_the_spec_chooses_is_a_warning_at_its_line(report: CheckReport) -> None:
    found = {finding.diagnostic.address: finding.diagnostic for finding in named(report, "GP912")}
    assert set(found) == {f'module.buckets.aws_s3_bucket.this["{name}"]' for name in ("data", "logs")}
    one = found['module.buckets.aws_s3_bucket.this["data"]']
    assert (one.severity, one.path) == (Severity.WARNING, "storage.buckets")
    assert one.place == Place(f"{report.folder}/groundplan.yaml", 4, 3)


def test_a_lock_beside_plain_terraform_makes_nothing_a_choice(tmp_path: Path, checker: Checker) -> None:
    main = 'resource "aws_db_instance" "x" {\n  instance_class = "db.t4g.medium"\n}\n'
    files = {"10-a/main.tf": main, "10-a/versions.tf": VERSIONS}
    laid = json.loads(lock(files))
    laid["calls"] = {"10-a": {"aws_db_instance.x": laid["calls"]["10-foundation"]["module.buckets"]}}
    folder = write(tmp_path, files | {"groundplan.yaml": SPEC, "groundplan.lock.json": json.dumps(laid)})
    (standby,) = named(checker.check(folder), "GP913")
    assert standby.diagnostic.severity is Severity.ERROR


def test_a_module_call_without_the_spec_makes_nothing_a_choice(make: Make, checker: Checker) -> None:
    folder = make()
    (folder / "groundplan.yaml").unlink()
    found = named(checker.check(folder), "GP912")
    assert {finding.diagnostic.severity for finding in found} == {Severity.ERROR}


def test_what_was_not_compared_is_said(report: CheckReport) -> None:
    assert report.not_checked == (NotChecked("fresh rendering", "the files were compared with the lock only"),)


def test_a_plan_sees_what_the_source_hides(make: Make, checker: Checker) -> None:
    main = 'data "aws_region" "here" {}\n\n' + FILES["10-foundation/main.tf"].replace(
        "  buckets = {", "  buckets = length(data.aws_region.here.region) > 99 ? {} : {"
    )
    report = checker.check(make({"10-foundation/main.tf": main}))
    found = named(report, "CKV2_AWS_6")
    assert {f.diagnostic.address for f in found} == {
        f'module.buckets.aws_s3_bucket.this["{n}"]' for n in ("data", "logs")
    }


def test_a_root_that_is_not_valid_is_reported_and_not_planned(make: Make, checker: Checker) -> None:
    report = checker.check(make({"20-platform/main.tf": 'resource "aws_sns_topic" "alerts" {\n  nme = "x"\n}\n'}))
    broken = next(root for root in report.roots if root.root == "20-platform")
    assert (broken.valid, broken.planned, broken.changes) == (False, False, None)
    (finding,) = named(report, "GP503")
    assert finding.terraform_place == Place(f"{report.folder}/20-platform/main.tf", 2, 3)
    assert {item.what for item in report.not_checked} >= {"plan of 20-platform", "checkov on the plan of 20-platform"}
    assert exit_code(report) == 1


def test_a_folder_of_the_users_own_is_checked_without_a_lock(make: Make, checker: Checker) -> None:
    report = checker.check(make(locked=False))
    freshness = report.steps[-1]
    assert (freshness.name, freshness.status) == (StepName.FRESHNESS, StepStatus.NOT_RUN)
    assert freshness.reason == "the folder has no readable groundplan.lock.json"
    assert NotChecked("lines of the spec", "without a lock findings lead to Terraform only") in report.not_checked
    assert {f.component for f in report.findings} == {None}


def test_a_root_that_cannot_be_planned_is_an_error(tmp_path: Path, checker: Checker) -> None:
    report = checker.check(write(tmp_path / "module", {"main.tf": BUCKETS}))
    assert steps(report)["validate"] == "passed"
    assert steps(report)["plan"] == "failed"
    [problem] = named(report, "GP504")
    assert problem.diagnostic.message.startswith("No value for required variable")
    assert problem.terraform_place == Place(f"{report.folder}/main.tf", 1, 1)
    assert NotChecked("plan of .", "the plan failed") in report.not_checked
    assert exit_code(report) == 1
    assert report.checkov is not None
    assert report.checkov.resources == 1


def test_values_come_from_a_file_of_the_caller(tmp_path: Path) -> None:
    values = tmp_path / "values.tfvars"
    values.write_text("buckets = {}\n", encoding="utf-8")
    with Checker(inputs=Inputs(var_files=(values,)), steps=frozenset({StepName.PLAN})) as checker:
        report = checker.check(write(tmp_path / "module", {"main.tf": BUCKETS}))
    assert [(root.root, root.planned) for root in report.roots] == [(".", True)]


def test_roots_may_be_named(tmp_path: Path, checker: Checker) -> None:
    files = {"live/prod/main.tf": 'module "m" {\n  source = "../../modules/m"\n}\n', "modules/m/main.tf": "locals {}\n"}
    folder = write(tmp_path / "repository", files)
    report = checker.check(folder, roots=["live/prod/"])
    assert [(root.root, root.planned) for root in report.roots] == [("live/prod", True)]
    for wrong in ("live", "..", "/etc", "live/prod/../../.."):
        with pytest.raises(DiagnosticsError) as raised:
            checker.check(folder, roots=[wrong])
        assert [d.code for d in raised.value.diagnostics] == ["GP101"]


def test_files_in_json_syntax_are_seen_by_every_part(tmp_path: Path, checker: Checker) -> None:
    database = {
        "identifier": "d",
        "instance_class": "db.t3.micro",
        "password": "Sup3rSecret",
        "publicly_accessible": True,
    }
    files = {
        "main.tf.json": json.dumps({"resource": {"aws_db_instance": {"d": database}}}, indent=2),
        "never/called.tf.json": json.dumps({"resource": {"aws_sns_topic": {"t": {}}}}, indent=2),
    }
    report = checker.check(write(tmp_path / "json", files))
    assert [root.planned for root in report.roots] == [True]
    assert Place(f"{report.folder}/main.tf.json", 7, 9) in [f.terraform_place for f in named(report, "GP901")]
    [public] = named(report, "CKV_AWS_17")
    assert public.seen_in == ("hcl", "plan")
    assert public.terraform_place == Place(f"{report.folder}/main.tf.json", 4)
    assert [f.terraform_place for f in named(report, "CKV_AWS_26")] == [
        Place(f"{report.folder}/never/called.tf.json", 4)
    ]


def test_what_is_not_in_the_folder_stays_there(tmp_path: Path, checker: Checker) -> None:
    (tmp_path / "secret").write_text("outside\n", encoding="utf-8")
    folder = write(tmp_path / "env", {"main.tf": "locals {}\n"})
    (folder / "more.tf").symlink_to("../secret")
    report = checker.check(folder)
    assert [(f.check_id, f.terraform_place) for f in report.findings] == [
        ("GP101", Place(f"{report.folder}/more.tf", 1))
    ]
    assert "outside" not in repr(report)
    assert steps(report)["plan"] == "not_run"
    assert exit_code(report) == 2


@pytest.mark.parametrize(
    ("text", "code", "scanned"),
    [
        (
            'resource "terraform_data" "x" {\n  provisioner "local-exec" {\n    command = "id > executed"\n  }\n}\n',
            "GP909",
            True,
        ),
        ('output "x" {\n  value = file("/etc/hostname")\n}\n', "GP910", True),
        ('module "m" {\n  source = "git::https://127.0.0.1:1/x.git"\n}\n', "GP906", False),
        ('module "m" {\n  source = "../outside"\n}\n', "GP906", False),
    ],
)
def test_terraform_does_not_start_on_what_it_would_act_on(
    tmp_path: Path, checker: Checker, text: str, code: str, scanned: bool
) -> None:
    write(tmp_path / "outside", {"main.tf": 'resource "aws_sns_topic" "elsewhere" {}\n'})
    folder = write(tmp_path / "env", {"main.tf": text, "topic.tf": 'resource "aws_sns_topic" "here" {}\n'})
    report = checker.check(folder)
    [refused] = named(report, code)
    assert refused.terraform_place is not None
    assert (report.roots, exit_code(report)) == ((), 1)
    assert [steps(report)[step] for step in ("validate", "plan")] == ["not_run", "not_run"]
    assert [f.diagnostic.address for f in named(report, "CKV_AWS_26")] == (["aws_sns_topic.here"] if scanned else [])
    assert (
        NotChecked("checkov on the source", "it is not certain where modules lead") in report.not_checked
    ) is not scanned
    result = rehearse(folder, Tools(), Unseen())
    assert (result.results, [d.code for d in result.diagnostics]) == ([], [code])
    assert not list(tmp_path.rglob("executed"))


def test_a_lock_shows_nothing_from_outside(tmp_path: Path, checker: Checker) -> None:
    """A call's place comes from the lock: the line there is shown beside a finding."""
    (tmp_path / "secret").write_text("outside\n", encoding="utf-8")
    for wanted in ("/proc/self/environ", "../secret", "../../etc/passwd"):
        document = json.loads(lock(FILES))
        for call in document["calls"]["10-foundation"].values():
            call["file"] = wanted
        files = FILES | {"groundplan.yaml": SPEC, "groundplan.lock.json": json.dumps(document)}
        report = checker.check(write(tmp_path / f"env{len(wanted)}", files))
        assert "outside" not in repr(report)
        led_by_the_lock = [finding for finding in report.findings if finding.component]
        assert led_by_the_lock or named(report, "GP402")
        assert all(finding.diagnostic.snippet is None for finding in led_by_the_lock)


def test_a_clean_folder_passes(tmp_path: Path, checker: Checker) -> None:
    clean = 'resource "aws_sns_topic" "alerts" {\n  kms_master_key_id = "alias/aws/sns"\n}\n'
    report = checker.check(write(tmp_path / "clean", {"main.tf": clean, "versions.tf": VERSIONS}))
    assert [finding.diagnostic for finding in report.findings] == []
    assert report.ok
    assert exit_code(report) == 0


def test_only_the_steps_asked_for_run(make: Make) -> None:
    with Checker(steps=frozenset({StepName.FRESHNESS})) as checker:
        report = checker.check(make())
    assert {name for name, status in steps(report).items() if status != "not_run"} == {"freshness"}
    assert {step.reason for step in report.steps if step.status is StepStatus.NOT_RUN} == {"not asked for"}
    assert report.checkov is None


@pytest.mark.parametrize("empty", [True, False])
def test_nothing_to_check_is_an_error_of_use(tmp_path: Path, checker: Checker, empty: bool) -> None:
    folder = tmp_path / "folder"
    if empty:
        folder.mkdir()
    with pytest.raises(DiagnosticsError) as raised:
        checker.check(folder)
    assert [d.code for d in raised.value.diagnostics] == ["GP101"]


@pytest.mark.parametrize(
    ("codes", "status"),
    [
        ([], 0),
        (["GP601"], 1),
        (["GP401"], 4),
        (["GP404", "GP401"], 4),
        (["GP401", "GP601"], 1),
        (["GP507", "GP601"], 5),
        (["GP402", "GP507", "GP601"], 2),
    ],
)
def test_exit_codes(codes: list[str], status: int) -> None:
    findings = tuple(Finding(Diagnostic(code, "x"), code) for code in codes)
    note = Finding(Diagnostic("GP507", "x", severity=Severity.NOTE), "GP507")
    assert exit_code(CheckReport("d", (*findings, note), (), (), None, (), 0.0)) == status
