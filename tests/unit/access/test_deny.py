"""Lines of `access.deny`, held to what is rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app import access
from groundplan.app.access import broken
from groundplan.app.pipeline import resolve_spec
from groundplan.app.tools import Tools
from groundplan.cli.common import ConsoleProgress
from groundplan.components.access.part import denials_of
from groundplan.diagnostics import Diagnostic
from groundplan.environment.write import write
from groundplan.views.console import Console
from tests.sizes import spec_text
from tests.unit.access.iam import ACCOUNT, allow, role

ISSUER = "token.actions.githubusercontent.com"
TRUST = {
    "Effect": "Allow",
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"},
    "Condition": {"StringEquals": {f"{ISSUER}:sub": "repo:acme@1234/infra@5678:pull_request"}},
}
CI = {"system": "github", "repository": {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678}}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Renders a spec that denies, and has the plans say that jobs of pull requests may put objects."""

    def made(*deny: dict[str, str]) -> Path:
        spec = yaml.safe_load(spec_text("small-team", "aws", "default"))
        spec.setdefault("cluster", {})["endpoint"] = {"public_cidrs": ["203.0.113.7/32"]}
        path = tmp_path / "groundplan.yaml"
        path.write_text(yaml.safe_dump({**spec, "ci": CI, "access": {"deny": list(deny)}}), encoding="utf-8")
        resolved = resolve_spec(path)
        write(resolved.render(tmp_path), tmp_path)
        monkeypatch.setattr(access, "_applied", lambda *_: role(allow("s3:PutObject"), trust=[TRUST]))
        return tmp_path

    return made


def held(folder: Path) -> list[Diagnostic]:
    return broken(folder, Tools(), ConsoleProgress(Console.of_process()))


def test_a_line_that_holds(environment: Any) -> None:
    assert held(environment({"who": "pr", "action": "s3:GetObject"})) == []
    assert held(environment({"who": "fork", "action": "*"})) == []


def test_a_line_that_does_not_hold(environment: Any) -> None:
    folder = environment({"who": "fork", "action": "*"}, {"who": "pr", "action": "write objects"})
    [found] = held(folder)
    lines = (folder / "groundplan.yaml").read_text(encoding="utf-8").splitlines()
    assert found.code == "GP955"
    assert found.message == "pr (github) as job can s3:PutObject on everything: own, statement 1"
    assert found.place is not None and "s3:PutObject" not in lines[found.place.line - 1]
    assert found.path == "access.deny[1]"


def test_a_line_that_nobody_can_hold(environment: Any) -> None:
    [found] = broken(
        environment({"who": "pod:nobody", "action": "s3:GetObject"}), Tools(), ConsoleProgress(Console.of_process())
    )
    assert (found.code, "pod:nobody is nobody" in found.message) == ("GP955", True)


def test_what_is_decided(environment: Any) -> None:
    stack = resolve_spec(environment({"who": "pr", "action": "read secrets"}) / "groundplan.yaml").stack
    assert [(one.who, one.action, one.resource) for one in denials_of(stack)] == [("pr", "read secrets", "*")]
