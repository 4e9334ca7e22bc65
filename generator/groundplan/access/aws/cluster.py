"""What EKS lets roles do inside a cluster: access entries with their groups, and the access policies of these.

https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files

from groundplan.access.aws.engine import Aws
from groundplan.access.given import of_type
from groundplan.access.kubernetes.rights import ANYWHERE, Known, Right, Rule
from groundplan.access.model import Given, Statement, Verdict, Wanted
from groundplan.catalog.tables import filled, read_table
from groundplan.change.access.values import first, last, text, texts

_COLUMNS = ("policy", "groups", "kinds", "verbs", "as_of", "source")
_CLUSTER, _ENTRY, _POLICY = "aws_eks_cluster", "aws_eks_access_entry", "aws_eks_access_policy_association"
_ROLE = "aws_iam_role"


def _row(*cells: str) -> tuple[str, Rule]:
    policy, groups, kinds, verbs, *dated = cells
    for one in dated:
        filled(one)
    rule = Rule(tuple(groups.split()) or ("",), tuple(filled(kinds).split()), tuple(filled(verbs).split()))
    return filled(policy), rule


@cache
def policies() -> Mapping[str, tuple[Rule, ...]]:
    """Rules of access policies, by name."""
    found: dict[str, tuple[Rule, ...]] = {}
    for _, (policy, rule) in read_table(files("groundplan.access.aws") / "access_policies.csv", _COLUMNS, _row):
        found[policy] = (*found.get(policy, ()), rule)
    return found


class EksCluster:
    """Who of AWS a cluster knows."""

    def __init__(self, resources: Sequence[Given]) -> None:
        self._resources = resources

    @property
    def is_empty(self) -> bool:
        """Whether it lets nobody in that is known here."""
        return not of_type(self._resources, _CLUSTER, _ENTRY)

    def known(self, name: str) -> Iterator[Known]:
        """A role, by each of its access entries."""
        for one in self._entries(name):
            yield Known(_user(one), frozenset({"system:authenticated", *texts(one.values, "kubernetes_groups")}))

    def rights(self, name: str, verb: str, kind: str) -> Iterator[Right]:
        """Those of access policies, and what nobody knows."""
        for one in of_type(self._resources, _POLICY):
            if last(text(one.values, "principal_arn")) == name:
                yield _associated(one)
        if self._is_role(name):
            yield from (right for one in of_type(self._resources, _CLUSTER) for right in self._beside(one, name))

    def _beside(self, one: Given, name: str) -> Iterator[Right]:
        """What a cluster lets in beside its entries: whoever made it, and who is in the ConfigMap `aws-auth`.

        https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html
        """
        mode = text(one.values, "access_config.authentication_mode")
        if mode and mode != "API":
            yield Right(Statement(one, mode), (), depends="the ConfigMap aws-auth may let it in")
        administers = first(one.values, "access_config.bootstrap_cluster_creator_admin_permissions") is not False
        makes = self._aws.may(name, Wanted("eks:CreateCluster", "*")) if administers else None
        if makes and makes.verdict in (Verdict.ALLOWED, Verdict.DEPENDS):
            yield Right(Statement(one, "access_config"), (), depends="whoever made the cluster administers it")

    @cached_property
    def _aws(self) -> Aws:
        return Aws(self._resources)

    def _is_role(self, name: str) -> bool:
        return any(text(one.values, "name") == name for one in of_type(self._resources, _ROLE))

    def _entries(self, name: str) -> list[Given]:
        return [one for one in of_type(self._resources, _ENTRY) if last(text(one.values, "principal_arn")) == name]


def _user(one: Given) -> str:
    """What an entry calls its role, with `*` for what EKS fills in: by default the role's ARN and its session's name.

    https://docs.aws.amazon.com/eks/latest/userguide/set-custom-username.html
    """
    _, partition, _, _, account, role = (text(one.values, "principal_arn").split(":", 5) + [""] * 6)[:6]
    own = f"arn:{partition}:sts::{account}:assumed-role/{last(role)}/{{{{SessionName}}}}"
    return re.sub(r"\{\{[^{}]*\}\}", "*", text(one.values, "user_name") or own)


def _associated(one: Given) -> Right:
    policy = last(text(one.values, "policy_arn"))
    spaces = tuple(texts(one.values, "access_scope.namespaces"))
    namespaces = spaces if text(one.values, "access_scope.type") == "namespace" else ANYWHERE
    rules = policies().get(policy)
    why = "" if rules is not None else f"what {policy} permits is not known here"
    return Right(Statement(one, policy), rules or (), namespaces, why)
