"""Bad input to `groundplan apply`: one line, the remedy, its exit code, and nothing is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.live.failures import full_disk, lock_held
from tests.live.faults import Fault
from tests.live.kills import groundplan
from tests.live.world import NAME, World
from tests.services.loopback import serving

pytestmark = pytest.mark.slow

Spoil = Callable[[World], None]
_CALLER = """<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::{0}:user/x</Arn><UserId>x</UserId><Account>{0}</Account></GetCallerIdentityResult>
<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
_EXPIRED = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error>
<RequestId>1</RequestId></ErrorResponse>"""


@dataclass(frozen=True)
class Refusal:
    """How a command ends."""

    exit_code: int
    diagnostic: str
    remedy: str


@contextmanager
def sts(code: int, text: str) -> Iterator[str]:
    """Where every request gets one answer."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(code)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    with serving(Answer) as url:
        yield url


def refused(operator: World, wanted: Refusal, *arguments: str, root: str = "00-state", **options: Any) -> None:
    """Asserts how an apply of a root ends, and that it changes nothing."""
    before = (operator.cloud.store.count(), sorted(operator.bucket_names()))
    program = ("--terraform-bin", str(operator.program), "--root", root, "--confirm", NAME)
    ran = groundplan(operator, "apply", str(operator.folder), *program, *arguments, **options)
    found = re.findall(r"^(?:\S+: )?error\[(GP\d+)\]: .*\n(?: += (.*))?", ran.output, re.MULTILINE)
    assert (ran.code, [code for code, _ in found]) == (wanted.exit_code, [wanted.diagnostic]), ran.output
    assert wanted.remedy in found[0][1], ran.output
    assert "Traceback" not in ran.output
    assert (operator.cloud.store.count(), sorted(operator.bucket_names())) == before


def edited(operator: World) -> None:
    """Somebody has written into the folder."""
    file = operator.folder / "00-state" / "main.tf"
    file.write_text(file.read_text("utf-8") + "\n# mine\n", encoding="utf-8")


def without(*names: str) -> Spoil:
    """Variables that the operator does not have."""

    def spoil(operator: World) -> None:
        for name in names:
            operator.environment.pop(name, None)
        operator.extra |= {"GCE_METADATA_HOST": "127.0.0.1:1", "GCE_METADATA_TIMEOUT": "1", "NO_GCE_CHECK": "true"}

    return spoil


FOUNDATION = "10-foundation"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "GOOGLE_OAUTH_ACCESS_TOKEN")


@pytest.mark.parametrize(
    ("spoil", "wanted"),
    [
        pytest.param(without(*KEYS), Refusal(5, "GP812", "log in"), id="no credentials"),
        pytest.param(edited, Refusal(4, "GP401", "render"), id="edited folder"),
    ],
)
def test_before_anything_is_run(operator: World, spoil: Spoil, wanted: Refusal) -> None:
    spoil(operator)
    refused(operator, wanted)


def test_before_the_state_bucket_is_made(operator: World) -> None:
    refused(operator, Refusal(1, "GP941", "apply that first"), root=FOUNDATION)


def test_a_state_bucket_that_is_gone(operator: World) -> None:
    """`00-state` says that it has made it."""
    bucket = {"mode": "managed", "type": "a", "name": "b", "provider": "c", "instances": [{}]}
    state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "one", "resources": [bucket]}
    (operator.folder / "00-state" / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    refused(operator, Refusal(5, "GP817", "--root 00-state` makes it"), root=FOUNDATION)


def test_a_state_that_somebody_else_holds(operator: World) -> None:
    operator.make_bucket()
    with lock_held(operator, FOUNDATION) as lock:
        refused(operator, Refusal(1, "GP927", f"groundplan unlock {operator.folder} --id "), root=FOUNDATION)
        assert json.loads(operator.get(operator.lock_key(FOUNDATION)) or b"{}") == lock


@pytest.mark.parametrize("operator", ["gcp"], indirect=True)
@pytest.mark.parametrize(
    ("token", "wanted"),
    [("expired", Refusal(5, "GP814", "log in")), ("denied", Refusal(5, "GP815", ""))],
)
def test_tokens_of_google(operator: World, token: str, wanted: Refusal) -> None:
    operator.extra["GOOGLE_OAUTH_ACCESS_TOKEN"] = token
    refused(operator, wanted)


@pytest.mark.parametrize("operator", ["aws"], indirect=True)
@pytest.mark.parametrize(
    ("code", "text", "wanted"),
    [
        pytest.param(403, _EXPIRED, Refusal(5, "GP814", "log in"), id="expired"),
        pytest.param(200, _CALLER.format("999999999999"), Refusal(5, "GP813", "log in"), id="another account"),
    ],
)
def test_what_sts_says(operator: World, code: int, text: str, wanted: Refusal) -> None:
    with sts(code, text) as url:
        operator.extra["AWS_ENDPOINT_URL_STS"] = url
        refused(operator, wanted)


def test_a_disk_without_room(operator: World) -> None:
    refused(operator, Refusal(5, "GP809", "free"), **full_disk())


def test_a_provider_that_crashes_while_it_plans(operator: World) -> None:
    operator.cloud.fail(Fault("crash", "plan"))
    refused(operator, Refusal(1, "GP922", "a provider has crashed"))


def test_plans_of_another_commit(operator: World, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    program = ("--terraform-bin", str(operator.program), "--root", "00-state")
    assert groundplan(operator, "plan", str(operator.folder), *program, "--out", str(plans)).code == 6
    spec = operator.folder / "groundplan.yaml"
    spec.write_text(spec.read_text("utf-8").replace("owner: ml-platform", "owner: ml-research"), encoding="utf-8")
    rendered = groundplan(operator, "render", str(spec), "-o", str(operator.folder))
    assert rendered.code == 0, rendered.output
    refused(operator, Refusal(4, "GP411", "plan again"), "--plans", str(plans))
