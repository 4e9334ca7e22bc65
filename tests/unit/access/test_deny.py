"""Lines of `access.deny`, held to what is rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.access import given as resources
from groundplan.app.denied import denied_by, denied_in
from groundplan.app.pipeline import resolve_spec
from groundplan.components.access.part import denials_of
from groundplan.diagnostics import Diagnostic, Place
from groundplan.environment.write import write
from groundplan.hcl.sources import Sources
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
        monkeypatch.setattr(resources, "given", lambda *_: role(allow("s3:PutObject"), trust=[TRUST]))
        return tmp_path

    return made


def held(folder: Path) -> list[Diagnostic]:
    inspect = denied_in(folder)
    assert inspect is not None
    return list(inspect({}, lambda _: {}, Sources(folder, ())))


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


def test_a_line_about_somebody_of_whom_only_a_plan_knows(environment: Any) -> None:
    [found] = held(environment({"who": "role:small-team-other", "action": "s3:GetObject"}))
    assert (found.code, found.message) == ("GP955", "role:small-team-other is nobody in this environment")


def test_a_finding_is_at_the_line_of_the_spec_itself(environment: Any, tmp_path: Path) -> None:
    folder = environment({"who": "pr", "action": "write objects"})
    values = yaml.safe_load((folder / "groundplan.yaml").read_text(encoding="utf-8"))
    base = yaml.safe_dump({key: value for key, value in values.items() if key != "access"})
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "base.yaml").write_text(base, encoding="utf-8")
    text = (
        "extends: base.yaml\naccess:\n  deny:\n    - {who: fork, action: '*'}\n    - {who: pr, action: write objects}\n"
    )
    (specs / "prod.yaml").write_text(text, encoding="utf-8")
    inspect = denied_by(resolve_spec(specs / "prod.yaml"), folder)
    assert inspect is not None
    [found] = inspect({}, lambda _: {}, Sources(folder, ()))
    assert found.place == Place(str(specs / "prod.yaml"), 5, 7)
    assert found.snippet is not None
    assert found.snippet.text == "    - {who: pr, action: write objects}"


def test_a_spec_that_denies_nothing(tmp_path: Path) -> None:
    path = tmp_path / "groundplan.yaml"
    path.write_text(spec_text("small-team", "aws", "default"), encoding="utf-8")
    assert denied_by(resolve_spec(path), tmp_path) is None
    assert denied_in(tmp_path) is None


def test_what_is_decided(environment: Any) -> None:
    stack = resolve_spec(environment({"who": "pr", "action": "read secrets"}) / "groundplan.yaml").stack
    assert [(one.who, one.action, one.resource) for one in denials_of(stack)] == [("pr", "read secrets", "*")]
