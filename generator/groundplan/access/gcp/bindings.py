"""Who has which role on what, under which condition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.access.gcp.members import of_pool
from groundplan.access.model import Given, Statement
from groundplan.change.access import google
from groundplan.change.access.policy import PolicyError
from groundplan.change.access.values import text, texts

_THINGS: Mapping[str, tuple[str, str, str]] = {
    "google_storage_bucket": ("bucket", "projects/_/buckets/{}", "/objects/*"),
    "google_kms_crypto_key": ("crypto_key_id", "{}", "/cryptoKeyVersions/*"),
    "google_kms_key_ring": ("key_ring_id", "{}", "/cryptoKeys/*"),
    "google_secret_manager_secret": ("secret_id", "{}", "/versions/*"),
    "google_service_account": ("service_account_id", "{}", ""),
    "google_artifact_registry_repository": ("repository", "{}", "/*"),
}
"""By the type in front of `_iam_…`: the argument that names the thing, its name in requests, and what is in it."""
EVERYBODY = ("allUsers", "allAuthenticatedUsers")
WHOLE = ("google_project", "google_folder", "google_organization")
"""Grants on these hold for whatever is below."""


@dataclass(frozen=True, slots=True)
class Binding:
    """One role on one thing."""

    members: tuple[str, ...]
    role: str
    condition: str
    thing: str
    """Type of the thing, such as `google_storage_bucket`."""
    names: tuple[str, ...]
    """Of the thing and of what is in it, with wildcards."""
    source: Statement


def bindings(resources: Sequence[Given], ids: Mapping[str, str], pools: Mapping[str, str]) -> tuple[Binding, ...]:
    """All of the environment; `ids` has what it calls roles of its own, `pools` its identity pools by their names."""
    own = {f"iam.googleapis.com/{name}/": of_pool(identifier) for name, identifier in pools.items()}
    return tuple(found for one in resources for found in _of(one, ids, own))


def _of(one: Given, ids: Mapping[str, str], own: Mapping[str, str]) -> Iterator[Binding]:
    match = google.GRANTS.match(one.type)
    if match is None:
        return
    thing = match[1]
    names = names_of(thing, one.values)
    for values in _policy(one) if match[2] == "policy" else [one.values]:
        members = tuple(_own(member, own) for key in ("member", "members") for member in texts(values, key))
        role = text(values, "role")
        condition = text(values, "condition.expression")
        yield Binding(members, role, condition, thing, names, Statement(one, ids.get(role, role)))


def _own(member: str, own: Mapping[str, str]) -> str:
    """A member from a pool of the environment by the pool's id: its name has a number that a rehearsal makes up."""
    for name, known in own.items():
        member = member.replace(f"://{name}", f"://{known}", 1)
    return member


def names_of(thing: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What requests call a thing and what is in it; everything for a project."""
    argument, form, inside = _THINGS.get(thing, ("", "", ""))
    if not argument:
        return ("*",) if thing in WHOLE else ()
    name = form.format(text(values, argument))
    return (name, f"{name}{inside}") if inside else (name,)


def _policy(one: Given) -> Sequence[Mapping[str, Any]]:
    """What cannot be read may give anybody any role."""
    try:
        return list(google.bindings(text(one.values, "policy_data")))
    except PolicyError:
        return [{"role": f"the policy of {one.address}", "members": list(EVERYBODY)}]
