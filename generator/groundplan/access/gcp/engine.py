"""Google Cloud, as `engine.Engine` asks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from groundplan.access.actions import actions
from groundplan.access.engine import Action, Taken
from groundplan.access.gcp.bindings import EVERYBODY, Binding, bindings, names_of
from groundplan.access.gcp.cel import Names, Open, UnreadableExpressionError, evaluate
from groundplan.access.gcp.members import Somebody
from groundplan.access.gcp.pools import IMPERSONATING, POOL, POOL_ID, admitted, takes
from groundplan.access.gcp.roles import ids, permissions
from groundplan.access.given import key_of, of_type, pool_of
from groundplan.access.model import NO, Answer, Given, Verdict, Wanted, widest
from groundplan.change.access import globs
from groundplan.change.access.values import last, text

MOST_PERMISSIONS = 500
"""Of one role that a question with wildcards is asked of."""
DEFAULT_ACCOUNT = "the default account of Compute Engine"
"""Whose name has a number in it that no plan knows, and which organizations may let edit the whole project.

https://docs.cloud.google.com/compute/docs/access/service-accounts#default_service_account
"""
_POD = re.compile(r"/subject/ns/([^/]+)/sa/([^/]+)$|\.svc\.id\.goog\[([^/]+)/([^\]]+)\]$")
_GKE_POOL = ".svc.id.goog"
"""End of the name of a cluster's identity pool, which has the project in front."""
_POOL_OF_POD = re.compile(r"([^/:]+\.svc\.id\.goog)")
_TYPES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "bucket": ("google_storage_bucket", ("name",)),
    "key": ("google_kms_crypto_key", ("name", "id")),
    "secret": ("google_secret_manager_secret", ("secret_id", "id")),
    "account": ("google_service_account", ("account_id", "email")),
}
_ACTIONS = (
    Action("read objects", "storage.objects.get"),
    Action("write objects", "storage.objects.create"),
    Action("delete objects", "storage.objects.delete"),
    Action("change grants on buckets", "storage.buckets.setIamPolicy"),
    Action("read secrets", "secretmanager.versions.access"),
    Action("decrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"),
    Action("change grants on keys", "cloudkms.cryptoKeys.setIamPolicy"),
    Action("destroy keys", "cloudkms.cryptoKeyVersions.destroy"),
    Action("change grants in the project", "resourcemanager.projects.setIamPolicy"),
    Action("run as service accounts", "iam.serviceAccounts.actAs"),
    Action("take tokens of service accounts", "iam.serviceAccounts.getAccessToken"),
    Action("make keys of service accounts", "iam.serviceAccountKeys.create"),
    Action("change identity pools", "iam.workloadIdentityPoolProviders.update"),
    Action("delete clusters", "container.clusters.delete"),
    Action("delete databases", "cloudsql.instances.delete"),
)


