"""Resources of AWS that have policies of their own: buckets, keys, secrets, topics, repositories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from groundplan.access.aws.statements import Said, UnreadableDocumentError, said
from groundplan.access.given import of_type
from groundplan.access.model import Given
from groundplan.change.access import globs
from groundplan.change.access.values import last, text

_POLICIES: Mapping[str, tuple[str, str]] = {
    "aws_s3_bucket_policy": ("aws_s3_bucket", "bucket"),
    "aws_kms_key_policy": ("aws_kms_key", "key_id"),
    "aws_secretsmanager_secret_policy": ("aws_secretsmanager_secret", "secret_arn"),
    "aws_sns_topic_policy": ("aws_sns_topic", "arn"),
    "aws_ecr_repository_policy": ("aws_ecr_repository", "repository"),
}
"""Types that are policies of another one: its type, and the argument that names it."""
_INLINE = ("aws_kms_key", "aws_sns_topic")
"""Types that may have their policy with them."""
_ALONE = "aws_kms_key"
"""What nobody gets at without its own policy: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A resource, by the names that requests give it."""

    given: Given
    arn: str
    policy: tuple[Said, ...]
    alone: bool = False
    """Whether its own policy has to allow, too."""
    unread: bool = False
    """Whether its policy could not be read."""
    aliases: tuple[str, ...] = ()
    """Of a key, with `alias/` in front."""

    @property
    def service(self) -> str:
        """The service whose actions are about it."""
        return self.arn.split(":")[2] if self.arn.count(":") > 1 else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Itself and, for a bucket, what is in it."""
        return (self.arn, f"{self.arn}/*") if self.given.type == "aws_s3_bucket" else (self.arn,)

    def is_of(self, action: str) -> bool:
        """Whether an action, or some of those that it stands for, are of its service."""
        return globs.overlap(f"{self.service}:*", action)

    def holds(self, resource: str) -> bool:
        """Whether a name, with or without wildcards, stands for nothing but this."""
        return any(globs.covers(name, resource) for name in self.names)

    @property
    def tags(self) -> Mapping[str, Sequence[str]]:
        """Its tags as requests have them."""
        found = self.given.values.get("tags_all")
        tags = found if isinstance(found, Mapping) else {}
        return {f"aws:resourcetag/{key}".lower(): (str(value),) for key, value in tags.items()}


def owned(resources: Sequence[Given]) -> tuple[Owned, ...]:
    """Every resource that can have a policy of its own."""
    return tuple(replace(one, aliases=tuple(aliases(one.given, resources))) for one in _owned(resources))


def aliases(key: Given, resources: Sequence[Given]) -> Iterator[str]:
    """Aliases of a key."""
    ids = {text(key.values, "key_id"), text(key.values, "arn")} - {""}
    for alias in of_type(resources, "aws_kms_alias"):
        if text(alias.values, "target_key_id") in ids:
            yield text(alias.values, "name")


def _owned(resources: Sequence[Given]) -> Iterator[Owned]:
    owners = {owner for owner, _ in _POLICIES.values()}
    policies = [one for one in resources if one.type in _POLICIES]
    for one in resources:
        arn = _arn(one) if one.type in owners else ""
        if arn:
            inline = text(one.values, "policy") if one.type in _INLINE else ""
            documents = [(inline, one)] if inline else []
            documents += [(text(policy.values, "policy"), policy) for policy in policies if _is_of(policy, one)]
            yield _with_policy(one, arn, documents)


def _with_policy(one: Given, arn: str, documents: Sequence[tuple[str, Given]]) -> Owned:
    alone = one.type == _ALONE
    try:
        return Owned(one, arn, tuple(each for document, by in documents for each in said(document, by)), alone)
    except UnreadableDocumentError:
        return Owned(one, arn, (), alone, unread=True)


def _arn(one: Given) -> str:
    found = text(one.values, "arn")
    bucket = text(one.values, "bucket") if one.type == "aws_s3_bucket" else ""
    return found or (f"arn:aws:s3:::{bucket}" if bucket else "")


def _is_of(policy: Given, one: Given) -> bool:
    owner, argument = _POLICIES[policy.type]
    named = text(policy.values, argument)
    names = {text(one.values, key) for key in ("arn", "id", "bucket", "name", "key_id")} - {""}
    return owner == one.type and bool(named) and (named in names or last(named) in names)
