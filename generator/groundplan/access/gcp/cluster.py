"""What Google's roles permit inside a cluster: GKE asks IAM besides RBAC, and either suffices.

https://docs.cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from groundplan.access.gcp.engine import Gcp
from groundplan.access.gcp.roles import permissions
from groundplan.access.given import of_type
from groundplan.access.kubernetes.kinds import kinds
from groundplan.access.kubernetes.rights import ANYWHERE, EVERYTHING, Known, Right
from groundplan.access.model import Given, Verdict, Wanted, widest

_CLUSTER = "google_container_cluster"
_OUTSIDE = frozenset({"clusters", "hostserviceagent", "operations"})
"""Things of the service that are no objects of a cluster."""
_CUSTOM = "thirdpartyobjects"
"""What the service calls objects of kinds that it has no name for."""
_VERBS: Mapping[str, str] = {"watch": "list", "patch": "update", "deletecollection": "delete"}
_PARTS: Mapping[str, tuple[str, ...]] = {
    "approval": ("approve",),
    "attach": ("attach",),
    "eviction": ("evict",),
    "exec": ("exec",),
    "finalize": ("finalize",),
    "log": ("getlogs",),
    "portforward": ("portforward",),
    "proxy": ("proxy",),
    "scale": ("getscale", "updatescale"),
    "status": ("getstatus", "updatestatus"),
    "token": ("createtoken",),
}
"""Permissions for a part of an object; of two the one that begins as the verb does."""
_IMPERSONATING = "container.clusters.impersonate"
_IMPERSONATED = frozenset({"*", "groups", "serviceaccounts", "users"})
_DIRECTLY = "whether GKE lets in who comes from an identity pool is not known here"
_UNNAMED = "which permission GKE asks for is not known here"


class GkeCluster:
    """Who of Google Cloud a cluster knows."""

    def __init__(self, resources: Sequence[Given], gcp: Gcp) -> None:
        self._resources = resources
        self._gcp = gcp

    @property
    def is_empty(self) -> bool:
        """Whether there is no cluster."""
        return not of_type(self._resources, _CLUSTER)

    @cached_property
    def _inside(self) -> Sequence[str]:
        """Permissions inside clusters that any known role has."""
        every = {one for listed in permissions(self._resources).values() for one in listed}
        found = (one for one in every if one.startswith("container.") and one.count(".") == 2)
        return sorted(one for one in found if one.split(".")[1].lower() not in _OUTSIDE)

    def known(self, name: str) -> Iterator[Known]:
        """A service account, by its e-mail address; Google's groups are groups there, too; perhaps who is of a pool."""
        if self._is_account(name):
            yield Known(name, open_groups="group membership is not known offline")
        elif self._gcp.is_of_pool(name):
            yield Known(depends=_DIRECTLY)

    def rights(self, name: str, verb: str, kind: str) -> Iterator[Right]:
        """What bindings of IAM permit of a verb on a kind."""
        of_pool = self._gcp.is_of_pool(name)
        if not (of_pool or self._is_account(name)):
            return
        asked = self._asked(verb, kind)
        found = widest([self._gcp.may(name, Wanted(one, "*")) for one in asked or self._inside])
        if found.by and found.verdict in (Verdict.ALLOWED, Verdict.DEPENDS):
            otherwise = _DIRECTLY if of_pool else "" if asked else _UNNAMED
            depends = found.why if found.verdict is Verdict.DEPENDS else otherwise
            yield Right(found.by, (EVERYTHING,), ANYWHERE, depends)

    @staticmethod
    def _is_account(name: str) -> bool:
        """One of the environment or of elsewhere, such as that of machines."""
        return "@" in name

    def _asked(self, verb: str, kind: str) -> list[str]:
        """Permissions that are enough; none where GKE's name of it is not known."""
        base, _, part = kind.partition("/")
        things = {base} if base in kinds() else {_CUSTOM}
        found = (one for one in self._inside if _fits(one.lower(), "*" if kind == "*" else things, verb, part))
        impersonating = verb in ("*", "impersonate") and kind in _IMPERSONATED
        return [*found, *((_IMPERSONATING,) if impersonating else ())]


def _fits(permission: str, things: set[str] | str, verb: str, part: str) -> bool:
    _, thing, does = permission.split(".")
    if things != "*" and thing not in things:
        return False
    if part:
        listed = _PARTS.get(part, ())
        return does in listed and (len(listed) == 1 or verb == "*" or does.startswith(_VERBS.get(verb, verb)))
    return verb == "*" or does == _VERBS.get(verb, verb)
