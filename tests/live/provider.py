"""A provider with a memory: objects live in a store, and what a test asks for goes wrong.

`python -m tests.live.provider FOLDER` serves it like `groundplan.terraform.plugin.server`, with `FOLDER/objects` and
`FOLDER/faults.json`. Buckets are made on the servers that keep states too.
"""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from groundplan.terraform.plugin.protocol import Method, pb
from groundplan.terraform.plugin.provider import OfflineProvider
from groundplan.terraform.plugin.server import serve
from groundplan.terraform.plugin.values import decode, encode
from tests.live.buckets import Buckets
from tests.live.faults import Fault, FaultError, Faults
from tests.live.store import Store, Values

_THREADS = 32
"""Calls that hang must leave one for the call that stops them."""

LOOKED_UP = {
    "aws_eks_cluster": "name",
    "aws_kms_alias": "name",
    "aws_secretsmanager_secret": "name",
    "aws_security_group": "name",
    "google_container_cluster": "name",
}
"""Data sources that fail where the resource of their type is not there, and the argument that says which one."""

IDENTITIES = (
    *("id", "name", "bucket", "arn", "self_link", "identifier", "repository", "key_id"),
    *("bucket_id", "policy_arn", "secret_id", "security_group_rule_id"),
)
"""Attributes by which an import may name an object, by themselves or at the end of a path."""

_TERRAFORMS_OWN = re.compile(r".+_wo_version|force_destroy|deletion_window_in_days").fullmatch
"""Attributes that no cloud knows: what is imported has none of them."""


class CloudProvider(OfflineProvider):
    """Answers of `OfflineProvider`, for objects that stay and can be changed behind Terraform's back."""

    def __init__(self, *arguments: Any, store: Store, faults: Faults, buckets: Buckets, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._store, self._faults, self._buckets = store, faults, buckets

    def methods(self) -> Mapping[str, Method]:
        return {**super().methods(), "StopProvider": self.stop}

    def configure(self, request: Any) -> Any:
        self._faults.stopped.clear()
        return super().configure(request)

    def stop(self, _request: Any) -> Any:
        self._faults.stopped.set()
        return pb.StopProvider.Response()

    def read_resource(self, request: Any) -> Any:
        if not request.private:
            return super().read_resource(request)
        kind = request.type_name
        found = self._store.get(kind, request.private.decode())
        try:
            self._meet("read", kind, found or {})
        except FaultError as error:
            return pb.ReadResource.Response(new_state=request.current_state, diagnostics=[_error(error)])
        return pb.ReadResource.Response(new_state=_dynamic(found), private=request.private)

    def plan(self, request: Any) -> Any:
        try:
            self._meet("plan", request.type_name, decode(request.config) or {})
        except FaultError as error:
            return pb.PlanResourceChange.Response(diagnostics=[_error(error)])
        response = super().plan(request)
        response.planned_private = request.prior_private
        return response

    def apply(self, request: Any) -> Any:
        kind, key = request.type_name, request.planned_private.decode()
        prior, planned = decode(request.prior_state), decode(request.planned_state)
        action = "delete" if planned is None else "update" if key else "create"
        faults = self._faults.begin(action, kind, planned or prior or {})
        response = pb.ApplyResourceChange.Response(new_state=request.prior_state, private=request.planned_private)
        try:
            self._faults.meet(faults, "before")
            if planned is None:
                _require_unprotected(kind, prior or {})
            made = super().apply(request)
            self._keep(kind, key, decode(made.new_state), prior, made)
            response = made
            self._faults.meet(faults, "after")
        except FaultError as error:
            response.diagnostics.append(_error(error))
        return response

    def _keep(self, kind: str, key: str, values: Values | None, prior: Values | None, response: Any) -> None:
        self._buckets.follow(kind, values, prior)
        if values is None:
            self._store.remove(kind, key)
        else:
            response.private = self._store.put(kind, values, key or None).encode()

    def import_state(self, request: Any) -> Any:
        kind = request.type_name
        try:
            self._meet("import", kind, {})
        except FaultError as error:
            return pb.ImportResourceState.Response(diagnostics=[_error(error)])
        there = self._store.objects(kind)
        named = [one for one in there if _spells(request.id, one.values)]
        if named := named or [one for one in there if _ends(request.id, one.values)]:
            one = max(named, key=self._store.changed)  # what two roots switch on is two objects here
            seen = {name: None if _TERRAFORMS_OWN(name) else value for name, value in one.values.items()}
            self._store.put(kind, seen, one.key)
            state, private = _dynamic(seen), one.key.encode()
            found = pb.ImportResourceState.ImportedResource(type_name=kind, state=state, private=private)
            return pb.ImportResourceState.Response(imported_resources=[found])
        return pb.ImportResourceState.Response(diagnostics=[_error(f"no {kind} {request.id} in the test cloud")])

    def read_data_source(self, request: Any) -> Any:
        kind, config = request.type_name, decode(request.config)
        try:
            self._meet("data", kind, config)
        except FaultError as error:
            return pb.ReadDataSource.Response(diagnostics=[_error(error)])
        if kind not in LOOKED_UP or not config[LOOKED_UP[kind]]:
            return super().read_data_source(request)
        name = config[LOOKED_UP[kind]]
        found = self._store.objects(kind, **{LOOKED_UP[kind]: name})
        if not found:
            return pb.ReadDataSource.Response(diagnostics=[_error(f"no {kind} {name} in the test cloud")])
        return self._looked_up(kind, super().read_data_source(request), found[0].values)

    def _looked_up(self, kind: str, response: Any, values: Values) -> Any:
        """The answer with the attributes that the resource has too."""
        data, resource = (self._blocks[one][kind]["attributes"] for one in ("data", "resource"))
        same = {name for name in data if data[name].get("type") == resource.get(name, {}).get("type")}
        state = decode(response.state)
        response.state.CopyFrom(_dynamic(state | {name: values[name] for name in same & values.keys()}))
        return response

    def _meet(self, action: str, kind: str, values: Mapping[str, Any]) -> list[Fault]:
        faults = self._faults.begin(action, kind, values)
        for when in ("before", "after"):
            self._faults.meet(faults, when)
        return faults


def _require_unprotected(kind: str, prior: Mapping[str, Any]) -> None:
    """As clouds, and Google's provider itself, refuse it."""
    settings = next(iter(prior.get("settings") or ()), {})
    kept = (prior.get("deletion_protection"), prior.get("enable_deletion_protection"))
    if True in kept or settings.get("deletion_protection_enabled"):
        raise FaultError(f"cannot destroy {kind}: deletion protection is on")


def _ends(name: str, values: Values) -> bool:
    """Whether an import by that name may mean the object: by one attribute, at the end of a path."""
    return any(f"/{name}".endswith(f"/{values[one]}") for one in IDENTITIES if values.get(one))


def _spells(name: str, values: Values) -> bool:
    """Whether an import by that name means the object and no other: its attributes with signs between them."""
    for value in sorted({one for one in values.values() if isinstance(one, str) and one}, key=len, reverse=True):
        name = name.replace(value, "")
    return not re.sub(r"\w+s/|[/:,_ ]|^b/", "", name)


def _dynamic(value: Any) -> Any:
    return pb.DynamicValue(msgpack=encode(value))


def _error(error: object) -> Any:
    return pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=str(error))


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    folder = Path(sys.argv[1])
    store, faults = Store(folder / "objects"), Faults(folder / "faults.json")
    serve(sys.stdin, sys.stdout, partial(CloudProvider, store=store, faults=faults, buckets=Buckets()), _THREADS)


if __name__ == "__main__":
    main()
