"""The checkov process against the plain command, and what it does to its surroundings."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from groundplan.check import checkov as process_module
from groundplan.check import grammar
from groundplan.check.checkov import NO_REASON, CheckovError, CheckovProcess, worker_environment
from groundplan.check.memo import _remember_evaluation
from tests.unit.check.conftest import Make

pytestmark = pytest.mark.slow

LOOPS = """\
locals {
  names = { for n in ["a", "b"] : n => upper(n) }
}

resource "aws_sqs_queue" "each" {
  for_each = local.names

  name                    = each.value
  sqs_managed_sse_enabled = each.key == "a"
}

resource "aws_ebs_volume" "counted" {
  count = length(local.names)

  availability_zone = "us-east-1a"
  size              = 1
  encrypted         = count.index == 0 ? true : false
}

resource "aws_db_instance" "main" {
  instance_class    = "db.t4g.medium"
  password          = "Sup3rS3cretPassw0rd"
  storage_encrypted = try(tobool("true"), false)
}
"""

Key = tuple[str, str, str, int, str | None]


def of_the_command(folder: Path, home: Path) -> dict[str, set[Key]]:
    """Failed and skipped checks as `checkov -d` reports them, secrets included."""
    program = Path(sys.executable).with_name("checkov")
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LOG_LEVEL": "ERROR"}
    completed = subprocess.run(
        [program, "-d", folder, "-o", "json"], env=environment, capture_output=True, text=True, check=False
    )
    reports: Any = json.loads(completed.stdout)
    found: dict[str, set[Key]] = {"passed": set(), "failed": set(), "skipped": set()}
    for report in reports if isinstance(reports, list) else [reports]:
        for status, keys in found.items():
            for record in report["results"][f"{status}_checks"]:
                file, line = record["file_path"].lstrip("/"), record["file_line_range"][0]
                reason = record["check_result"].get("suppress_comment")
                place = (file, line, reason) if status != "passed" else (file, 1, None)
                keys.add((record["check_id"], record["resource"], *place))
    return found


def of_the_process(folder: Path, checkov: CheckovProcess) -> dict[str, set[Key]]:
    records = (*checkov.hcl(folder).records, *checkov.secrets(folder).records)
    return {
        status: {(r.id, r.address, r.file, r.line, r.reason) for r in records if r.status == status}
        for status in ("passed", "failed", "skipped")
    }


@pytest.fixture(scope="module")
def checkov(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckovProcess]:
    """One process for tests that only ask it."""
    with CheckovProcess(os.environ, tmp_path_factory.getbasetemp()) as process:
        yield process


def test_the_process_finds_what_the_command_finds(make: Make, tmp_path: Path, checkov: CheckovProcess) -> None:
    folder = make({"20-platform/loops.tf": LOOPS, "modules/aws/uncalled/main.tf": 'resource "aws_sqs_queue" "q" {}\n'})
    expected = of_the_command(folder, tmp_path)
    assert {key[0] for key in expected["failed"]} >= {"CKV_AWS_27", "CKV2_AWS_6", "CKV_AWS_3", "CKV_SECRET_6"}
    first = of_the_process(folder, checkov)
    assert first == expected
    assert of_the_process(folder, checkov) == first, "what the process remembers changes nothing"


def test_what_is_remembered_belongs_to_the_caller() -> None:
    calls: list[str] = []

    def evaluate(text: str) -> list[str]:
        calls.append(text)
        if text == "broken":
            raise ValueError("no")
        return [text]

    remembered = _remember_evaluation(evaluate)
    remembered("a").append("changed by the caller")
    assert remembered("a") == ["a"]
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            remembered("broken")
    assert remembered("timestamp()") == remembered("timestamp()")
    assert calls == ["a", "broken", "timestamp()", "timestamp()"]


def test_the_process_sees_a_folder_change(make: Make, checkov: CheckovProcess) -> None:
    folder = make()
    before = {record.id for record in checkov.hcl(folder).records if record.status == "failed"}
    assert "CKV_AWS_26" in before
    (folder / "20-platform/main.tf").write_text("locals {}\n")
    after = {record.id for record in checkov.hcl(folder).records if record.status == "failed"}
    assert "CKV_AWS_26" not in after


def test_a_skip_without_a_reason_is_recognised(make: Make, checkov: CheckovProcess) -> None:
    skips = {r.id: r.reason for r in checkov.hcl(make()).records if r.status == "skipped"}
    assert skips["CKV_AWS_18"] == NO_REASON
    assert skips["CKV_AWS_144"] == "one region is enough for data that can be downloaded again"


def test_a_value_known_after_apply_counts_as_set(checkov: CheckovProcess) -> None:
    values = {"name": "x"}
    resource = {"address": "aws_sns_topic.x", "mode": "managed", "type": "aws_sns_topic", "name": "x"}
    change = {
        "actions": ["create"],
        "before": None,
        "after": values,
        "after_unknown": {"kms_master_key_id": True},
    }
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.15.5",
        "planned_values": {"root_module": {"resources": [resource | {"values": values}]}},
        "resource_changes": [resource | {"change": change}],
        "configuration": {"root_module": {"resources": []}},
    }
    scan = checkov.plan(plan)
    assert {r.status for r in scan.records if r.id == "CKV_AWS_26"} == {"passed"}
    assert len(scan.resources) == 1


def test_a_file_it_cannot_parse_is_named(make: Make, checkov: CheckovProcess) -> None:
    assert checkov.hcl(make({"20-platform/bad.tf": 'resource "a" {{\n'})).unread == ("20-platform/bad.tf",)


def test_what_stops_it_is_told_and_it_starts_again(make: Make, tmp_path: Path) -> None:
    with CheckovProcess(os.environ, tmp_path) as checkov:
        with pytest.raises(CheckovError, match="Error"):
            checkov._scan("hcl", no_such_argument="x")
        assert checkov.hcl(make()).resources


def test_it_knows_nothing_of_the_user_and_writes_nothing_at_home(make: Make, tmp_path: Path, capfd: Any) -> None:
    home = tmp_path / "home"
    home.mkdir()
    before = dict(os.environ)
    folder = make()
    files = sorted(folder.rglob("*"))
    with CheckovProcess({**os.environ, "HOME": str(home), "BC_API_KEY": "x"}, tmp_path) as checkov:
        checkov.hcl(folder)
        checkov.secrets(folder)
    assert list(home.iterdir()) == []
    assert sorted(folder.rglob("*")) == files
    assert dict(os.environ) == before
    assert capfd.readouterr() == ("", "")


def test_the_environment_is_a_list_of_what_may_pass() -> None:
    given = {"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "x", "BC_API_KEY": "x", "CKV_CHECK": "x", "HOME": "/home/me"}
    assert worker_environment(given, Path("/elsewhere"), [Path("/imports")]) == {
        "PATH": "/bin",
        "LANG": "C.UTF-8",
        "HOME": "/elsewhere",
        "TMPDIR": "/elsewhere",
        "PYTHONPATH": "/imports",
        "LOGNAME": "groundplan",
        "LOG_LEVEL": "ERROR",
        "CHECKOV_PARALLELIZATION_TYPE": "none",
        "EVAL_TF_PLAN_AFTER_UNKNOWN": "true",
    }


def test_a_scan_that_takes_too_long_is_stopped_and_the_next_one_is_not(make: Make, tmp_path: Path) -> None:
    folder = make()
    with CheckovProcess(os.environ, tmp_path, scan_seconds=0.001) as checkov:
        with pytest.raises(CheckovError, match=r"its secrets scan took longer than 0.001 s and was stopped"):
            checkov.secrets(folder)
        checkov._scan_seconds = 300.0
        assert checkov.hcl(folder).resources


def test_its_parser_comes_from_nowhere_that_others_can_write(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name under which lark looks for its pickled tables in the temporary folder can be guessed."""
    shared, kept = tmp_path / "shared", tmp_path / "kept"
    shared.mkdir()
    monkeypatch.setenv("TMPDIR", str(shared))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(grammar, "_folder", lambda: kept)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    folder = make()
    with CheckovProcess(os.environ, tmp_path) as checkov:
        first = checkov.hcl(folder)
    [tables] = kept.iterdir()
    sentinel = tmp_path / "sentinel"
    for name in (tables.name, *(tables.name.replace("groundplan", user) for user in (getpass.getuser(), "unknown"))):
        (shared / name).write_bytes(tables.read_bytes().partition(b"\n")[0] + b"\n" + _touch(sentinel))
    with CheckovProcess(os.environ, tmp_path) as checkov:
        assert checkov.hcl(folder) == first
    assert not sentinel.exists()
    assert sorted(path.name for path in shared.iterdir() if path.is_dir()) == []


