"""AWS, as `engine.Engine` asks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from groundplan.access.actions import actions
from groundplan.access.aws.conditions import Context
from groundplan.access.aws.evaluate import evaluate
from groundplan.access.aws.identities import STRANGER, Role, roles
from groundplan.access.aws.owners import Owned, aliases, owned
from groundplan.access.aws.trust import takes, trusted
from groundplan.access.engine import Action, Taken
from groundplan.access.given import key_of, of_type, pool_of
from groundplan.access.model import Answer, Given, Verdict, Wanted
from groundplan.change.access.values import last, text
from groundplan.components.ci_identity.names import AWS_AUDIENCE

_PODS, _MACHINES = "pods.eks.amazonaws.com", "ec2.amazonaws.com"
_TYPES: Mapping[str, tuple[str, str, str]] = {
    "bucket": ("aws_s3_bucket", "bucket", "arn:aws:s3:::{}"),
    "database": ("aws_db_instance", "identifier", ""),
    "key": ("aws_kms_key", "description", ""),
    "role": ("aws_iam_role", "name", ""),
    "secret": ("aws_secretsmanager_secret", "name", ""),
}
"""By the sort of a reference: a type, the argument that names one, and the form of the ARN where it is not known."""
_OF_STATES = re.compile(r"^module\.state_store\.aws_kms_key\.(this|plans)\b")
"""Keys that other clouds call `state` and `plans`."""
_ACTIONS = (
    Action("read objects", "s3:GetObject"),
    Action("write objects", "s3:PutObject"),
    Action("delete objects", "s3:DeleteObject"),
    Action("read secrets", "secretsmanager:GetSecretValue"),
    Action("decrypt", "kms:Decrypt"),
    Action("change key policies", "kms:PutKeyPolicy"),
    Action("delete keys", "kms:ScheduleKeyDeletion"),
    Action("make roles", "iam:CreateRole"),
    Action("attach policies", "iam:AttachRolePolicy"),
    Action("make users", "iam:CreateUser"),
    Action("pass roles", "iam:PassRole"),
    Action("take other roles", "sts:AssumeRole"),
    Action("give access to clusters", "eks:CreateAccessEntry"),
    Action("delete clusters", "eks:DeleteCluster"),
    Action("delete databases", "rds:DeleteDBInstance"),
)


class Aws:
    """Roles, their policies and boundaries, and policies of resources."""

    cloud = "aws"
    audience = AWS_AUDIENCE
    actions: Sequence[Action] = _ACTIONS
    sorts: Sequence[str] = tuple(_TYPES)

    def __init__(self, resources: Sequence[Given]) -> None:
        self._resources = resources

    @cached_property
    def _roles(self) -> Mapping[str, Role]:
        return {one.name: one for one in roles(self._resources)}

    @cached_property
    def _owners(self) -> Sequence[Owned]:
        return owned(self._resources)

    @property
    def is_empty(self) -> bool:
        """Whether there are no roles."""
        return not self._roles

    def takes(self, claims: Mapping[str, str]) -> Iterable[Taken]:
        """By web identity."""
        return takes(self._roles.values(), claims)

    def people(self) -> Iterable[str]:
        """Pods with an association, and the machines of pools."""
        yield from (f"pod:{word}" for word, _ in self._pods())
        yield from (f"node:{pool}" for pool in self._nodes)

    def named(self, word: str) -> Iterator[Taken]:
        """`pod:` by pool or service account, `node:` by pool, `role:` by name."""
        sort, _, name = word.partition(":")
        if sort == "role" and name in self._roles:
            yield Taken(name, Answer(Verdict.ALLOWED))
        if sort == "node" and name in self._nodes:
            yield from self._taken(self._nodes[name], _MACHINES, Context())
        for each, one in self._pods() if sort == "pod" else ():
            if name in (each, text(one.values, "service_account"), text(one.values, "namespace")):
                role = self._roles.get(last(text(one.values, "role_arn")))
                if role:
                    yield from self._taken(role, _PODS, self._of_pod(one, role))

    def understands(self, action: str) -> bool:
        """`service:Action`, with wildcards or without; `k8s` is no service."""
        return not action.startswith("k8s:") and bool(re.fullmatch(r"\*|[a-z0-9-]+:[A-Za-z0-9*?]+", action, re.ASCII))

    def siblings(self, action: str) -> Sequence[str]:
        """By the service in front of the colon."""
        return actions("aws", ":").get(action.partition(":")[0], ())

    def resources(self, reference: str) -> Sequence[str]:
        """ARNs; of a bucket that of its objects, too."""
        if reference == "*" or self.is_whole(reference):
            whole = re.fullmatch(r"arn:[a-z-]+:s3:::[^/*]+", reference, re.ASCII)
            return (reference, f"{reference}/*") if whole else (reference,)
        sort, _, name = reference.partition(":")
        _, argument, form = _TYPES.get(sort, ("", "", ""))
        found = [one for one, called in self._called(sort) if name in called]
        arns = [text(one.values, "arn") or form.format(text(one.values, argument)) for one in found]
        return tuple(each for arn in arns if arn for each in ((arn, f"{arn}/*") if form else (arn,)))

    def names(self, sort: str) -> Sequence[str]:
        """Keys, names, aliases and ends of ARNs."""
        return tuple(dict.fromkeys(name for _, called in self._called(sort) for name in called))

    def _called(self, sort: str) -> Iterator[tuple[Given, Sequence[str]]]:
        """What there is of a sort, with what it is called in the environment and in the cloud."""
        type_name, argument, _ = _TYPES.get(sort, ("", "", ""))
        for one in of_type(self._resources, type_name):
            names = (
                key_of(one.address),
                *_of_states(one),
                text(one.values, argument),
                last(text(one.values, "arn")),
                *(alias.removeprefix("alias/") for alias in aliases(one, self._resources)),
            )
            yield one, tuple(name for name in dict.fromkeys(names) if name)

    def is_whole(self, reference: str) -> bool:
        """An ARN."""
        return reference.startswith("arn:")

    def may(self, name: str, wanted: Wanted) -> Answer:
        """By policies of the role, its boundary, and policies of resources."""
        return evaluate(self._roles[name], wanted, self._owners)

    def anybody(self, wanted: Wanted) -> Answer:
        """By policies of resources that are for everybody, where nothing keeps the public out."""
        found = evaluate(STRANGER, wanted, self._owners)
        if found.verdict is Verdict.ALLOWED:
            why = "whether access of the public is blocked is not evaluated"
            return Answer(Verdict.DEPENDS, found.by, why, found.what)
        return found

    def _pods(self) -> Iterator[tuple[str, Given]]:
        for one in of_type(self._resources, "aws_eks_pod_identity_association"):
            yield key_of(one.address) or text(one.values, "service_account"), one

    @cached_property
    def _nodes(self) -> Mapping[str, Role]:
        found = ((pool_of(one.given.address), one) for one in self._roles.values())
        return {pool: one for pool, one in found if pool}

    @staticmethod
    def _taken(role: Role, service: str, context: Context) -> Iterator[Taken]:
        yield Taken(role.name, trusted(role, service, "sts:AssumeRole", context))

    @staticmethod
    def _of_pod(one: Given, role: Role) -> Context:
        """What EKS says of a pod when it takes a role: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html."""
        cluster = text(one.values, "cluster_name")
        region = text(one.values, "region")
        tags = {
            "eks-cluster-arn": f"arn:aws:eks:{region}:{role.account}:cluster/{cluster}",
            "eks-cluster-name": cluster,
            "kubernetes-namespace": text(one.values, "namespace"),
            "kubernetes-service-account": text(one.values, "service_account"),
        }
        known = {f"aws:requesttag/{key}": (value,) for key, value in tags.items() if region or key != "eks-cluster-arn"}
        return Context({**known, "aws:sourceaccount": (role.account,)})


def _of_states(one: Given) -> Iterator[str]:
    if found := _OF_STATES.match(one.address):
        yield {"this": "state"}.get(found[1], found[1])
