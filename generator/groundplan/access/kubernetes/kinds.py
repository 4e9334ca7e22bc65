"""Kinds of objects and verbs, and how questions about them are written.

`secrets`, `secrets/NAMESPACE`, `secrets/NAMESPACE/NAME`, `deployments.apps/NAMESPACE`, `pods:exec/NAMESPACE`; of what
is in no namespace, such as `nodes`, the name follows at once. What is left out is any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from groundplan.catalog.tables import filled, read_table

_READING, _WRITING = ("get", "list", "watch"), ("create", "update", "patch", "delete", "deletecollection")
VERBS = (*_READING, *_WRITING, "impersonate", "bind", "escalate", "approve", "sign", "use")
"""https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb"""
_COLUMNS = ("group", "kinds", "namespaced", "source")
_FORM = re.compile(
    r"(\*|[a-z]+)(?:\.([a-z0-9.-]+))?(?::([a-z]+))?(?:/([a-z0-9*-]+))?(?:/([A-Za-z0-9.:*_-]+))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of objects, or a part of one such as `pods/exec`."""

    group: str
    name: str
    namespaced: bool


@dataclass(frozen=True, slots=True)
class Objects:
    """What is asked about; `*` for any."""

    group: str
    kind: str
    namespace: str
    name: str
    namespaced: bool = True

    def __str__(self) -> str:
        kind = "everything" if self.kind == "*" else f"{self.kind}.{self.group}" if self.group else self.kind
        named = f" {self.name}" if self.name != "*" else ""
        space = f" in {self.namespace}" if self.namespace != "*" else ""
        return f"{kind}{named}{space}"


@cache
def kinds() -> Mapping[str, Sequence[Kind]]:
    """Those of Kubernetes itself, by name; of the same name in several groups all."""
    found: dict[str, list[Kind]] = {}
    for _, row in read_table(files("groundplan.access.kubernetes") / "kinds.csv", _COLUMNS, _row):
        for one in row:
            found.setdefault(one.name, []).append(one)
    return found


def _row(group: str, names: str, namespaced: str, source: str) -> tuple[Kind, ...]:
    filled(source)
    return tuple(Kind(group, name, namespaced == "yes") for name in filled(names).split())


def objects(reference: str) -> Objects | None:
    """What a reference stands for; None for one that is none, or a kind that needs its API group and has none."""
    match = _FORM.fullmatch(reference)
    if match is None:
        return None
    kind, group, part, first, second = match.groups()
    name = f"{kind}/{part}" if part else kind
    if name == "*":
        return Objects(group or "*", "*", first or "*", second or "*")
    known = next((one for one in kinds().get(name, ()) if group in (None, one.group)), None)
    if known is None:
        return Objects(group, name, first or "*", second or "*") if group and name not in kinds() else None
    if known.namespaced:
        return Objects(known.group, name, first or "*", second or "*")
    return None if second else Objects(known.group, name, "*", first or "*", namespaced=False)
