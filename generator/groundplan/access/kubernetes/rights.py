"""Rules of RBAC, and who has them where.

https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groundplan.access.given import of_type
from groundplan.access.kubernetes.kinds import Objects
from groundplan.access.model import Answer, Given, Statement, Verdict
from groundplan.change.access import globs
from groundplan.change.access.values import blocks, text

ANYWHERE = ("*",)
_OF_POOLS = ("principal://", "principalSet://")
"""How names of those begin who come from an identity pool of Google Cloud."""
_ALL = "cluster-admin"
"""The role that every cluster has and that permits everything."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Verbs on kinds of objects; no names: on all of them."""

    groups: tuple[str, ...]
    kinds: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...] = ()

    def permits(self, verb: str, wanted: Objects) -> bool:
        """Whether it permits any of what is wanted."""
        return (
            _any(self.verbs, verb)
            and _any(self.groups, wanted.group)
            and (_any(self.kinds, wanted.kind) or self._of_part(wanted.kind))
            and (not self.names or any(globs.overlap(one, wanted.name) for one in self.names))
        )

    def _of_part(self, kind: str) -> bool:
        """`*/scale` is the part of every kind."""
        return "/" in kind and f"*/{kind.partition('/')[2]}" in self.kinds


def _any(listed: Sequence[str], wanted: str) -> bool:
    return wanted == "*" or "*" in listed or wanted in listed


EVERYTHING = Rule(("*",), ("*",), ("*",))


