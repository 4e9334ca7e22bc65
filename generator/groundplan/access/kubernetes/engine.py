"""A cluster, as `engine.Engine` asks it: whoever has an identity of a cloud, and pods by their service accounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Protocol

from groundplan.access.engine import Action, Taken
from groundplan.access.given import of_type, pool_of
from groundplan.access.kubernetes.charts import speaks_of
from groundplan.access.kubernetes.kinds import VERBS, Objects, kinds, objects
from groundplan.access.kubernetes.rights import STRANGER, TYPES, Known, Right, Roles, known_account
from groundplan.access.model import Answer, Given, Statement, Verdict, Wanted, widest
from groundplan.change.access.values import text

SIGN = "k8s:"
"""What stands before a verb."""
NODES = "system:nodes"
_ACCOUNTS = ("kubernetes_service_account", "kubernetes_service_account_v1")
_POOLS = ("aws_eks_node_group", "google_container_node_pool")
_RELEASE = "helm_release"
_ACTIONS = (
    Action("read the cluster's secrets", f"{SIGN}get", "secrets"),
    Action("read the cluster's secrets", f"{SIGN}list", "secrets"),
    Action("read the cluster's secrets", f"{SIGN}watch", "secrets"),
    Action("run commands in pods", f"{SIGN}create", "pods:exec"),
    Action("run commands in pods", f"{SIGN}get", "pods:exec"),
    Action("make pods", f"{SIGN}create", "pods"),
    Action("give rights in namespaces", f"{SIGN}create", "rolebindings"),
    Action("give rights in the cluster", f"{SIGN}create", "clusterrolebindings"),
)
"""Lists and watches have whole objects. Who may get `pods/exec` runs commands over WebSockets on servers before 1.35:
https://www.kubernetes.dev/resources/keps/4006/
"""


class Door(Protocol):
    """Whom of a cloud clusters let in."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no cluster."""

    def known(self, name: str) -> Iterator[Known]:
        """An identity of the cloud as clusters know it; nothing for one that none lets in."""

    def rights(self, name: str, verb: str, kind: str) -> Iterator[Right]:
        """What the cloud lets an identity do inside, whatever RBAC says."""


class Kubernetes:
    """Roles and bindings of RBAC, and what the clouds of a cluster add."""

    cloud = ""
    """Identities of any."""
    audience = ""
    actions: Sequence[Action] = _ACTIONS
    sorts: Sequence[str] = ()

    def __init__(self, resources: Sequence[Given], doors: Sequence[Door] = ()) -> None:
        self._resources = resources
        self._doors = doors

    @cached_property
    def _roles(self) -> Roles:
        return Roles.of(self._resources)

    @cached_property
    def _accounts(self) -> Sequence[tuple[str, str]]:
        """Namespaces and names of service accounts, those of charts with an identity of the cloud among them."""
        associated = of_type(self._resources, "aws_eks_pod_identity_association")
        charts = ((text(one.values, "namespace"), text(one.values, "service_account")) for one in associated)
        return tuple(dict.fromkeys((*self._made, *charts)))

    @cached_property
    def _made(self) -> Sequence[tuple[str, str]]:
        """Those that Terraform makes itself."""
        accounts = of_type(self._resources, *_ACCOUNTS)
        return [(text(one.values, "metadata.namespace"), text(one.values, "metadata.name")) for one in accounts]

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a cluster nor anything of RBAC."""
        return not of_type(self._resources, *TYPES, *_ACCOUNTS) and all(one.is_empty for one in self._doors)

    def takes(self, claims: Mapping[str, str]) -> Iterable[Taken]:
        """None: tokens of jobs are for a cloud."""
        return ()

    def people(self) -> Iterable[str]:
        """Pods by namespace."""
        return (f"pod:{space}" for space, _ in self._made)

    def named(self, word: str) -> Iterator[Taken]:
        """`pod:` by namespace or service account, `node:` by pool."""
        sort, _, name = word.partition(":")
        for space, account in self._accounts if sort == "pod" else ():
            if name in (space, account, f"{space}/{account}"):
                yield Taken(f"{space}/{account}", Answer(Verdict.ALLOWED))
        if sort == "node" and any(pool_of(one.address) == name for one in of_type(self._resources, *_POOLS)):
            yield Taken(NODES, Answer(Verdict.ALLOWED))

    def understands(self, action: str) -> bool:
        """`k8s:` and a verb in small letters or `*`, as RBAC has them; or `*`."""
        return action == "*" or bool(re.fullmatch(rf"{SIGN}(\*|[a-z]+)", action, re.ASCII))

    def siblings(self, action: str) -> Sequence[str]:
        """All verbs."""
        return tuple(f"{SIGN}{one}" for one in VERBS) if action != "*" else ()

    def resources(self, reference: str) -> Sequence[str]:
        """Itself, for a kind of objects."""
        return (reference,) if self.is_whole(reference) else ()

    def names(self, sort: str) -> Sequence[str]:
        """Kinds of objects."""
        return tuple(one.replace("/", ":") for one in kinds()) if not sort else ()

    def is_whole(self, reference: str) -> bool:
        """A kind of objects, perhaps of a namespace."""
        return objects(reference) is not None

    def may(self, name: str, wanted: Wanted) -> Answer:
        """By bindings of RBAC, and what the cloud adds."""
        verb, asked = wanted.action.removeprefix(SIGN), objects(wanted.resource)
        assert asked is not None, "checked before"
        found = widest([one for right in self._rights(name, verb, asked) if (one := right.answer(verb, asked))])
        if found.by is None and found.verdict is Verdict.NOT_GRANTED:
            return Answer(Verdict.NOT_GRANTED, None, self._why(name), f"{verb} {asked}")
        return found

    def anybody(self, wanted: Wanted) -> Answer:
        """By bindings for whoever sends no credentials."""
        verb, asked = wanted.action.removeprefix(SIGN), objects(wanted.resource)
        assert asked is not None, "checked before"
        return widest([one for right in self._roles.rights(STRANGER) if (one := right.answer(verb, asked))])

    def _rights(self, name: str, verb: str, asked: Objects) -> Iterator[Right]:
        if name == NODES:
            why = "the node authorizer lets a node read and write what is of its pods"
            yield Right(Statement(None, "node authorizer", _NODE_AUTHORIZER), (), depends=why)
        for known in tuple(self._known(name)) or (STRANGER,):
            yield from self._roles.rights(known)
            yield from self._of_charts(known)
        for door in self._doors:
            yield from door.rights(name, verb, asked.kind)

    def _known(self, name: str) -> Iterator[Known]:
        space, _, account = name.partition("/")
        if (space, account) in self._accounts:
            yield known_account(space, account)
        yield from (found for door in self._doors for found in door.known(name))

    def _of_charts(self, known: Known) -> Iterator[Right]:
        """Whatever a release grants to a service account that it is told of, or that Terraform does not make itself."""
        if known.account is None:
            return
        space, account = known.account
        for one in of_type(self._resources, _RELEASE):
            beside = text(one.values, "namespace") == space and known.account not in self._made
            if beside or speaks_of(one, account):
                why = f"what the chart of {text(one.values, 'name')} grants is not known here"
                yield Right(Statement(one, text(one.values, "name")), (), depends=why)

    def _why(self, name: str) -> str:
        if any(self._known(name)):
            return f"no binding of {name} permits it"
        return f"the cluster does not let {name} in"


_NODE_AUTHORIZER = "https://kubernetes.io/docs/reference/access-authn-authz/node/"
