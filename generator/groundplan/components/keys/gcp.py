"""Keys on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.components.keys.component import key_purposes_of
from groundplan.components.needs import Key
from groundplan.hcl.references import Var
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack


class GcpKeys(CloudPart):
    """Keys on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Services that use a key beside those of its purpose, and the end of the key ring's name."""
        users: dict[str, set[str]] = {}
        for key in stack.needed(Key):
            users.setdefault(key.purpose, set()).update(key.users)
        named: dict[str, Value] = {purpose: sorted(services) for purpose, services in users.items() if services}
        further: dict[str, Value] = {"further_users": named} if named else {}
        if suffix := stack.options.get("key_ring_suffix"):
            further["suffix"] = suffix
        return {"region": Var("region"), **further}

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Key rings are for ever; see docs/nasty-facts.md."""
        if key_purposes_of(stack):
            yield "A key ring is never deleted: a further environment of this name needs `cloud.gcp.key_ring_suffix`"

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "keys": "one Cloud KMS key per purpose, in a key ring",
            "rotation": "a new version every 90 days",
            "who uses them": "Google's service agents by IAM; workloads never",
            "after a destroy": "versions end after 30 days; ring and keys keep their names for ever",
        }


PART = GcpKeys()
