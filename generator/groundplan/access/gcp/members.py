"""Whether somebody is among those that a binding names.

https://docs.cloud.google.com/iam/docs/principal-identifiers, and the values of `members` in
https://github.com/googleapis/google-api-python-client/blob/v2.202.0/googleapiclient/discovery_cache/documents/cloudresourcemanager.v1.json
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from groundplan.access.model import NO, YES, Truth, unknown

_SINGLE = ("user:", "serviceAccount:", "deleted:", "principal://")
"""Each stands for one, by a name that is known of everybody here."""
_GROUPS = {
    "group:": "group membership is not known offline",
    "domain:": "who is of a domain is not known offline",
    "projectOwner:": "who has a basic role in a project is not known offline",
    "projectEditor:": "who has a basic role in a project is not known offline",
    "projectViewer:": "who has a basic role in a project is not known offline",
}
_POOL = re.compile(r"^principalSet://iam\.googleapis\.com/.*/(?:workloadIdentityPools|workforcePools)/([^/]+)/(.*)$")
_GKE = ".svc.id.goog"


def of_pool(identifier: str) -> str:
    """How members from a pool of the environment begin after `principal://` or `principalSet://`."""
    return f"iam.googleapis.com/projects/-/locations/global/workloadIdentityPools/{identifier}/"


def may_be_of_pool(member: str) -> bool:
    """Whether a member may stand for somebody from an identity pool that is not a cluster's."""
    alone = member.startswith(("user:", "deleted:")) or (member.startswith("serviceAccount:") and "[" not in member)
    return not alone and "/subject/ns/" not in member and _GKE not in member


@dataclass(frozen=True, slots=True)
class Somebody:
    """An identity, by all that bindings may call it alone."""

    names: frozenset[str]
    pool: str = ""
    """The pool that it is in: of the cluster for a pod, of a provider for a job; empty for a service account."""
    namespace: str = ""
    """Of a pod."""
    open: tuple[tuple[str, str], ...] = ()
    """Beginnings of members that it may be, and why that is not known."""

    def among(self, members: Iterable[str]) -> Truth:
        """Whether it is any of them; certain where it is one of them for certain."""
        found = [truth for member in members if (truth := self._is(member)).holds]
        return min(found, key=lambda one: len(one.depends), default=NO)

    def _is(self, member: str) -> Truth:
        if member == "allUsers" or member in self.names:
            return YES
        if member == "allAuthenticatedUsers":
            return self._with_an_account()
        if why := next((why for start, why in (*_GROUPS.items(), *self.open) if member.startswith(start)), ""):
            return unknown(f"{why}: {member}")
        if member.startswith(_SINGLE):
            return NO
        return self._of_set(member)

    def _with_an_account(self) -> Truth:
        """Service accounts have one of Google's; who comes from another provider of identities has none."""
        if not self.pool:
            return YES
        return unknown("whether pods have an account of Google: allAuthenticatedUsers") if self._is_pod else NO

    @property
    def _is_pod(self) -> bool:
        return self.pool.endswith(_GKE)

    def _of_set(self, member: str) -> Truth:
        found = _POOL.match(member)
        if found is None:
            return unknown(f"who is in {member} is not known offline")
        if not self.pool or not _same(found[1], self.pool):
            return NO
        if self._is_pod and found[2].startswith("namespace/"):
            return YES if found[2] == f"namespace/{self.namespace}" else NO
        if not self._is_pod and member.startswith(f"principalSet://{of_pool(self.pool)}"):
            return NO
        return unknown(f"who is in {member} is not known offline")


def _same(one: str, other: str) -> bool:
    """Whether pools may be the same; that of a cluster is not always known by its project."""
    return one == other or (one.endswith(_GKE) and other == _GKE)
