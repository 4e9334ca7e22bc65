"""The block `ci`: what each system needs, and what is decided about a pipeline."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from groundplan import paths
from groundplan.app.pipeline import resolve_spec
from groundplan.components.ci.part import Pipeline, pipeline_of
from groundplan.components.ci.spec import PATTERNS, Ci
from groundplan.components.load import components
from groundplan.compose.compose import compose
from groundplan.diagnostics import DiagnosticsError, Severity
from tests.sizes import Values, spec_text

GITHUB: Values = {
    "system": "github",
    "repository": {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678},
}


def resolved(folder: Path, ci: Values | None, cloud: str = "aws", endpoint: Values | None = None) -> Pipeline | None:
    spec = yaml.safe_load(spec_text("small-team", cloud))
    if ci is not None:
        spec["ci"] = ci
        spec.setdefault("cluster", {})["endpoint"] = endpoint or {"public_cidrs": ["203.0.113.7/32"]}
    path = folder / "groundplan.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return pipeline_of(resolve_spec(path).stack)


def test_without_the_block_there_is_no_pipeline(tmp_path: Path) -> None:
    assert resolved(tmp_path, None) is None


def test_one_system_stands_without_a_list(tmp_path: Path) -> None:
    found = resolved(tmp_path, GITHUB)
    assert found is not None
    assert (found.systems, found.default_branch, found.labels) == (("github",), "main", ())
    assert found.github is not None
    assert (found.github.owner_id, found.github.repository_id, found.github.subject) == (1234, 5678, "immutable")


def test_subjects_of_an_enterprise_server_have_no_ids(tmp_path: Path) -> None:
    found = resolved(tmp_path, {**GITHUB, "github": {"url": "https://git.example.com"}})
    assert found is not None
    assert found.github is not None
    assert found.github.subject == "legacy"


@pytest.mark.parametrize(
    ("said", "api"),
    [
        ({"forge": "github"}, "https://api.github.com"),
        ({"forge": "github", "url": "https://github.com"}, "https://api.github.com"),
        ({"forge": "github", "url": "https://acme.ghe.com"}, "https://api.acme.ghe.com"),
        ({"forge": "github", "url": "https://git.example.com"}, "https://git.example.com/api/v3"),
        ({"forge": "gitlab"}, "https://gitlab.com/api/v4"),
        ({"forge": "gitlab", "url": "https://git.example.com/lab"}, "https://git.example.com/lab/api/v4"),
    ],
)
def test_where_builds_of_jenkins_write_comments(tmp_path: Path, said: Values, api: str) -> None:
    comments = {**said, "project": "acme/infra", "credential": "groundplan-comments"}
    job = {"url": "https://jenkins.example.com", "job": "platform/infra", "comments": comments}
    found = resolved(tmp_path, {"system": "jenkins", "jenkins": job})
    assert found and found.jenkins and found.jenkins.comments
    assert found.jenkins.comments.api == api


@pytest.mark.parametrize(
    ("said", "issuer"),
    [
        ({}, "https://jenkins.example.com/oidc"),
        ({"issuer": "https://tokens.example.com"}, "https://tokens.example.com"),
        ({"identity": "agent"}, ""),
    ],
)
def test_who_says_what_a_job_of_jenkins_is(tmp_path: Path, said: Values, issuer: str) -> None:
    jenkins = {"url": "https://jenkins.example.com", "job": "platform/infra", **said}
    found = resolved(tmp_path, {"system": "jenkins", "jenkins": jenkins})
    assert found is not None
    assert found.jenkins is not None
    assert found.jenkins.issuer == issuer


def test_a_pool_of_identities_is_named_by_the_number_of_its_project(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        resolved(tmp_path, GITHUB, "gcp")
    [found] = [one for one in caught.value.diagnostics if one.severity is Severity.ERROR]
    assert (found.code, found.path, found.place is not None) == ("GP202", "ci", True)
    part = resolved(tmp_path, {**GITHUB, "gcp": {"project_number": 42}}, "gcp")
    assert part is not None
    assert part.project_number == 42


@pytest.mark.parametrize("text", ["x\n", "$(id)", "a`id`", "${{ github.token }}", "a'b", 'a"b', "a;b", "a b", "a\\b"])
def test_no_name_of_the_block_holds_what_a_shell_or_a_workflow_acts_on(text: str) -> None:
    """Every pattern but that of `cron`, which has spaces between digits."""
    assert all(not re.fullmatch(pattern.removeprefix("^").removesuffix("$"), text) for pattern in PATTERNS)
    assert Ci.model_fields.keys() >= {"default_branch", "runner", "approvers"}


RUNNERS: Values = {"runner": {"labels": ["self-hosted", "vpc"]}}
GITLAB: Values = {"system": "gitlab", "gitlab": {"project": "acme/infra", "project_id": 77}}
OWN_GITLAB: Values = {**GITLAB, "gitlab": {**GITLAB["gitlab"], "url": "https://git.example.com"}}
JENKINS: Values = {"system": "jenkins", "jenkins": {"url": "https://ci.example.com", "job": "infra"}}


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize("ci", [GITHUB, GITLAB, {**JENKINS, **GITHUB, "system": ["jenkins", "github"]}])
def test_hosted_runners_do_not_reach_a_private_endpoint(tmp_path: Path, cloud: str, ci: Values) -> None:
    inside = {"private_cidrs": ["10.99.0.0/24"]}
    with pytest.raises(DiagnosticsError) as caught:
        resolved(tmp_path, {**ci, "gcp": {"project_number": 1}} if cloud == "gcp" else ci, cloud, inside)
    [found] = caught.value.diagnostics
    assert found.code == "GP208"
    assert found.place is not None
    system = "gitlab" if ci is GITLAB else "github"
    assert system in (tmp_path / "groundplan.yaml").read_text(encoding="utf-8").splitlines()[found.place.line - 1]
    for way in ("ci.runner.labels", "cluster.endpoint.public_cidrs", "jenkins"):
        assert way in (found.hint or "")
    assert ("cluster.gcp.dns_endpoint" in (found.hint or "")) == (cloud == "gcp")


def test_hosted_runners_reach_a_cluster_of_google_by_its_dns_name(tmp_path: Path) -> None:
    spec = yaml.safe_load(spec_text("small-team", "gcp"))
    spec["ci"] = {**GITHUB, "gcp": {"project_number": 1}}
    spec["cluster"] = {"gcp": {"dns_endpoint": True}}
    path = tmp_path / "groundplan.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    built = resolve_spec(path)
    assert pipeline_of(built.stack) is not None
    roots = compose(built.stack, built.cloud, components(), paths.MODULES).roots
    [identity] = [call for root in roots for call in root.calls if call.source == "gcp/ci_identity"]
    assert identity.arguments["cluster_dns_endpoint"] is True


@pytest.mark.parametrize("ci", [{**GITHUB, **RUNNERS}, {**GITLAB, **RUNNERS}, OWN_GITLAB, JENKINS])
def test_runners_inside_the_network_reach_it(tmp_path: Path, ci: Values) -> None:
    assert resolved(tmp_path, ci, endpoint={"private_cidrs": ["10.99.0.0/24"]}) is not None
