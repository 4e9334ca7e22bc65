"""GP920: whose tokens a role of AWS or a pool of Google takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.check.planned import breaches, planned

GITHUB = "token.actions.githubusercontent.com"
SUBJECT = "repo:acme@1234/infra@5678:environment:prod-apply"
AUDIENCE = {f"{GITHUB}:aud": "sts.amazonaws.com"}


def role(condition: Any, issuer: str = GITHUB, **more: Any) -> dict[str, Any]:
    """A role that takes tokens of an issuer under a condition."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::111122223333:oidc-provider/{issuer}"},
        "Condition": condition,
        **more,
    }
    return planned("aws_iam_role", assume_role_policy=json.dumps({"Statement": [statement]}))


def pool(condition: str | None, unknown: dict[str, Any] | None = None) -> dict[str, Any]:
    """A provider of an identity pool for GitHub's tokens."""
    kind = "google_iam_workload_identity_pool_provider"
    return planned(kind, unknown, attribute_condition=condition, oidc=[{"issuer_uri": f"https://{GITHUB}"}])


@pytest.mark.parametrize(
    "condition",
    [
        {"StringEquals": {**AUDIENCE, f"{GITHUB}:sub": SUBJECT}},
        {"StringEquals": {**AUDIENCE, f"{GITHUB}:SUB": [SUBJECT, "repo:acme/infra:pull_request"]}},
        {"StringEquals": AUDIENCE, "StringLike": {f"{GITHUB}:sub": SUBJECT}},
    ],
)
def test_whole_subjects_for_an_audience_are_fine(tmp_path: Path, condition: Any) -> None:
    assert breaches("GP920", tmp_path, role(condition)) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (None, "no condition on"),
        ({"StringEquals": AUDIENCE}, "no condition on"),
        ({"StringEquals": {f"{GITHUB}:sub": SUBJECT}}, "no StringEquals of"),
        ({"StringEqualsIfExists": AUDIENCE, "StringEquals": {f"{GITHUB}:sub": SUBJECT}}, "no StringEquals of"),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{GITHUB}:sub": "repo:acme/*"}}, "repo:acme/*"),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{GITHUB}:sub": "repo:acme/infra:*"}}, "repo:acme/infra:*"),
        ({"StringEquals": AUDIENCE, "StringLike": {f"{GITHUB}:sub": [SUBJECT, "*"]}}, "by wildcards"),
        ({"StringEquals": AUDIENCE, "StringNotEquals": {f"{GITHUB}:sub": SUBJECT}}, "what they are not"),
        ({"StringEquals": AUDIENCE, "ForAllValues:StringEquals": {f"{GITHUB}:sub": SUBJECT}}, "absence"),
        ({"StringEquals": AUDIENCE, "StringEqualsIfExists": {f"{GITHUB}:sub": SUBJECT}}, "absence"),
        ({"StringEquals": {**AUDIENCE, "gitlab.com:sub": "x"}}, "no condition on"),
    ],
)
def test_what_lets_in_others_is_a_breach(tmp_path: Path, condition: Any, message: str) -> None:
    assert message in "; ".join(breaches("GP920", tmp_path, role(condition)))


@pytest.mark.parametrize(
    "action", ["sts:*", "*", "sts:AssumeRole*", ["sts:TagSession", "STS:AssumeRoleWithWebIdentity"]]
)
def test_actions_by_wildcards_take_tokens_too(tmp_path: Path, action: Any) -> None:
    assert len(breaches("GP920", tmp_path, role(None, Action=action))) == 2


def test_branches_of_one_project_may_differ_at_their_end(tmp_path: Path) -> None:
    audience = {"gitlab.com:aud": "sts.amazonaws.com"}

    def like(subject: str) -> list[str]:
        condition = {"StringEquals": audience, "StringLike": {"gitlab.com:sub": subject}}
        return breaches("GP920", tmp_path, role(condition, "gitlab.com"))

    assert like("project_path:acme/infra:ref_type:branch:ref:*") == []
    assert like("https://ci.example.com/job/infra/job/PR-*") == []
    assert like("project_path:acme/*:ref_type:branch:ref:*")
    assert like("project_path:acme/infra:*")
    assert like("https://ci.example.com/job/*")


def test_pods_and_denials_are_another_matter(tmp_path: Path) -> None:
    assert breaches("GP920", tmp_path, role(None, "oidc.eks.us-east-1.amazonaws.com/id/ABC")) == []
    assert breaches("GP920", tmp_path, role(None, Effect="Deny")) == []
    assert breaches("GP920", tmp_path, planned("aws_iam_role", assume_role_policy="no policy")) == []


@pytest.mark.parametrize(
    "condition",
    [
        "assertion.repository_owner_id == '1234' && assertion.repository_id == '5678'",
        "assertion.repository_id in ['5678']",
        f"assertion.sub == '{SUBJECT}'",
        "assertion.project_id == '77' && assertion.ref_protected == 'true'",
        "assertion.sub.startsWith('https://ci.example.com/job/platform/job/infra/job/')",
    ],
)
def test_a_pool_that_is_held_to_an_id_is_fine(tmp_path: Path, condition: str) -> None:
    assert breaches("GP920", tmp_path, pool(condition)) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (None, "no attribute_condition"),
        ("true", "no id"),
        ("assertion.repository_owner == 'acme'", "no id"),
        ("assertion.sub.startsWith('repo:acme/')", "no id"),
        ("assertion.sub.startsWith('https://ci.example.com/')", "no id"),
        ("assertion.sub.startsWith('https://ci.example.com/job/')", "no id"),
        ("assertion.repository_id == '5678' || true", "more than one way"),
        ("!(assertion.repository_id == '5678')", "no id"),
        ("assertion.repository_id != '5678'", "no id"),
    ],
)
def test_a_pool_that_is_open_is_a_breach(tmp_path: Path, condition: str | None, message: str) -> None:
    [found] = breaches("GP920", tmp_path, pool(condition))
    assert message in found


def test_an_unknown_condition_is_no_safe_one(tmp_path: Path) -> None:
    [found] = breaches("GP920", tmp_path, pool(None, {"attribute_condition": True}))
    assert "known only after apply" in found
