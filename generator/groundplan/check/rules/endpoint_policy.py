"""GP915: data leaves through a stranger's bucket, in what is written or in the names of what is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan.check.rules.base import Resource, Rule, Subject, Violation
from groundplan.check.rules.peers import listed, statements
from groundplan.check.rules.references import referred

_OWNERS = ("aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths", "s3:resourceaccount")
_NAMED_PARTS = 5
_BUCKET_PART = 5


class EndpointPolicy(Rule):
    """The endpoint of S3 lets buckets of any account be used."""

    code = "GP915"
    remedy = (
        "hold every statement to your accounts (`aws:ResourceAccount`) or to buckets by their names; "
        "the key of an object carries data out even when it is only read"
    )
    needs_plan = True
    answers = frozenset({"CKV_AWS_108", "CKV_AWS_283", "CKV_AWS_356"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at gateway and interface endpoints; without a policy an endpoint lets everything through."""
        apart = set(_apart(subject))
        for resource in subject.planned():
            if (resource.root, resource.address) not in apart and _of_s3(resource):
                for message in _open(resource, subject):
                    yield Violation(message, resource.root, resource.address)


def _apart(subject: Subject) -> Iterator[tuple[str, str]]:
    """Root and address of endpoints whose policy is a resource of its own."""
    for resource in subject.planned():
        if resource.type == "aws_vpc_endpoint_policy":
            plan = subject.plans[resource.root]
            yield from ((resource.root, at) for at in referred(plan, resource, "vpc_endpoint_id", "aws_vpc_endpoint"))


def _of_s3(resource: Resource) -> bool:
    if resource.type == "aws_vpc_endpoint_policy":
        return any(_on_s3(statement) for statement in statements(resource.values.get("policy")))
    on_s3 = str(resource.values.get("service_name", "")).endswith((".s3", ".s3-global.accesspoint", ".s3express"))
    return resource.type == "aws_vpc_endpoint" and on_s3


def _on_s3(statement: dict[str, Any]) -> bool:
    return any(str(action).lower().startswith(("s3", "*")) for action in listed(statement.get("Action")))


def _open(resource: Resource, subject: Subject) -> Iterator[str]:
    policy = resource.values.get("policy")
    if policy is None:
        if not (resource.unknown.get("policy") is True and subject.sets(resource, "policy")):
            yield "it has no policy, which lets every bucket through"
        else:
            yield "its policy is known only after apply"
        return
    found = statements(policy)
    if not found:
        yield "its policy has no statement that can be read"
    for number, statement in enumerate(found, 1):
        if statement.get("Effect") == "Allow" and not _held(statement):
            yield f"statement {statement.get('Sid') or number} lets buckets of any account through"


def _held(statement: dict[str, Any]) -> bool:
    """Whether a statement is about named buckets, or those of named accounts."""
    if "NotResource" in statement or "NotAction" in statement:
        return False
    if _held_to_owners(statement.get("Condition")):
        return True
    resources = listed(statement.get("Resource"))
    return bool(resources) and all(_named(str(resource)) for resource in resources)


def _named(resource: str) -> bool:
    """Whether an ARN names a bucket, up to a suffix that S3 gives its own: not `*` in the bucket's name."""
    parts = resource.split(":", _BUCKET_PART)
    bucket = parts[_BUCKET_PART].split("/", 1)[0] if len(parts) > _NAMED_PARTS else "*"
    return not set("*?$") & set(bucket)


def _held_to_owners(condition: Any) -> bool:
    """Whether a condition compares the owner of the bucket with names. `…IfExists` lets through what has no owner."""
    for operator, compared in condition.items() if isinstance(condition, dict) else ():
        exact = operator.removeprefix("ForAnyValue:") in ("StringEquals", "StringEqualsIgnoreCase", "StringLike")
        for key, values in compared.items() if exact and isinstance(compared, dict) else ():
            if key.lower() in _OWNERS and not any(set("*?") & set(str(value)) for value in listed(values)):
                return True
    return False
