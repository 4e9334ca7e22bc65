"""Identities of the pipeline on AWS."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from groundplan.clouds.aws.preflight.requirements import permissions
from groundplan.components.base import Arguments, Aspects
from groundplan.components.ci.part import pipeline_of
from groundplan.components.ci_identity.component import CiIdentityPart
from groundplan.components.ci_identity.names import AWS_AUDIENCE, aws_boundary, aws_role
from groundplan.components.ci_identity.taken import permissions_for
from groundplan.components.ci_identity.tokens import GITHUB_ISSUER, Claims, Tokens, signed
from groundplan.components.cluster.part import cluster_of
from groundplan.components.needs import BucketName, ClusterUser
from groundplan.components.object_store.part import buckets_of
from groundplan.components.state_store.part import state_of
from groundplan.hcl.write import Value
from groundplan.stack.layers import PLATFORM
from groundplan.stack.model import Need, Stack

SECRETS = frozenset({"secretsmanager:GetSecretValue", "s3:GetObject"})
"""What only looks and is data all the same."""
COMMANDS = frozenset({"eks:DescribeCluster", "tag:GetResources"})
"""What groundplan calls beside Terraform: the way to the cluster's API, and what a destroy would leave."""
READERS = "groundplan:drift"
"""Group of who looks for drift; EKS keeps names that begin with system:, eks:, aws:, amazon: and iam: for itself.
https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
"""
_LOOKS = re.compile(r":(Describe|Get|List|View)")


class AwsCiIdentity(CiIdentityPart):
    """Identities of the pipeline on AWS."""

    def trusts(self, stack: Stack, tokens: Sequence[Tokens]) -> Arguments:
        """Subjects everywhere, and of GitHub further claims: AWS compares those of no other issuer.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
        """
        pipeline = pipeline_of(stack)
        there = pipeline.existing_providers if pipeline else ()
        return {
            "issuers": {_host(one): {"audience": AWS_AUDIENCE, **_existing(one, there)} for one in tokens},
            "trusts": {
                "plan": [_trust(one, one.plan, one.branches) for one in tokens],
                "drift": [_trust(one, one.merged) for one in tokens],
                "apply": [_trust(one, one.apply) for one in tokens],
            },
        }

    def state(self, stack: Stack) -> Arguments:
        """The region, through whose S3 keys are used, the bucket that is read with that of the states, and its keys."""
        state = state_of(stack)
        logs = {"log_bucket": state.log_bucket} if state.log_bucket else {}
        return {"region": state.region or stack.region, **logs, **({"plans_key": True} if state.managed else {})}

    def permissions(self, stack: Stack, read: Sequence[str], applied: Sequence[str]) -> Arguments:
        """Actions by whether they only look; the environment's own buckets by name."""
        state = state_of(stack)
        held = {*(one.name for one in stack.needed(BucketName)), *(bucket.bucket for bucket in buckets_of(stack))}
        return {
            "buckets": sorted(held - {state.bucket, state.log_bucket}),
            "actions": {
                "read": sorted({*filter(looks, permissions_for(read, permissions())), *COMMANDS}),
                "write": [
                    one for one in permissions_for(applied, permissions()) if not looks(one) and one not in SECRETS
                ],
            },
        }

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Charts make roles with rights of all kinds, which RBAC lets an administrator do alone; drift reads."""
        if signed(stack):
            yield ClusterUser(aws_role(stack, "apply"))
            yield ClusterUser(aws_role(stack, "drift"), READERS)

    def reader(self, stack: Stack) -> Arguments:
        """The group that an access entry puts the role into."""
        return {"kind": "Group", "name": READERS}

    def everywhere(self, stack: Stack) -> Arguments:
        """The boundary, without which an apply makes no role."""
        return {"permissions_boundary": aws_boundary(stack)} if signed(stack) else {}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "identity": "IAM roles by OpenID Connect: plan, drift, apply",
            "who is told apart by": "subject, and on github.com repository id, branch and workflow",
            "what an apply may do": "actions of the resources, held to the environment's names, within a boundary",
        }

    def cautions(self, stack: Stack) -> Iterable[str]:
        """One provider for each issuer."""
        if signed(stack):
            yield (
                "An account has one OpenID Connect provider for each issuer: a second environment in it names the "
                "system in `ci.aws.existing_providers`, and the one that made the provider is destroyed last"
            )
        if signed(stack) and cluster_of(stack):
            yield (
                "The cluster lets in the pipeline and the roles in `cluster.aws.admin_role_arns`, whoever makes it: "
                f"name yours there before you apply `{PLATFORM}` yourself. A cluster that the pipeline made before it "
                "was named has an entry of that role already: `terraform import` it"
            )


def looks(action: str) -> bool:
    """Whether an action reads settings and no data.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    return bool(_LOOKS.search(action)) and action not in SECRETS


def _host(tokens: Tokens) -> str:
    return tokens.issuer.removeprefix("https://")


def _existing(tokens: Tokens, there: Sequence[str]) -> dict[str, Value]:
    return {"existing": True} if tokens.system in there else {}


def _trust(tokens: Tokens, claims: Claims, branches: Sequence[str] = ()) -> dict[str, Value]:
    further = {**tokens.always, **claims} if tokens.issuer == GITHUB_ISSUER else {}
    compared: dict[str, Value] = {
        claim: list(values) for claim, values in sorted({**further, **_subject(claims)}.items())
    }
    return {"issuer": _host(tokens), "claims": compared, **({"branches": list(branches)} if branches else {})}


def _subject(claims: Claims) -> Claims:
    return {"sub": claims["sub"]} if "sub" in claims else {}


PART = AwsCiIdentity()
