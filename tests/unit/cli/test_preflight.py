"""`groundplan preflight`: what is asked, what is written without an answer, formats and exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.auth.credentials import AnonymousCredentials

from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, MISSING, OK
from groundplan.clouds.aws import preflight as aws_preflight
from groundplan.clouds.gcp.preflight.account import Endpoints
from groundplan.preflight.model import (
    Finding,
    Needs,
    Preflight,
    Requirement,
    Stops,
    UnreachableError,
    compare,
    met,
    missing,
    unknown,
)
from tests.conftest import Golden
from tests.services.aws import aws
from tests.unit.preflight.gcp_server import google
from tests.unit.stack.specs import BASE

HERE = Path(__file__).parent
NO_CREDENTIALS = "no AWS credentials were found"

SPEC: dict[str, Any] = {
    **BASE,
    "training": {
        "pools": {
            "finetune": {
                "instance_types": ["g6.xlarge"],
                "capacity": "spot_with_fallback",
                "nodes": {"min": 1, "max": 4},
                "hours_per_month": 10,
            }
        }
    },
    "storage": {"buckets": {"data": {"size_gib": 10}}},
    "state": {"backend": "local"},
}


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A spec, and no credentials anywhere."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    path = tmp_path / "groundplan.yaml"
    path.write_text(yaml.safe_dump(SPEC, sort_keys=False), encoding="utf-8")
    return path


class Answering:
    """An account that is given its answers by code; everything else is met."""

    identity = "arn:aws:iam::111122223333:user/ci"

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers

    def findings(self, requirements: Sequence[Requirement]) -> list[Finding]:
        return [self._answers.get(r.code, lambda r: met(r, "fine"))(r) for r in requirements]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Fill it with answers by code before the command runs; `connect` may be an error."""
    answers: dict[str, Any] = {}

    def connect(needs: Needs, now: datetime) -> Answering:
        assert needs.account == "111122223333" and now.tzinfo
        if "connect" in answers:
            raise answers["connect"]
        return Answering(answers)

    made = Preflight(aws_preflight.PREFLIGHT.requirements, connect)
    monkeypatch.setattr(aws_preflight, "PREFLIGHT", made)
    yield answers


def asked(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, Any]:
    code = run(["preflight", *map(str, arguments), "--format", "json"])
    seen = capsys.readouterr()
    return code, json.loads(seen.out)


GPU_SPOT = "L-3819A6DF"


