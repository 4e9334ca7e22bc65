"""Accesses by policies of AWS: of identities, and of what they get at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from groundplan.change.access import policy
from groundplan.change.access.atoms import Glob
from groundplan.change.access.model import Access, Resource, Scope, Severity
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import at, blocks, last, text, texts

_BROAD = ("AdministratorAccess", "PowerUserAccess", "FullAccess")
"""Ends of names of managed policies that allow everything of a service or more."""
ROLE = "role"


def role_scope(resource: Resource, side: Side, path: str = "role") -> Scope:
    """The role that an argument names, by name or ARN; one that is new by the name of the role beside it."""
    named = last(text(resource.values, path))
    beside = None if named else side.beside(resource, "aws_iam_role")
    return Scope(ROLE, named, side.name(beside) if beside else named or resource.address)


def identity(scope: Scope) -> policy.Holder:
    """Holder of policies that say what an identity may do."""
    return policy.Holder(scope, "may {action} on {resource}")


def resource_policy(scope: Scope, *, guarded: bool = False) -> policy.Holder:
    """Holder of a policy that says who may."""
    return policy.Holder(scope, "lets {principal} {action}", of_principals=True, guarded=guarded)


def trust(resource: Resource, side: Side) -> Iterator[Access]:
    """Who can assume a role, and what policies inside of it allow."""
    scope = role_scope(resource, side, "name")
    holder = policy.Holder(scope, "can be assumed by {principal}", of_principals=True)
    yield from documents(resource, holder, "assume_role_policy")
    for block in blocks(resource.values, "inline_policy"):
        yield from policy.accesses(block.get("policy") or "{}", identity(scope), "inline_policy", resource.address)
    for arn in texts(resource.values, "managed_policy_arns"):
        yield from attached(scope, arn, "managed_policy_arns", resource, side)


def documents(resource: Resource, holder: policy.Holder, path: str) -> Iterator[Access]:
    """Accesses of the document at the path; none where there is none."""
    for document in at(resource.values, path):
        yield from policy.accesses(document, holder, path, resource.address) if document else ()


def role_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """What a policy of a role allows it."""
    yield from documents(resource, identity(role_scope(resource, side)), "policy")


def managed_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """What a policy allows that nothing on this side is seen to have; else its holders have it."""
    if not side.is_attached(resource):
        yield from documents(resource, identity(Scope("policy", text(resource.values, "name"))), "policy")


def attachment(resource: Resource, side: Side) -> Iterator[Access]:
    """What an attached policy allows: its statements where it is at hand, else the policy as a whole."""
    kept = side.policy_of(resource)
    if kept is not None:
        holder = identity(role_scope(resource, side))
        yield from (replace(one, address=kept.address) for one in documents(kept, holder, "policy"))
        return
    for arn in texts(resource.values, "policy_arn"):
        yield from attached(role_scope(resource, side), arn, "policy_arn", resource, side)


def attached(scope: Scope, arn: str, path: str, resource: Resource, side: Side) -> Iterator[Access]:
    """A policy that is not at hand, by its name."""
    severity = Severity.WILDCARD if arn.endswith(_BROAD) else Severity.WIDER
    box = (("policy", (Glob(last(arn)),)),)
    yield Access(scope, box, "has the policy {policy}", path, resource.address, severity=severity)


def bucket_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a bucket lets do what."""
    yield from documents(resource, resource_policy(Scope("bucket", last(text(resource.values, "bucket")))), "policy")


def topic_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a topic lets do what."""
    yield from documents(resource, resource_policy(Scope("topic", last(text(resource.values, "arn")))), "policy")


def secret_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a secret lets do what."""
    path = "secret_arn" if "secret_arn" in resource.values else "name"
    yield from documents(resource, resource_policy(Scope("secret", last(text(resource.values, path)))), "policy")


def repository_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a repository lets do what."""
    scope = Scope("repository", text(resource.values, "repository"))
    yield from documents(resource, resource_policy(scope), "policy")


def log_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """Who may write to log groups."""
    scope = Scope("log policy", text(resource.values, "policy_name"))
    yield from documents(resource, resource_policy(scope), "policy_document")


def key(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a key lets do what; without a policy of its own, the account decides."""
    scope = Scope("key", text(resource.values, "key_id") or resource.address, side.name(resource))
    yield from documents(resource, resource_policy(scope), "policy")


def key_grant(resource: Resource, side: Side) -> Iterator[Access]:
    """What a grant allows on a key."""
    scope = Scope("key", last(text(resource.values, "key_id")))
    who = tuple(Glob(one) for one in texts(resource.values, "grantee_principal"))
    actions = tuple(Glob(f"kms:{one}".lower(), shown=f"kms:{one}") for one in texts(resource.values, "operations"))
    box = (("principal", who), ("action", actions))
    yield Access(scope, box, "lets {principal} {action}", "operations", resource.address)


READERS: Mapping[str, tuple[Reader, ...]] = {
    "aws_cloudwatch_log_resource_policy": (log_policy,),
    "aws_ecr_repository_policy": (repository_policy,),
    "aws_iam_policy": (managed_policy,),
    "aws_iam_role": (trust,),
    "aws_iam_role_policy": (role_policy,),
    "aws_iam_role_policy_attachment": (attachment,),
    "aws_kms_grant": (key_grant,),
    "aws_kms_key": (key,),
    "aws_s3_bucket": (bucket_policy,),
    "aws_s3_bucket_policy": (bucket_policy,),
    "aws_secretsmanager_secret": (secret_policy,),
    "aws_secretsmanager_secret_policy": (secret_policy,),
    "aws_sns_topic": (topic_policy,),
    "aws_sns_topic_policy": (topic_policy,),
}
"""By resource type, what reads its accesses."""
