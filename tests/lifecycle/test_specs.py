"""Tracking without a cluster, from the spec to the destroy: checked, rehearsed, and free of secrets.

What blueprints cover is in test_blueprints.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.cli import run
from groundplan.clouds import CLOUDS
from groundplan.terraform.offline import OfflineSession, find_roots, offline_session
from tests.architecture.sources import REPOSITORY
from tests.lifecycle.states import rehearse

SPECS = REPOSITORY / "tests" / "specs" / "valid"
SPEC = "serverless-tracking"


@pytest.fixture(params=CLOUDS)
def out(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The environment of the spec on each cloud."""
    out = tmp_path / "out"
    assert run(["render", str(SPECS / f"{SPEC}.yaml"), "-o", str(out), "--cloud", request.param]) == 0
    return out


def test_checks_pass(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    code = run(["check", str(out), "--format", "json"])
    output = capsys.readouterr().out
    assert code == 0, output
    report = json.loads(output)
    assert report["checkov"]["failed"] == 0
    assert report["checkov"]["passed"] > 80
    roots = report["terraform"]["roots"]
    assert set(roots) == set(find_roots(out))
    assert all(root["valid"] and root["planned"] and root["resources"] > 0 for root in roots.values())


def rehearsed(session: OfflineSession, out: Path) -> dict[str, str]:
    """Every text that somebody could find a secret in: rendered files, and each root's plan and state."""
    files = (path for path in out.rglob("*") if path.is_file())
    texts = {path.relative_to(out).as_posix(): path.read_text(encoding="utf-8") for path in files}
    for root in session.roots:
        texts[f"state of {root}"] = rehearse(session, root)
        shown = session.run(root, "show", "-json", "second.tfplan")
        assert shown.returncode == 0
        texts[f"plan of {root}"] = json.dumps(json.loads(shown.stdout), ensure_ascii=False)
    return texts


def test_it_lives_and_leaves_no_secret(out: Path) -> None:
    with offline_session(out) as session:
        texts = rehearsed(session, out)
        secrets = {json.dumps(secret)[1:-1] for secret in session.issued_secrets()} | session.issued_secrets()
    assert secrets
    passwords = {secret for secret in secrets if secret.isalnum() and len(secret) in (32, 40, 64)}
    assert sorted(map(len, passwords)) == [32, 40, 64]
    assert all('"resources":' in texts[f"state of {root}"] for root in find_roots(out))
    assert [(where, len(secret)) for where, text in texts.items() for secret in secrets if secret in text] == []
