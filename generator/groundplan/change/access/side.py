"""All resources of one side of a change: what a reader may ask of the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from groundplan.change.access.model import Access, Resource
from groundplan.change.access.values import blocks, first, is_unknown, last, text

_NAMES = ("name", "bucket", "identifier", "account_id", "repository_id", "family", "alias", "metadata.name")
_POLICY, _ATTACHMENT = "aws_iam_policy", "aws_iam_role_policy_attachment"
_MANAGED = ":aws:policy/"
"""In ARNs of policies that the cloud itself has."""
_ROUTE, _TABLES, _GATEWAY = "aws_route", ("aws_route_table", "aws_default_route_table"), "igw-"
_GROUP_OF_CLUSTER = "vpc_config.cluster_security_group_id"
_INDEX = re.compile(r"\[[^\[\]]*\]$")


class Side:
    """Resources as they are before, or as they will be after."""

    def __init__(self, resources: Iterable[Resource], nouns: Callable[[str], str]) -> None:
        self.resources: Sequence[Resource] = tuple(resources)
        self._nouns = nouns

    def noun(self, resource: Resource) -> str:
        """What a thing of its type is called."""
        return self._nouns(resource.type)

    def name(self, resource: Resource) -> str:
        """What the thing is called, else its address."""
        tags = resource.values.get("tags")
        tag = tags.get("Name") if isinstance(tags, dict) else None
        found = (text(resource.values, path) for path in _NAMES)
        return next((one for one in found if one), None) or str(tag or resource.address)

    def named(self, type_name: str, identifier: str) -> str:
        """The name of the resource of the type with the id; empty where it is not one of these."""
        found = self._by_id.get((type_name, identifier))
        return self.name(found) if found and identifier else self._of_cluster.get(identifier, "")

    def unknown(self, resource: Resource, path: str) -> bool:
        """Whether what stands at the path is known only after apply."""
        return is_unknown(resource.unknown, path)

    def policy_of(self, attachment: Resource) -> Resource | None:
        """The policy of ours that an attachment names; of one that has no ARN yet, the one with the same key."""
        arn = text(attachment.values, "policy_arn")
        if arn:
            return self._by_name.get(last(arn)) if _MANAGED not in arn else None
        return self.beside(attachment, _POLICY)

    def beside(self, resource: Resource, type_name: str) -> Resource | None:
        """The resource of the type in the same module with the same key; None where that is not one."""
        alike = self._by_place.get((type_name, *_place(resource)), ())
        return alike[0] if len(alike) == 1 else None

    def is_attached(self, policy: Resource) -> bool:
        """Whether one of these attachments names the policy."""
        return policy.address in self._attached

    @cached_property
    def _policies(self) -> Sequence[Resource]:
        return [one for one in self.resources if one.type == _POLICY]

    @cached_property
    def _attached(self) -> frozenset[str]:
        attachments = (one for one in self.resources if one.type == _ATTACHMENT)
        found = (self.policy_of(one) for one in attachments)
        return frozenset(one.address for one in found if one is not None)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str, str], list[Resource]]:
        found: dict[tuple[str, str, str], list[Resource]] = {}
        for one in self.resources:
            found.setdefault((one.type, *_place(one)), []).append(one)
        return found

    @cached_property
    def _by_name(self) -> dict[str, Resource]:
        return {text(one.values, "name"): one for one in self._policies}

    @cached_property
    def to_the_internet(self) -> frozenset[str]:
        """Route tables with a way to an internet gateway."""
        return frozenset(table for one in self.resources for table in _open_tables(one))

    @cached_property
    def _of_cluster(self) -> dict[str, str]:
        """Groups that come with a cluster, which no resource is."""
        found = ((first(one.values, _GROUP_OF_CLUSTER), self.name(one)) for one in self.resources)
        return {group: f"of cluster {name}" for group, name in found if isinstance(group, str)}

    @cached_property
    def _by_id(self) -> dict[tuple[str, str], Resource]:
        return {(one.type, text(one.values, "id")): one for one in self.resources}


def _open_tables(resource: Resource) -> Iterator[str]:
    """The table of a route, or a table with such a route inside."""
    inside = resource.type in _TABLES
    found = blocks(resource.values, "route") if inside else [resource.values] if resource.type == _ROUTE else []
    if any(text(one, "gateway_id").startswith(_GATEWAY) for one in found):
        yield text(resource.values, "id" if inside else "route_table_id")


def _place(resource: Resource) -> tuple[str, str]:
    """Module and key."""
    found = _INDEX.search(resource.address)
    return resource.address.rpartition(f"{resource.type}.")[0], found.group(0) if found else ""


Reader = Callable[[Resource, Side], Iterator[Access]]
"""Reads the accesses of a resource; raises PolicyError for a document that is none."""