class Gcp:
    """Service accounts and pods, bindings with conditions, and identity pools."""

    cloud = "gcp"
    audience = ""
    """Of each provider its own."""
    actions: Sequence[Action] = _ACTIONS
    sorts: Sequence[str] = tuple(_TYPES)

    def __init__(self, resources: Sequence[Given]) -> None:
        self._resources = resources
        self._from_pools: dict[str, Somebody] = {}
        """Jobs that were asked about, by what they are called here."""

    @cached_property
    def _bindings(self) -> tuple[Binding, ...]:
        pools = {text(one.values, "name"): text(one.values, POOL_ID) for one in of_type(self._resources, POOL)}
        return bindings(self._resources, ids(self._resources), pools)

    @cached_property
    def _roles(self) -> Mapping[str, tuple[str, ...]]:
        return permissions(self._resources)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is granted anything."""
        return not self._bindings and not of_type(self._resources, "google_service_account")

    def takes(self, claims: Mapping[str, str]) -> Iterator[Taken]:
        """By an identity pool; the widest answer of an account that is granted by several bindings."""
        found: dict[str, list[Answer]] = {}
        for one in takes(self._resources, self._bindings, claims):
            found.setdefault(one.name, []).append(one.answer)
        yield from (Taken(name, widest(answers)) for name, answers in found.items())
        yield from self._themselves(claims)

    def _themselves(self, claims: Mapping[str, str]) -> Iterator[Taken]:
        """Jobs without an account, where bindings grant something to identities of a pool."""
        direct = [one for one in self._bindings if one.role not in IMPERSONATING]
        for one in admitted(self._resources, claims):
            granted = any(one.somebody.among(each.members).holds for each in direct)
            if granted and one.verdict is not Verdict.NOT_GRANTED:
                name = f"{one.source.name}:{claims.get('sub', '')}"
                self._from_pools[name] = one.somebody
                yield Taken(name, Answer(one.verdict, one.source, one.why))

    def people(self) -> Iterable[str]:
        """Pods by their namespaces, and machines by their pools."""
        yield from (f"pod:{space}" for space, _ in self._pods)
        yield from (f"node:{name}" for name in self._nodes)

    def named(self, word: str) -> Iterator[Taken]:
        """`pod:` by namespace or service account, `node:` by pool, `account:` by name or e-mail address."""
        sort, _, name = word.partition(":")
        if sort == "node" and name in self._nodes:
            yield Taken(self._nodes[name], Answer(Verdict.ALLOWED))
        for one in of_type(self._resources, "google_service_account") if sort == "account" else ():
            if name in {text(one.values, "account_id"), text(one.values, "email")}:
                yield Taken(text(one.values, "email"), Answer(Verdict.ALLOWED))
        for space, account in self._pods if sort == "pod" else ():
            if name in (space, account, f"{space}/{account}"):
                yield Taken(f"{space}/{account}", Answer(Verdict.ALLOWED))
                yield from self._impersonated(self._somebody(f"{space}/{account}"))

    def _impersonated(self, pod: Somebody) -> Iterator[Taken]:
        for one in self._bindings:
            among = pod.among(one.members) if one.role in IMPERSONATING else NO
            if among.holds:
                verdict = Verdict.DEPENDS if among.depends else Verdict.ALLOWED
                yield Taken(last(one.names[0]), Answer(verdict, one.source, "; ".join(among.depends)))

    def understands(self, action: str) -> bool:
        """`service.resources.verb`, with wildcards or without."""
        return bool(re.fullmatch(r"\*|[a-z]+\.[A-Za-z0-9.*?]+", action, re.ASCII))

    def siblings(self, action: str) -> Sequence[str]:
        """By the first word."""
        return actions("gcp", ".").get(action.partition(".")[0], ())

    def resources(self, reference: str) -> Sequence[str]:
        """Names as requests have them; of a bucket its objects, too."""
        if reference == "*" or self.is_whole(reference):
            whole = re.fullmatch(r"projects/_/buckets/[^/]+", reference, re.ASCII)
            return (reference, f"{reference}/objects/*") if whole else (reference,)
        sort, _, name = reference.partition(":")
        type_name, arguments = _TYPES.get(sort, ("", ()))
        return tuple(
            each
            for one in of_type(self._resources, type_name)
            if name in _called(one, arguments)
            for each in names_of(type_name, _as_thing(one))
        )

    def names(self, sort: str) -> Sequence[str]:
        """Keys and names."""
        type_name, arguments = _TYPES.get(sort, ("", ()))
        found = of_type(self._resources, type_name)
        return tuple(dict.fromkeys(name for one in found for name in _called(one, arguments)))

    def is_whole(self, reference: str) -> bool:
        """One below a project."""
        return reference.startswith("projects/")

    def is_of_pool(self, name: str) -> bool:
        """Whether somebody comes from an identity pool: a pod, or a job that was asked about."""
        return name in self._from_pools or tuple(name.split("/", 1)) in self._pods

    def may(self, name: str, wanted: Wanted) -> Answer:
        """By bindings of whoever it is, or may be."""
        somebody = self._somebody(name)
        found = widest([answer for one in self._bindings for answer in self._through(one, somebody, wanted)])
        if name == DEFAULT_ACCOUNT and found.verdict is not Verdict.ALLOWED:
            return Answer(Verdict.DEPENDS, None, f"what {name} is granted is not known here", wanted.action)
        if found.by is None and found.verdict is Verdict.NOT_GRANTED:
            return Answer(Verdict.NOT_GRANTED, None, f"no binding of {name} permits it")
        return found

    def anybody(self, wanted: Wanted) -> Answer:
        """By bindings of `allUsers`."""
        public = [one for one in self._bindings if EVERYBODY[0] in one.members]
        return widest([answer for one in public for answer in self._granted(one, wanted)])

    def _through(self, one: Binding, somebody: Somebody, wanted: Wanted) -> Iterator[Answer]:
        """What a binding says, where the identity is among its members; perhaps, where that is not known."""
        among = somebody.among(one.members)
        for answer in self._granted(one, wanted) if among.holds else ():
            if among.depends and answer.verdict is Verdict.ALLOWED:
                yield Answer(Verdict.DEPENDS, answer.by, among.depends[0], answer.what)
            else:
                yield answer

    def _somebody(self, name: str) -> Somebody:
        if name in self._from_pools:
            return self._from_pools[name]
        space, _, account = name.partition("/")
        pods = self._pods.get((space, account))
        if pods is None:
            return Somebody(frozenset({f"serviceAccount:{name}"}))
        pools = {match[1] for one in pods if (match := _POOL_OF_POD.search(one))}
        return Somebody(pods, pool=min(pools, default=_GKE_POOL), namespace=space)

    def _granted(self, one: Binding, wanted: Wanted) -> Iterator[Answer]:
        names = [met for name in one.names if (met := _met(name, wanted.resource))]
        if not names:
            return
        known = self._roles.get(one.role)
        if known is None:
            why = f"what {one.role} permits is not known here"
            yield Answer(Verdict.DEPENDS, one.source, why, f"{wanted.action} on {names[0]}")
            return
        action = wanted.action.lower()
        asked = [each for each in known if globs.covers(action, each.lower())][:MOST_PERMISSIONS]
        yield from (_under(one, permission, name) for permission in asked for name in _fitting(permission, names, one))

    @cached_property
    def _pods(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """By namespace and service account, what bindings call it."""
        found: dict[tuple[str, str], set[str]] = {}
        for one in of_type(self._resources, "kubernetes_service_account", "kubernetes_service_account_v1"):
            found[text(one.values, "metadata.namespace"), text(one.values, "metadata.name")] = set()
        for member in (member for one in self._bindings for member in one.members):
            if match := _POD.search(member):
                found.setdefault((match[1] or match[3], match[2] or match[4]), set()).add(member)
        return {key: frozenset(members) for key, members in found.items()}

    @cached_property
    def _nodes(self) -> Mapping[str, str]:
        pools = of_type(self._resources, "google_container_node_pool")
        return {pool_of(one.address) or text(one.values, "name"): _account_of(one) for one in pools}


def _account_of(pool: Given) -> str:
    named = text(pool.values, "node_config.service_account")
    return DEFAULT_ACCOUNT if named in ("", "default") else named


def _called(one: Given, arguments: Sequence[str]) -> Sequence[str]:
    """Its key in the environment, and its names in the cloud."""
    found = (key_of(one.address), *(text(one.values, key) for key in arguments))
    return tuple(name for name in dict.fromkeys(found) if name)


def _met(name: str, wanted: str) -> str:
    """The narrower of two names where they have something in common."""
    if globs.covers(name, wanted):
        return wanted
    return name if globs.covers(wanted, name) or globs.overlap(name, wanted) else ""


def _fitting(permission: str, names: Sequence[str], one: Binding) -> Sequence[str]:
    """Of a bucket and its objects, what a permission is about."""
    if one.thing != "google_storage_bucket" or len(names) == 1:
        return names[:1]
    return [name for name in names if ("/objects/" in name) == permission.startswith("storage.objects.")] or names[:1]


def _under(one: Binding, permission: str, name: str) -> Answer:
    """The answer under the binding's condition."""
    what = f"{permission} on {name}"
    if not one.condition:
        return Answer(Verdict.ALLOWED, one.source, "", what)
    try:
        holds = evaluate(one.condition, _request(permission, name), _Asked(permission))
    except UnreadableExpressionError:
        holds = Open(one.condition)
    if holds is True or (isinstance(holds, Open) and holds.chosen):
        why = f"where {one.condition}" if isinstance(holds, Open) else ""
        return Answer(Verdict.ALLOWED, one.source, why, what)
    if isinstance(holds, Open):
        return Answer(Verdict.DEPENDS, one.source, f"where {one.condition}", what)
    return Answer(Verdict.NOT_GRANTED, one.source, f"only where {one.condition}", what)