class TestOffline:
    @pytest.mark.parametrize("format_", ["text", "markdown"])
    def test_the_request(self, format_: str, spec: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["preflight", str(spec), "--offline", "--format", format_]) == OK
        seen = capsys.readouterr()
        golden(HERE / "preflight" / f"offline.{'md' if format_ == 'markdown' else 'txt'}", seen.out)
        assert seen.err == ""

    def test_json(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, made = asked(capsys, spec, "--offline")
        assert (code, made["ok"], made["checked"], made["not_checked"]) == (OK, True, False, "--offline was given")
        assert {row["outcome"] for row in made["requirements"]} == {None}
        assert made["counts"] == {"met": 0, "missing": 0, "unknown": 0}
        [spot] = [row for row in made["request"]["quotas"] if row["code"] == GPU_SPOT]
        assert (spot["service"], spot["needed"], spot["unit"], spot["raise_to"]) == ("ec2", 16, "vCPUs", None)
        assert "iam:CreateRole" in made["request"]["permissions"] and made["request"]["apis"] == []
        assert {"type": "g6.xlarge", "service": "ec2", "where": "use1-az1"} in made["request"]["machines"]


class TestOnline:
    def test_all_is_met(self, spec: Path, answer: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
        code, made = asked(capsys, spec)
        assert (code, made["ok"], made["checked"], made["identity"]) == (OK, True, True, Answering.identity)
        assert made["counts"]["met"] == len(made["requirements"]) > 50
        assert made["request"]["quotas"] == []

    def test_some_are_not(
        self, spec: Path, answer: dict[str, Any], golden: Golden, capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer[GPU_SPOT] = lambda r: compare(r, _decimal(8), _decimal(4))
        answer["L-F678F1CE"] = lambda r: compare(r, _decimal(5), None, "AccessDenied")
        answer["ec2:CreateVpc"] = lambda r: missing(r, "no policy allows it")
        answer["ec2:CreateSubnet"] = lambda r: unknown(r, "AccessDenied")
        assert run(["preflight", str(spec)]) == FINDINGS
        seen = capsys.readouterr()
        golden(HERE / "preflight" / "online.txt", seen.out)
        golden(HERE / "preflight" / "online.err", seen.err.replace(str(spec), "groundplan.yaml"))
        assert run(["preflight", str(spec), "--format", "markdown"]) == FINDINGS
        golden(HERE / "preflight" / "online.md", capsys.readouterr().out)

    def test_json_of_a_shortage(self, spec: Path, answer: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
        answer[GPU_SPOT] = lambda r: compare(r, _decimal(8), _decimal(4))
        code, made = asked(capsys, spec)
        assert (code, made["ok"]) == (FINDINGS, False)
        [row] = [row for row in made["requirements"] if row["code"] == GPU_SPOT]
        assert row["outcome"] == "missing" and row["stops"] == "growth"
        assert (row["limit"], row["used"], row["needed"], row["short_by"]) == (8, 4, 16, 12)
        [found] = made["diagnostics"]
        assert found["code"] == "GP802" and found["path"] == "training.pools.finetune"
        assert found["place"]["line"] > 1
        assert [row["raise_to"] for row in made["request"]["quotas"]] == [20]

    def test_what_one_can_do_without_is_no_failure(
        self, spec: Path, answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer["g6.xlarge"] = lambda r: missing(r, "offered in use1-az2 only", Stops.NOTHING)
        answer["ec2:CreateVpc"] = lambda r: unknown(r, "AccessDenied")
        code, made = asked(capsys, spec)
        assert (code, made["ok"]) == (OK, True)
        assert [(d["code"], d["severity"]) for d in made["diagnostics"]] == [("GP802", "warning"), ("GP803", "warning")]

    def test_a_reason_that_ends_in_a_stop_gets_no_second_one(
        self, spec: Path, answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer["connect"] = UnreachableError("see the manual.", "log in")
        assert run(["preflight", str(spec)]) == MISSING
        assert "see the manual. This is what" in capsys.readouterr().out

    def test_no_way_in_writes_the_request(
        self, spec: Path, answer: dict[str, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        answer["connect"] = UnreachableError(NO_CREDENTIALS, "log in")
        code, made = asked(capsys, spec)
        assert (code, made["ok"], made["checked"], made["not_checked"]) == (MISSING, False, False, NO_CREDENTIALS)
        assert [found["code"] for found in made["diagnostics"]] == ["GP804"]
        assert made["request"]["quotas"]


class TestWithoutPretending:
    def test_no_credentials(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["preflight", str(spec)]) == MISSING
        seen = capsys.readouterr()
        assert f"Nothing was checked: {NO_CREDENTIALS}" in seen.out
        assert "ec2 L-DB2E81BA" in seen.out
        assert f"error[GP804]: nothing was checked: {NO_CREDENTIALS}" in seen.err

    def test_a_wrong_spec(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        spec.write_text(spec.read_text(encoding="utf-8") + "naem: x\n", encoding="utf-8")
        assert run(["preflight", str(spec), "--offline"]) == BAD_SPEC
        assert "GP201" in capsys.readouterr().err

    def test_an_account_that_answers_some_calls_only(
        self, spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """moto's server: some services answer, some refuse, some are not there. All of it becomes findings."""
        with aws(tmp_path, "us-east-1") as server:
            monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
            monkeypatch.setattr("groundplan.clouds.aws.session.ATTEMPTS", 1)
            values = {**SPEC, "cloud": {**SPEC["cloud"], "account": "123456789012"}}
            spec.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
            _, made = asked(capsys, spec)
        assert made["checked"] and made["identity"].startswith("arn:aws:")
        by_code = {row["code"]: row for row in made["requirements"]}
        assert by_code["L-F678F1CE"]["reason"] == "4 of 5 are available"
        assert by_code["g6.xlarge"]["outcome"] == "met"
        assert by_code[GPU_SPOT]["outcome"] == "unknown" and by_code[GPU_SPOT]["reason"]
        assert by_code["iam:CreateRole"]["outcome"] == "unknown"
        assert all(row["outcome"] and row["reason"] for row in made["requirements"])


class TestTheOtherCloud:
    """The same command on Google Cloud, with its APIs on loopback."""

    def spec_of(self, spec: Path) -> Path:
        cloud = {"provider": "gcp", "region": "us-central1", "account": "ml-project-1"}
        pool = {"gpu": {"type": "l4"}, "capacity": "spot", "nodes": {"max": 4}, "hours_per_month": 10}
        values = {**SPEC, "cloud": cloud, "training": {"pools": {"finetune": pool}}}
        spec.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
        return spec

    def test_offline(self, spec: Path, golden: Golden, capsys: pytest.CaptureFixture[str]) -> None:
        code, made = asked(capsys, self.spec_of(spec), "--offline")
        assert (code, made["provider"]) == (OK, "gcp")
        assert {"code", "needed"} <= made["request"]["quotas"][0].keys()
        assert "container.googleapis.com" in made["request"]["apis"]
        assert run(["preflight", str(spec), "--offline", "--format", "markdown"]) == OK
        golden(HERE / "preflight" / "offline-gcp.md", capsys.readouterr().out)

    def test_online(self, spec: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """A project that says little: its GPU quota of none, and nothing else."""
        monkeypatch.setattr("google.auth.default", lambda **_: (_Anonymous(), "ml-project-1"))
        rows = [{"metric": "PREEMPTIBLE_NVIDIA_L4_GPUS", "limit": 0, "usage": 0}]
        answers = {"/compute/v1/projects/ml-project-1/regions/us-central1": (200, {"quotas": rows})}
        with google(answers) as server:
            defaults = dict.fromkeys(("compute", "quotas", "services", "projects", "storage"), server.url)
            monkeypatch.setattr("groundplan.clouds.gcp.preflight.account.Endpoints", lambda: Endpoints(**defaults))
            code, made = asked(capsys, self.spec_of(spec))
        assert (code, made["checked"], made["identity"]) == (FINDINGS, True, "the default credentials")
        by_code = {row["code"]: row for row in made["requirements"]}
        assert by_code["PREEMPTIBLE_NVIDIA_L4_GPUS"]["short_by"] == 4
        assert all(row["outcome"] and row["reason"] for row in made["requirements"])
        assert {row["outcome"] for row in made["requirements"] if row["kind"] == "api"} == {"unknown"}

    def test_no_credentials(
        self, spec: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
        code, made = asked(capsys, self.spec_of(spec))
        assert (code, made["checked"]) == (MISSING, False)
        assert made["request"]["apis"]


class _Anonymous(AnonymousCredentials):
    """Credentials that nobody checks, and that can be renewed."""

    def refresh(self, request: Any) -> None:
        pass


def _decimal(number: int) -> Any:
    from decimal import Decimal

    return Decimal(number)
