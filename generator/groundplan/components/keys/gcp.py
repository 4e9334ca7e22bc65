"""Keys on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from groundplan.components.base import Arguments, Aspects, Holding, Lookup
from groundplan.components.keys.component import KEYS, KeysPart, key_purposes_of
from groundplan.components.keys.part import existing_keys_of
from groundplan.components.keys.resolve import Forms
from groundplan.components.needs import Key
from groundplan.hcl.references import Var
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Stack

USERS: Mapping[str, Sequence[str]] = {
    "storage": ("storage",),
    "cluster": ("compute", "container"),
    "logs": ("logging",),
    "database": ("secretmanager", "sqladmin"),
    "alerts": ("pubsub",),
}
"""Services that modules/gcp/keys lets use the key of a purpose, whoever else does."""


_ID = "projects/(?P<account>[a-z0-9-]+)/locations/(?P<region>[a-z0-9-]+)/keyRings/{0}/cryptoKeys/{0}"
_WORD = "[A-Za-z0-9_-]{1,63}"


class GcpKeys(KeysPart):
    """Keys on Google Cloud."""

    existing_forms: ClassVar[Forms] = {
        "projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>": _ID.format(_WORD)
    }
    unclear_forms: ClassVar[Forms] = {
        f"(?P<id>{_ID.format(_WORD)})/cryptoKeyVersions/[0-9]+": "the key and not a version of it, {id}",
        f"(?P<ring>{_WORD})/(?P<key>{_WORD})": "all of its name, projects/{account_here}/locations/{region_here}/"
        "keyRings/{ring}/cryptoKeys/{key}",
    }

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Services that use a key beside those of its purpose, and the end of the key ring's name."""
        users = _further_users(stack)
        named: dict[str, Value] = {purpose: sorted(services) for purpose, services in users.items() if services}
        further: dict[str, Value] = {"further_users": named} if named else {}
        if suffix := stack.options.get("key_ring_suffix"):
            further["suffix"] = suffix
        if there := existing_keys_of(stack):
            purposes = key_purposes_of(stack)
            further["existing"] = {purpose: _named(id_) for purpose, id_ in there.items() if purpose in purposes}
        return {"region": Var("region"), **further}

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Key rings are for ever; see docs/nasty-facts.md."""
        if key_purposes_of(stack):
            yield "A key ring is never deleted: a further environment of this name needs `cloud.gcp.key_ring_suffix`"

    def key_name(self, purpose: str, stack: Stack) -> str:
        """Ring and key: there is no key without its ring."""
        there = existing_keys_of(stack).get(purpose)
        return "/".join(there.split("/")[5::2]) if there else f"{_ring(stack)}/{purpose}"

    def beside(self, stack: Stack) -> Iterable[Holding]:
        """The ring, and a grant for each service that uses a key, which has an account to be granted something."""
        there = any(self.key_name(purpose, stack).startswith(f"{_ring(stack)}/") for purpose in existing_keys_of(stack))
        ring = Asset("ring", _ring(stack), "name", FOUNDATION, KEYS.call, imported=there)
        yield Holding(ring, once="google_kms_key_ring")
        further = _further_users(stack)
        for purpose in key_purposes_of(stack):
            for user in _users(purpose, further):
                grant = f"{purpose}/{user}"
                yield Holding(Asset("grant", grant, "name", FOUNDATION, KEYS.call, grant), each="grants")
        for user in sorted({user for purpose in key_purposes_of(stack) for user in _users(purpose, further)}):
            yield Holding(Asset("grant", user, "name", FOUNDATION, KEYS.call, user), each="asked_for")

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """Each of its versions: neither the key nor its ring can be deleted.

        https://docs.cloud.google.com/sdk/gcloud/reference/kms/keys/versions/destroy
        """
        if asset.kind != "key":
            return ()
        ring, _, key = asset.name.rpartition("/")
        where = f"--key {key} --keyring {ring} --location {stack.region} --project {stack.account}"
        return (f"gcloud kms keys versions list {where}", f"gcloud kms keys versions destroy <version> {where}")

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """By path; what lets a service use a key may be said twice."""
        rings = f"projects/{stack.account}/locations/{stack.region}/keyRings"
        if asset.kind == "ring":
            return {"google_kms_key_ring": f"{rings}/{asset.name}"}
        ring, _, key = asset.name.rpartition("/")
        return {"google_kms_crypto_key": f"{rings}/{ring}/cryptoKeys/{key}"} if asset.kind == "key" else {}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "keys": "one Cloud KMS key per purpose, in a key ring",
            "rotation": "a new version every 90 days",
            "who uses them": "Google's service agents by IAM; workloads never",
            "after a destroy": "versions end after 30 days; ring and keys keep their names for ever",
        }


def _named(id_: str) -> Value:
    """A key that is there by its ring, in full, and its name in that."""
    ring, _, name = id_.rpartition("/cryptoKeys/")
    return {"ring": ring, "name": name}


def _further_users(stack: Stack) -> dict[str, set[str]]:
    """Services that use a key beside those of its purpose, by purpose."""
    users: dict[str, set[str]] = {}
    for key in stack.needed(Key):
        users.setdefault(key.purpose, set()).update(key.users)
    return users


def _users(purpose: str, further: Mapping[str, set[str]]) -> list[str]:
    return sorted({*USERS[purpose], *further.get(purpose, ())})


def _ring(stack: Stack) -> str:
    suffix = stack.options.get("key_ring_suffix")
    return f"{stack.name}-{suffix}" if suffix else stack.name


PART = GcpKeys()