def test_modules_that_no_installer_compiled_are_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """uv compiles nothing, and behind the walls the interpreter cannot write what it compiled."""
    prefix = tmp_path / "compiled"
    monkeypatch.setattr(sys, "pycache_prefix", str(prefix))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    started: list[object] = []

    class Ended:
        pid, stdout, stderr, returncode = os.getpid(), None, None, 0

    monkeypatch.setattr(process_module.subprocess, "Popen", lambda words, **_: started.append(words) or Ended())
    monkeypatch.setattr(process_module, "running", lambda process: contextlib.nullcontext())
    monkeypatch.setattr(process_module, "collect", lambda process, timeout_seconds: None)
    process_module._compile_once(tmp_path, [])
    assert len(started) == 1
    compiled = Path(process_module.cache_from_source(str(process_module.find_spec("checkov").origin)))
    compiled.parent.mkdir(parents=True)
    compiled.touch()
    process_module._compile_once(tmp_path, [])
    assert len(started) == 1


def _touch(file: Path) -> bytes:
    class Touch:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(file),)

    return pickle.dumps(Touch())


def test_tables_that_others_may_write_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, home = tmp_path / "kept", tmp_path / "home"
    kept.mkdir()
    home.mkdir()
    monkeypatch.setattr(grammar, "_folder", lambda: kept)
    names = [f".lark_cache_groundplan_{digit * 64}_3_11.tmp" for digit in "abc"]
    for name in names:
        (kept / name).write_bytes(b"tables")
    (kept / names[1]).chmod(0o666)
    (kept / names[2]).unlink()
    (kept / names[2]).symlink_to(kept / names[0])
    grammar.provide(home)
    assert [file.name for file in home.iterdir()] == [names[0]]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (".checkov.yaml", "skip-check: [CKV_AWS_26]\n"),
        (".checkov.yml", "skip-check: [CKV_AWS_26]\n"),
        (".checkov.baseline", '{"failed_checks": []}'),
        (".env", "CKV_IGNORED_DIRECTORIES=20-platform\n"),
        ("checks/__init__.py", "import os\nos.mkdir('sentinel')\n"),
        ("checkov/__init__.py", "raise SystemExit('imported from the folder')\n"),
        ("sitecustomize.py", "raise SystemExit('imported from the folder')\n"),
    ],
)
def test_what_lies_in_the_folder_configures_nothing(make: Make, checkov: CheckovProcess, file: str, text: str) -> None:
    folder = make()
    before = [r for r in checkov.hcl(folder).records if r.status == "failed"]
    make({file: text})
    assert [r for r in checkov.hcl(folder).records if r.status == "failed"] == before