@dataclass(frozen=True, slots=True)
class Right:
    """Rules that somebody has in namespaces, and the statement that gives them."""

    by: Statement
    rules: tuple[Rule, ...]
    namespaces: tuple[str, ...] = ANYWHERE
    """With wildcards; what is in no namespace is given by `ANYWHERE` alone."""
    depends: str = ""
    """Why it is not certain that they have it, or what it permits."""

    def answer(self, verb: str, wanted: Objects) -> Answer | None:
        """What it says to a question; None where it says nothing."""
        there = [one for one in self.namespaces if globs.overlap(one, wanted.namespace)]
        if not there or (not wanted.namespaced and self.namespaces != ANYWHERE):
            return None
        if not self.depends and not any(rule.permits(verb, wanted) for rule in self.rules):
            return None
        if self.rules and not any(rule.permits(verb, wanted) for rule in self.rules):
            return None
        space = f" in {', '.join(there)}" if wanted.namespace == "*" and self.namespaces != ANYWHERE else ""
        verdict = Verdict.DEPENDS if self.depends else Verdict.ALLOWED
        return Answer(verdict, self.by, self.depends, f"{verb} {wanted}{space}")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as a cluster knows them."""

    user: str = ""
    """With wildcards for what their session decides."""
    groups: frozenset[str] = frozenset({"system:authenticated"})
    account: tuple[str, str] | None = None
    """Namespace and name of a service account."""
    open_groups: str = ""
    """Why it is not known which other groups they are in; empty where it is known."""
    depends: str = ""
    """Why it is not certain that the cluster takes them for that; empty where it is."""


STRANGER = Known(groups=frozenset())
"""Whoever the cluster does not know: bindings may be for everybody."""
_ANYBODY = (("Group", "system:unauthenticated"), ("User", "system:anonymous"))
"""Who sends no credentials, which everybody may do.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#anonymous-requests
"""


def known_account(namespace: str, name: str) -> Known:
    """Pods with a service account.

    https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
    """
    groups = {"system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{namespace}"}
    return Known(f"system:serviceaccount:{namespace}:{name}", frozenset(groups), (namespace, name))


@dataclass(frozen=True, slots=True)
class Roles:
    """Roles and bindings that Terraform makes."""

    resources: Sequence[Given]
    rules: Mapping[tuple[str, str, str], tuple[Rule, ...] | None] = field(default_factory=dict)
    """By kind, namespace and name; None for what others complete."""

    @classmethod
    def of(cls, resources: Sequence[Given]) -> Roles:
        """Those among the resources; of the same name together, as each may be of another cluster."""
        found: dict[tuple[str, str, str], tuple[Rule, ...] | None] = {}
        for kind, types in (("Role", _ROLES), ("ClusterRole", _CLUSTER_ROLES)):
            for one in of_type(resources, *types):
                space = text(one.values, "metadata.namespace") or ("default" if kind == "Role" else "")
                rules = None if any(blocks(one.values, "aggregation_rule")) else _rules(one)
                key = kind, space, text(one.values, "metadata.name")
                before = found.get(key, ())
                found[key] = None if rules is None or before is None else (*before, *rules)
        return cls(resources, found)

    def rights(self, who: Known) -> Iterator[Right]:
        """What bindings give somebody."""
        for one in of_type(self.resources, *_BINDINGS, *_CLUSTER_BINDINGS):
            subjects = list(blocks(one.values, "subject")) or [{}]
            truth = [found for each in subjects if (found := _is(who, each)) is not None]
            if truth:
                yield self._right(one, min(truth, key=len))

    def _right(self, one: Given, depends: str) -> Right:
        space = text(one.values, "metadata.namespace") or "default"
        namespaces = (space,) if one.type in _BINDINGS else ANYWHERE
        kind, name = text(one.values, "role_ref.kind"), text(one.values, "role_ref.name")
        by = Statement(one, f"{text(one.values, 'metadata.name')} ({kind} {name})")
        key = kind, space if kind == "Role" else "", name
        if key not in self.rules:
            everything = (kind, name) == ("ClusterRole", _ALL)
            why = "" if everything else f"what the {kind} {name} permits is not known here"
            return Right(by, (EVERYTHING,) if everything else (), namespaces, depends or why)
        rules = self.rules[key]
        why = "" if rules is not None else f"the {kind} {name} is completed by others"
        return Right(by, rules or (), namespaces, depends or why)


def _is(who: Known, subject: Mapping[str, Any]) -> str | None:
    """Whether a subject of a binding is somebody: empty, or why that is not known; None where it is not."""
    kind, name = str(subject.get("kind") or ""), str(subject.get("name") or "")
    if (kind, name) in _ANYBODY:
        return ""
    if not name:
        return "whom it binds is not known here"
    if who.depends and (name in (who.user, *who.groups) or name.startswith(_OF_POOLS)):
        return who.depends
    if kind == "ServiceAccount":
        return "" if (str(subject.get("namespace") or "default"), name) == who.account else None
    return _is_user(who, name) if kind == "User" else _is_group(who, name)


def _is_user(who: Known, name: str) -> str | None:
    if name == who.user:
        return ""
    named_by_session = globs.wild(who.user) and globs.covers(who.user, name)
    return f"the session decides whether it is {name}" if named_by_session else None


def _is_group(who: Known, name: str) -> str | None:
    if name in who.groups:
        return ""
    return f"{who.open_groups}: {name}" if who.open_groups and not name.startswith("system:") else None


def _rules(one: Given) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            _listed(each, "api_groups") or ("",),
            _listed(each, "resources"),
            _listed(each, "verbs"),
            _listed(each, "resource_names"),
        )
        for each in blocks(one.values, "rule")
    )


def _listed(block: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list as it is: the group of the core is empty."""
    found = block.get(key)
    return tuple(str(one) for one in found) if isinstance(found, list) else ()


_ROLES = ("kubernetes_role", "kubernetes_role_v1")
_CLUSTER_ROLES = ("kubernetes_cluster_role", "kubernetes_cluster_role_v1")
_BINDINGS = ("kubernetes_role_binding", "kubernetes_role_binding_v1")
_CLUSTER_BINDINGS = ("kubernetes_cluster_role_binding", "kubernetes_cluster_role_binding_v1")
TYPES = (*_ROLES, *_CLUSTER_ROLES, *_BINDINGS, *_CLUSTER_BINDINGS)
"""Resources that say who may do what in a cluster."""
