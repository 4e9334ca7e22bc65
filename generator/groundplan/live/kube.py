"""The API of a cluster, asked for what its controllers have made in the cloud, over plain REST.

https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import quote

from groundplan.diagnostics import shortened
from groundplan.live.cloud import ClusterAccess, stopped

CONNECT_SECONDS, READ_SECONDS = 5, 20
MOST = 5_000
"""Objects of a kind that are read."""
_PAGE = 500
_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
_UNKNOWN_CALLER = 401
_ABSENT = 404
"""Of an object, and of kinds that the cluster does not have, such as Gateways."""


class Made(StrEnum):
    """What in the cloud an object stands for."""

    ENTRY = "load balancer"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of objects for which controllers make something in the cloud."""

    title: str
    path: str
    """Of all namespaces together."""
    plural: str
    made: Made


KINDS = (
    Kind("Service", "/api/v1", "services", Made.ENTRY),
    Kind("Ingress", "/apis/networking.k8s.io/v1", "ingresses", Made.ENTRY),
    Kind("Gateway", "/apis/gateway.networking.k8s.io/v1", "gateways", Made.ENTRY),
    Kind("PersistentVolumeClaim", "/api/v1", "persistentvolumeclaims", Made.VOLUME),
)


@dataclass(frozen=True, slots=True)
class Thing:
    """One object."""

    kind: Kind
    namespace: str
    name: str
    about: str = ""
    """Its address, or its size."""

    @property
    def title(self) -> str:
        """`Service monitoring/grafana`."""
        return f"{self.kind.title} {self.namespace}/{self.name}"

    @property
    def path(self) -> str:
        """Of itself."""
        namespace, name = quote(self.namespace, safe=""), quote(self.name, safe="")
        return f"{self.kind.path}/namespaces/{namespace}/{self.kind.plural}/{name}"


@dataclass(frozen=True, slots=True)
class Retained:
    """A volume that outlives its claim, as its class says; `handle` is its name in the cloud."""

    name: str
    handle: str
    size: str


@dataclass(frozen=True, slots=True)
class Right:
    """Something that is done to a kind of objects, in all namespaces."""

    verb: str
    resource: str
    group: str = ""

    @property
    def title(self) -> str:
        """`create clusterroles`."""
        return f"{self.verb} {self.resource}"


class Kube:
    """Asks one cluster. What keeps it from answering is raised as GP824."""

    def __init__(self, session: Any, cluster: ClusterAccess, verify: str | bool, token: Callable[[], str]) -> None:
        """What goes with every request goes there: REQUESTS_CA_BUNDLE and ~/.netrc would take the session's place."""
        self._session = session
        self._cluster = cluster
        self._verify = verify
        self._token = token

    def things(self) -> Sequence[Thing]:
        """What controllers have made something for, in the order of `KINDS`."""
        return [thing for kind in KINDS for thing in self._things(kind)]

    def is_there(self, thing: Thing) -> bool:
        """Whether it is: one that is being deleted is, until its controller is done."""
        return self._asked("GET", thing.path) is not None

    def delete(self, thing: Thing) -> None:
        """Asks for its deletion, which its controller ends; nothing where it is gone."""
        self._asked("DELETE", thing.path)

    def retained(self) -> Sequence[Retained]:
        """Volumes that stay when their claims go."""
        found = self._listed("/api/v1/persistentvolumes")
        return [_retained(one) for one in found if one["spec"].get("persistentVolumeReclaimPolicy") == "Retain"]

    def lacking(self, rights: Sequence[Right]) -> Sequence[Right] | None:
        """Those that the caller has not, by what the cluster says; None where it does not know the caller at all.

        A review writes nothing, and every caller may ask for one of itself. Raises OSError and ValueError where none
        comes. https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
        """
        found = []
        for right in rights:
            about = {"verb": right.verb, "resource": right.resource, "group": right.group}
            review = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview"}
            answer = self._answer("POST", _REVIEWS, json={**review, "spec": {"resourceAttributes": about}})
            if answer.status_code == _UNKNOWN_CALLER:
                return None
            if answer.ok and (answer.json().get("status") or {}).get("allowed") is False:
                found.append(right)
        return found

    def _things(self, kind: Kind) -> Iterator[Thing]:
        for one in self._listed(f"{kind.path}/{kind.plural}"):
            spec, about = one.get("spec") or {}, one["metadata"]
            if kind.title != "Service" or spec.get("type") == "LoadBalancer":
                yield Thing(kind, about.get("namespace", ""), about["name"], shortened(_about(kind, one)))

    def _listed(self, path: str) -> list[Any]:
        found: list[Any] = []
        query: dict[str, str] = {"limit": str(_PAGE)}
        while len(found) < MOST:
            page = self._asked("GET", path, query)
            if page is None:
                return found
            found += page.get("items") or ()
            following = (page.get("metadata") or {}).get("continue")
            if not following:
                return found
            query["continue"] = following
        return found

    def _sign(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token()}"
        return request

    def _asked(self, method: str, path: str, query: dict[str, str] | None = None) -> Any:
        """What it answers; None for what is not there."""
        try:
            answer = self._answer(method, path, params=query)
            if answer.status_code == _ABSENT:
                return None
            answer.raise_for_status()
            return answer.json()
        except (OSError, ValueError) as error:
            said = f"the cluster {self._cluster.name} does not answer {method} {path}: {shortened(str(error))}"
            hint = "run this where its API is reachable, with a role that may list and delete in every namespace"
            raise stopped("GP824", said, f"{hint}; or --without-cluster, which leaves what it has made") from None

    def _answer(self, method: str, path: str, **what: Any) -> Any:
        wait = (CONNECT_SECONDS, READ_SECONDS)
        options = {"timeout": wait, "allow_redirects": False, "verify": self._verify, "auth": self._sign}
        return self._session.request(method, f"{self._cluster.endpoint}{path}", **options, **what)


@contextmanager
def kube(cluster: ClusterAccess, token: Callable[[], str]) -> Iterator[Kube]:
    """The API of the cluster, whose certificate has to be signed by its own CA; a token is made for every request."""
    from google.auth.credentials import AnonymousCredentials
    from google.auth.transport.requests import AuthorizedSession

    opened: Any = AuthorizedSession(AnonymousCredentials(), refresh_status_codes=())  # type: ignore[no-untyped-call]
    with opened as session, NamedTemporaryFile(suffix=".pem") as ca:
        ca.write(_decoded(cluster.ca))
        ca.flush()
        yield Kube(session, cluster, ca.name if cluster.ca else True, token)


def _decoded(ca: str) -> bytes:
    try:
        return base64.b64decode(ca, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _about(kind: Kind, one: Any) -> str:
    if kind.made is Made.VOLUME:
        return str((one.get("status") or {}).get("capacity", {}).get("storage", ""))
    entry = ((one.get("status") or {}).get("loadBalancer") or {}).get("ingress") or [{}]
    return str(entry[0].get("hostname") or entry[0].get("ip") or "")


def _retained(one: Any) -> Retained:
    spec = one["spec"]
    handle = str((spec.get("csi") or {}).get("volumeHandle", ""))
    return Retained(one["metadata"]["name"], handle, str((spec.get("capacity") or {}).get("storage", "")))
