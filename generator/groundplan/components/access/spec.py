"""The block `access`."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated

from pydantic import Field, StringConstraints

from groundplan.spec.base import Key, Model

_WHO = r"^(pr|fork|main|environment|drift|(branch|tag|pod|node|role|account):[A-Za-z0-9][A-Za-z0-9._@/+-]*)$"
_ACTION = r"^[A-Za-z*][A-Za-z0-9 .:*'-]*$"
_RESOURCE = r"^[A-Za-z0-9*][A-Za-z0-9._:/*@+=-]*$"
Who = Annotated[str, StringConstraints(pattern=_WHO, max_length=200)]
Action = Annotated[str, StringConstraints(pattern=_ACTION, max_length=120)]
Resource = Annotated[str, StringConstraints(pattern=_RESOURCE, max_length=300)]


class Denied(Model):
    """One thing that somebody must not be able to do."""

    who: Who
    """A job of the pipeline by what it runs for (`pr`, `fork`, `main`, `environment`, `drift`, `branch:NAME`,
    `tag:NAME`), or `pod:POOL`, `node:POOL`, `role:NAME` (AWS), `account:NAME` (GCP)."""
    action: Action
    """An action of the cloud, such as `s3:PutObject` or `storage.objects.create`, also with `*`; or what `groundplan
    access` calls it on every cloud, such as `write objects` or `read secrets`; or `k8s:` and a verb, for objects of the
    cluster."""
    resource: Resource = "*"
    """What it is done to: a whole name of the cloud, or `bucket:NAME`, `key:NAME`, `secret:NAME`; in the cluster a kind
    of objects, such as `secrets`, `secrets/NAMESPACE`, `deployments.apps` or `pods:exec`; default: anything."""


class Access(Model):
    """What `groundplan check` holds the rendered trusts, policies and bindings to."""

    deny: Annotated[list[Denied], Field(max_length=100)] = []
    """Nobody here may do what is said of them."""


KEYS = (Key("access", Access, "Who must not be able to do what; `groundplan check` holds the environment to it."),)

PATTERNS = {
    _WHO: "write pr, fork, main, environment or drift, or pod:, node:, branch:, tag:, role: or account: and a name",
    _ACTION: "write an action of the cloud such as s3:PutObject, words such as read secrets, or a verb such as k8s:get",
    _RESOURCE: "write `*`, bucket:NAME, key:NAME, secret:NAME or a whole name of the cloud",
}
"""What to write instead of text that does not match them."""
