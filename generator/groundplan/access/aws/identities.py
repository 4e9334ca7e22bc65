"""Roles of AWS with all that is said about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundplan.access.aws.managed import managed
from groundplan.access.aws.statements import Said, UnreadableDocumentError, said
from groundplan.access.given import of_type
from groundplan.access.model import Given
from groundplan.change.access.values import blocks, last, text

_CLOUDS_OWN = ":aws:policy/"


@dataclass(frozen=True, slots=True)
class Role:
    """A role, what it is granted and what bounds it."""

    given: Given
    name: str
    arn: str
    account: str
    trust: tuple[Said, ...]
    policies: tuple[Said, ...]
    boundary: tuple[Said, ...] | None
    """None without one."""
    unread: tuple[str, ...] = ()
    """Policies of which nothing is known here: by their ARNs, or the addresses of what is no document."""

    @property
    def names(self) -> tuple[str, ...]:
        """What principals of statements call it."""
        return self.arn, f"account {self.account}", "*"


STRANGER = Role(Given("", "", "", {}), "anybody", "anybody", "", (), (), None)
"""Who has no identity: statements have to be for everybody."""


def roles(resources: Sequence[Given]) -> tuple[Role, ...]:
    """Every role of the environment."""
    return tuple(_role(one, resources) for one in of_type(resources, "aws_iam_role"))


def _role(given: Given, resources: Sequence[Given]) -> Role:
    name = text(given.values, "name")
    arn = text(given.values, "arn")
    found = _Policies(resources)
    trust = found.read(text(given.values, "assume_role_policy"), given, "trust")
    granted = [*found.inline(given), *found.of_role(name), *found.attached(name)]
    bound = text(given.values, "permissions_boundary")
    boundary = found.by_arn(bound) if bound else None
    account = arn.split(":")[4] if arn.count(":") > 4 else ""
    return Role(given, name, arn, account, trust, tuple(granted), boundary, tuple(found.unread))


class _Policies:
    def __init__(self, resources: Sequence[Given]) -> None:
        self._resources = resources
        self.unread: list[str] = []

    def read(self, document: str, given: Given, name: str = "") -> tuple[Said, ...]:
        try:
            return tuple(said(document, given, name))
        except UnreadableDocumentError:
            self.unread.append(given.address)
            return ()

    def inline(self, role: Given) -> Iterator[Said]:
        for block in blocks(role.values, "inline_policy"):
            yield from self.read(text(block, "policy"), role, text(block, "name"))

    def of_role(self, name: str) -> Iterator[Said]:
        for one in of_type(self._resources, "aws_iam_role_policy"):
            if last(text(one.values, "role")) == name:
                yield from self.read(text(one.values, "policy"), one, text(one.values, "name"))

    def attached(self, name: str) -> Iterator[Said]:
        for one in of_type(self._resources, "aws_iam_role_policy_attachment", "aws_iam_policy_attachment"):
            listed = one.values.get("roles")
            names = [text(one.values, "role"), *(listed if isinstance(listed, list) else ())]
            if name in map(last, map(str, names)):
                yield from self.by_arn(text(one.values, "policy_arn"))

    def by_arn(self, arn: str) -> tuple[Said, ...]:
        if _CLOUDS_OWN in arn:
            own = managed().get(last(arn))
            if own is None:
                self.unread.append(arn)
            return own or ()
        for one in of_type(self._resources, "aws_iam_policy"):
            if (arn and arn in {text(one.values, "arn")}) or last(arn) == text(one.values, "name"):
                return self.read(text(one.values, "policy"), one)
        self.unread.append(arn or "a policy without a known ARN")
        return ()
