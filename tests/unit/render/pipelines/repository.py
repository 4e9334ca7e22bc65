"""A repository with an environment on each cloud, for tests of its pipelines."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml

from groundplan.cli import run
from tests.sizes import Values, spec_text

CI: Values = {
    "system": ["github", "gitlab", "jenkins"],
    "repository": {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678},
    "gitlab": {"project": "acme/infra", "project_id": 4711},
    "jenkins": {
        "url": "https://jenkins.example.com",
        "job": "platform/infra",
        "comments": {"forge": "github", "project": "acme/infra", "credential": "groundplan-comments"},
    },
    "approvers": ["ml-platform"],
    "drift": {"cron": "0 5 * * *"},
    "gcp": {"project_number": 987654321012},
}


def repository(top: Path, ci: Values | None = None) -> Path:
    """Two environments, rendered and committed, on AWS and on Google Cloud."""
    for cloud in ("aws", "gcp"):
        environment(top / cloud, cloud, ci)
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top)
    return top


def environment(folder: Path, cloud: str, ci: Values | None = None, name: str = "") -> None:
    """One that is rendered, called after its cloud."""
    path = write_spec(folder, cloud, ci, name)
    assert run(["render", str(path), "-o", str(folder)]) == 0


def write_spec(folder: Path, cloud: str, ci: Values | None = None, name: str = "") -> Path:
    """Its spec alone."""
    spec = yaml.safe_load(spec_text("small-team", cloud, "minimal"))
    spec |= {"name": name or f"team-{cloud}", "ci": CI if ci is None else ci, "state": {}}
    spec["cluster"] = {**(spec.get("cluster") or {}), "endpoint": {"public_cidrs": ["203.0.113.7/32"]}}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "groundplan.yaml"
    path.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    return path


def git(folder: Path, *arguments: str) -> str:
    settings = ("user.name=A", "user.email=a@example.com", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    command = ["git", "-C", str(folder), *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "x")
