"""What AWS decides, by the examples of its documents, and with moto as a second opinion."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from groundplan.access.aws.conditions import Context, holds
from groundplan.access.model import Verdict
from groundplan.access.world import Subject, World, trusts
from tests.unit.access.iam import ACCOUNT, allow, bucket, deny, document, given, key, may, role

ALLOWED, DENIED, NOT_GRANTED, DEPENDS = Verdict.ALLOWED, Verdict.DENIED, Verdict.NOT_GRANTED, Verdict.DEPENDS
OWN = ["arn:aws:s3:::carlossalazar", "arn:aws:s3:::carlossalazar/*"]
CARLOS = (
    allow(["s3:GetBucketLocation", "s3:GetAccountPublicAccessBlock", "s3:ListAccessPoints", "s3:ListAllMyBuckets"]),
    allow("s3:*", OWN, Sid="AllowS3Self"),
    deny("s3:*", "arn:aws:s3:::*log*", Sid="DenyS3Logs"),
)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"""


class TestPolicies:
    """Denials, allowances and the lack of both."""

    def test_what_is_allowed_and_not_denied(self) -> None:
        found = may(role(*CARLOS), "s3:PutObject", "arn:aws:s3:::carlossalazar/report.csv")
        assert (found.verdict, found.by.name if found.by else "") == (ALLOWED, "AllowS3Self")

    def test_what_nothing_allows(self) -> None:
        assert may(role(*CARLOS), "s3:GetObject", "arn:aws:s3:::other/report.csv").verdict is NOT_GRANTED
        assert may(role(*CARLOS), "ec2:RunInstances").verdict is NOT_GRANTED

    def test_a_denial_wins_over_an_allowance(self) -> None:
        found = may(role(*CARLOS), "s3:DeleteObject", "arn:aws:s3:::carlossalazar/log/1")
        assert (found.verdict, found.by.name if found.by else "") == (DENIED, "DenyS3Logs")

    def test_names_of_actions_have_no_case(self) -> None:
        assert may(role(allow("S3:getobject")), "s3:GetObject").verdict is ALLOWED

    def test_what_is_left_out_of_a_statement(self) -> None:
        but = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
        assert may(role(but), "iam:CreateUser").verdict is NOT_GRANTED
        assert may(role(but), "s3:GetObject").verdict is ALLOWED
        elsewhere = {"Effect": "Deny", "Action": "s3:*", "NotResource": OWN}
        everything = role(allow("*"), elsewhere)
        assert may(everything, "s3:GetObject", "arn:aws:s3:::other/x").verdict is DENIED
        assert may(everything, "s3:GetObject", "arn:aws:s3:::carlossalazar/x").verdict is ALLOWED

    def test_a_question_with_wildcards_is_answered_by_what_of_it_is_allowed(self) -> None:
        found = may(role(*CARLOS), "s3:Put*", "*")
        assert (found.verdict, found.what) == (ALLOWED, "s3:Put* on arn:aws:s3:::carlossalazar")
        assert may(role(allow("s3:GetObject", OWN[1])), "s3:*", "arn:aws:s3:::*").verdict is ALLOWED
        assert may(role(allow("s3:GetObject", OWN[1]), deny("s3:Get*")), "s3:*", "*").verdict is DENIED

    def test_what_a_bucket_allows_by_a_policy_that_is_not_known(self) -> None:
        closed = given("aws_s3_bucket_policy", "data", bucket="data", policy=None)
        made = [*role(allow("s3:ListBucket")), *bucket("data"), closed]
        found = may(made, "s3:GetObject", "arn:aws:s3:::data/x")
        assert (found.verdict, found.why) == (DEPENDS, "what aws_s3_bucket.data allows is not known")
        assert may(made, "s3:GetObject", "arn:aws:s3:::other/x").verdict is NOT_GRANTED
        assert may(made, "sns:Publish").verdict is NOT_GRANTED

    def test_variables_stand_for_what_a_request_has(self) -> None:
        found = may(role(allow("s3:GetObject", "arn:aws:s3:::home/${aws:username}/*")), "s3:GetObject", "*")
        assert found.verdict is DEPENDS

    def test_contents_that_are_not_known(self) -> None:
        attached = given("aws_iam_role_policy_attachment", "x", role="job", policy_arn="arn:aws:iam::aws:policy/Some")
        found = may([*role(), attached], "s3:GetObject")
        assert (found.verdict, "policy/Some" in found.why) == (DEPENDS, True)

    def test_policies_of_the_cloud_that_modules_attach(self) -> None:
        arn = "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"
        attached = given("aws_iam_role_policy_attachment", "x", role="job", policy_arn=arn)
        assert may([*role(), attached], "ecr:BatchGetImage").verdict is ALLOWED
        assert may([*role(), attached], "ecr:PutImage").verdict is NOT_GRANTED