def _request(permission: str, name: str) -> Mapping[str, Any]:
    """What conditions may look at; a name with wildcards is any of those that it stands for."""
    service = permission.partition(".")[0]
    storage = service == "storage"
    of_objects = permission.startswith("storage.objects.")
    listing = permission == "storage.objects.list"
    bucket = name.partition("/objects/")[0] if listing else name
    pattern = "projects/_/buckets/*" if bucket == "*" and storage else bucket
    named = Names(pattern) if globs.wild(pattern) else pattern
    types = {True: "storage.googleapis.com/Object", False: "storage.googleapis.com/Bucket"}
    return {
        "resource.name": named,
        "resource.service": f"{service}.googleapis.com",
        "resource.type": types[of_objects and not listing] if storage else Open("the type of the resource"),
        "request.time": Open("the time of the request"),
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """Attributes of a request: the prefix of a listing and the roles of a grant are whoever's who asks."""

    permission: str

    def __call__(self, name: str, given: Sequence[Any]) -> Any:
        if name != "api.getAttribute":
            return None
        asked = str(given[0]) if given else ""
        if asked.endswith("objectListPrefix") and self.permission != "storage.objects.list":
            return given[1] if len(given) > 1 else None
        return Open(f"what the request has for {asked}")


def _as_thing(one: Given) -> Mapping[str, Any]:
    """Its own values under the names by which bindings call it."""
    name, identifier = text(one.values, "name"), text(one.values, "id")
    whole = name if name.startswith("projects/") else identifier
    return {"bucket": name, "crypto_key_id": identifier, "secret_id": identifier, "service_account_id": whole}