class TestBoundaries:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"""

    LIMIT = (allow(["s3:*", "cloudwatch:*", "ec2:*"]),)

    def test_what_a_boundary_leaves_out_is_not_granted(self) -> None:
        found = may(role(allow("iam:CreateUser"), boundary=self.LIMIT), "iam:CreateUser")
        assert (found.verdict, "boundary" in found.why) == (NOT_GRANTED, True)

    def test_a_boundary_grants_nothing(self) -> None:
        assert may(role(boundary=self.LIMIT), "s3:GetObject").verdict is NOT_GRANTED

    def test_what_both_have(self) -> None:
        assert may(role(allow("*"), boundary=self.LIMIT), "s3:GetObject").verdict is ALLOWED
        assert may(role(allow("*"), boundary=[*self.LIMIT, deny("s3:*")]), "s3:GetObject").verdict is DENIED

    def test_a_boundary_holds_what_a_bucket_gives_to_the_role(self) -> None:
        to_role = allow("s3:GetObject", "arn:aws:s3:::b/*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/job"})
        given_it = bucket("b", to_role)
        assert may([*role(), *given_it], "s3:GetObject", "arn:aws:s3:::b/x").verdict is ALLOWED
        held = role(boundary=[allow("ec2:*")])
        assert may([*held, *given_it], "s3:GetObject", "arn:aws:s3:::b/x").verdict is NOT_GRANTED


class TestResources:
    """Policies of buckets and keys."""

    def test_a_bucket_denies(self) -> None:
        plain = deny("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"], Principal="*")
        closed = [*role(allow("s3:*")), *bucket("b", plain)]
        assert may(closed, "s3:GetObject", "arn:aws:s3:::b/x").verdict is DENIED
        assert may(closed, "s3:GetObject", "arn:aws:s3:::c/x").verdict is ALLOWED

    def test_requests_are_taken_to_be_encrypted(self) -> None:
        plain = deny("s3:*", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})
        assert may([*role(allow("s3:*")), *bucket("b", plain)], "s3:GetObject", "arn:aws:s3:::b/x").verdict is ALLOWED

    def test_a_key_has_to_allow_too(self) -> None:
        """https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"""
        root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        wants = role(allow("kms:*"))
        arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"
        assert may([*wants, key("k")], "kms:Decrypt", arn).verdict is NOT_GRANTED
        assert may([*wants, key("k", allow("kms:Decrypt", Principal=root))], "kms:Decrypt", arn).verdict is ALLOWED
        assert may([*role(), key("k", allow("kms:Decrypt", Principal=root))], "kms:Decrypt", arn).verdict is NOT_GRANTED
        to_role = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/job"}
        assert may([*role(), key("k", allow("kms:Decrypt", Principal=to_role))], "kms:Decrypt", arn).verdict is ALLOWED

    def test_a_key_may_ask_for_a_service(self) -> None:
        root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        through = {"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}}
        made = [*role(allow("kms:*")), key("k", allow("kms:Decrypt", Principal=root, Condition=through))]
        found = may(made, "kms:Decrypt", f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k")
        assert (found.verdict, "viaservice" in found.why) == (DEPENDS, True)

    def test_tags_of_resources_are_known(self) -> None:
        others = deny("kms:*", Condition={"StringNotEquals": {"aws:ResourceTag/environment": "dev"}})
        to_role = allow("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/job"})
        arn = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/k"
        mine = [*role(others), key("k", to_role, tags_all={"environment": "dev"})]
        assert may(mine, "kms:Decrypt", arn).verdict is ALLOWED
        other = [*role(others), key("k", to_role, tags_all={"environment": "prod"})]
        assert may(other, "kms:Decrypt", arn).verdict is DENIED


def test_conditions_by_operators() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    context = Context({"a": ("x1",), "many": ("p", "q"), "n": ("5",), "b": ("true",)}, closed=("absent",))

    def ends(operator: str, name: str, *values: str) -> tuple[bool, bool]:
        found = holds({operator: {name: list(values)}}, context)
        return found.holds, bool(found.depends)

    yes, no, maybe = (True, False), (False, False), (True, True)
    cases: list[tuple[tuple[bool, bool], Any]] = [
        (yes, ("StringEquals", "A", "x1")),
        (no, ("StringEquals", "a", "x*")),
        (yes, ("StringLike", "a", "x?")),
        (no, ("StringNotLike", "a", "x*")),
        (no, ("StringEquals", "absent", "x")),
        (yes, ("StringNotEquals", "absent", "x")),
        (yes, ("StringEqualsIfExists", "absent", "x")),
        (yes, ("StringEqualsIgnoreCase", "a", "X1")),
        (yes, ("ForAllValues:StringEquals", "absent", "x")),
        (no, ("ForAnyValue:StringEquals", "absent", "x")),
        (no, ("ForAnyValue:StringNotEquals", "absent", "x")),
        (no, ("ForAllValues:StringEquals", "many", "p")),
        (yes, ("ForAnyValue:StringEquals", "many", "p")),
        (yes, ("Null", "absent", "true")),
        (no, ("Null", "a", "true")),
        (yes, ("NumericLessThan", "n", "6")),
        (no, ("NumericGreaterThanEquals", "n", "6")),
        (yes, ("Bool", "b", "true")),
        (maybe, ("StringEquals", "elsewhere", "x")),
        (maybe, ("DateLessThan", "a", "2026-01-01")),
        (maybe, ("StringEquals", "a", "${aws:username}")),
    ]
    assert [(ends(*case), case) for _, case in cases] == cases


ACTIONS = ["s3:GetObject", "s3:PutObject", "s3:*", "*", "iam:CreateRole", "s3:Get*"]
RESOURCES = ["*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/x", "arn:aws:s3:::b/x", "arn:aws:s3:::*"]
STATEMENTS = st.builds(
    lambda effect, action, resource: {"Effect": effect, "Action": action, "Resource": resource},
    st.sampled_from(["Allow", "Deny"]),
    st.sampled_from(ACTIONS),
    st.sampled_from(RESOURCES),
)
POLICIES = st.lists(STATEMENTS, max_size=5)


@for_all(POLICIES, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_a_denial_always_wins(statements: list[Any], action: str, resource: str) -> None:
    assert may(role(*statements, deny(action, resource)), action, resource).verdict is DENIED


@for_all(POLICIES, STATEMENTS, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_one_more_allowance_never_takes_access_away(
    statements: list[Any], more: dict[str, Any], action: str, resource: str
) -> None:
    before = may(role(*statements), action, resource).verdict
    after = may(role(*statements, {**more, "Effect": "Allow"}), action, resource).verdict
    assert after.rank <= before.rank


@for_all(POLICIES, POLICIES, st.sampled_from(ACTIONS), st.sampled_from(RESOURCES))
def test_a_boundary_never_gives_access(statements: list[Any], limit: list[Any], action: str, resource: str) -> None:
    bare = may(role(*statements), action, resource).verdict
    bound = may(role(*statements, boundary=limit), action, resource).verdict
    assert (bound in {ALLOWED, DEPENDS}) <= (bare in {ALLOWED, DEPENDS})


@for_all(POLICIES, st.sampled_from(["s3:GetObject", "iam:CreateRole"]), st.sampled_from(RESOURCES[2:4]))
def test_moto_decides_alike(statements: list[Any], action: str, resource: str) -> None:
    """Of policies that only an identity has, without conditions, which is what moto evaluates."""
    policy = pytest.importorskip("moto.iam.access_control").IAMPolicy
    result = pytest.importorskip("moto.iam.access_control").PermissionResult
    found = [policy(document(one)).is_action_permitted(action, resource) for one in statements]
    expected = NOT_GRANTED
    if result.DENIED in found:
        expected = DENIED
    elif result.PERMITTED in found:
        expected = ALLOWED
    assert may(role(*statements), action, resource).verdict is expected


ISSUER = "token.actions.githubusercontent.com"


def trust(condition: dict[str, Any], effect: str = "Allow") -> dict[str, Any]:
    return {
        "Sid": "Tokens",
        "Effect": effect,
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"},
        "Condition": condition,
    }


MINE = {"iss": f"https://{ISSUER}", "aud": "sts.amazonaws.com", "sub": "repo:acme/infra:ref:refs/heads/main"}


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ({"StringEquals": {f"{ISSUER}:sub": MINE["sub"], f"{ISSUER}:aud": "sts.amazonaws.com"}}, ALLOWED),
        ({"StringEquals": {f"{ISSUER}:sub": "repo:acme/other:ref:refs/heads/main"}}, NOT_GRANTED),
        ({"StringLike": {f"{ISSUER}:sub": "repo:acme/*"}}, ALLOWED),
        ({"StringEquals": {f"{ISSUER}:environment": "prod"}}, NOT_GRANTED),
        ({"ForAllValues:StringEquals": {f"{ISSUER}:environment": "prod"}}, ALLOWED),
        ({"StringEquals": {"aws:PrincipalTag/team": "ml"}}, DEPENDS),
    ],
)
def test_tokens_by_their_claims(condition: dict[str, Any], verdict: Verdict) -> None:
    [taken] = trusts(role(trust=[trust(condition)]), MINE)
    assert (taken.name, taken.verdict) == ("job", verdict)


def test_tokens_of_another_issuer() -> None:
    [taken] = trusts(role(trust=[trust({})]), {**MINE, "iss": "https://gitlab.com"})
    assert taken.verdict is NOT_GRANTED


def test_a_pod_has_the_role_of_its_association() -> None:
    pods = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "pods.eks.amazonaws.com"}}
    arn = f"arn:aws:iam::{ACCOUNT}:role/job"
    one = given("aws_eks_pod_identity_association", "x", namespace="train", service_account="gpu", role_arn=arn)
    world = World([*role(*CARLOS, trust=[pods]), one])
    [subject] = world.subjects("pod:gpu")
    assert subject.names == ("job",)
    assert world.ask(subject, "s3:GetObject", "arn:aws:s3:::carlossalazar/x").answer.verdict is ALLOWED


def test_a_long_document_ends_soon() -> None:
    """Input is a pull request's: what has too many combinations is not followed."""
    names = [f"arn:aws:s3:::{index}/*" for index in range(4_000)]
    actions = [f"s3:Get{index}*" for index in range(4_000)]
    assert may(role(allow(actions, names)), "s3:*", "*").verdict is DEPENDS


def test_no_document_is_no_permission() -> None:
    broken = given("aws_iam_role_policy", "x", name="x", role="job", policy=json.dumps([1, 2]))
    assert may([*role(), broken], "s3:GetObject").verdict is DEPENDS


def test_what_a_bucket_lets_everybody_do_may_need_no_identity() -> None:
    public = {**allow("s3:GetObject", "arn:aws:s3:::data/*"), "Principal": "*"}
    own = {**allow("s3:PutObject", "arn:aws:s3:::data/*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    world = World([*role(), *bucket("data", public, own)])
    found = world.ask(Subject("fork"), "s3:GetObject", "*")
    assert (found.answer.verdict, found.identity) == (DEPENDS, "anybody")
    assert found.answer.why == "whether access of the public is blocked is not evaluated"
    assert world.ask(Subject("fork"), "s3:PutObject", "*").answer.verdict is NOT_GRANTED
    assert world.ask(Subject("fork"), "*", "*").answer.verdict is DEPENDS
