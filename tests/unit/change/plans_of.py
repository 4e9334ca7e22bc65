"""Plans as `terraform show -json` writes them, with as little as a test is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.change.assemble import Environment, Specs, assemble
from groundplan.change.attribution import Edits
from groundplan.change.edits import differences
from groundplan.change.model import Change, Entry, Side
from groundplan.diagnostics import Diagnostic, Place
from groundplan.environment.lock import Call, Location, Lock, Spec
from groundplan.spec.document import Document, KeyPlace
from groundplan.terraform.effects import Effect, Loss

PROVIDERS = {
    "aws": "hashicorp/aws",
    "google": "hashicorp/google",
    "kubernetes": "hashicorp/kubernetes",
    "helm": "hashicorp/helm",
}
ACTIONS = {
    "replace": ["delete", "create"],
    "replace, new first": ["create", "delete"],
    "destroy": ["delete"],
    "create": ["create"],
    "update": ["update"],
    "forget": ["forget"],
    "nothing": ["no-op"],
}


@dataclass(frozen=True)
class Planned:
    root: str
    plan: dict[str, Any] | None
    diagnostics: Sequence[Diagnostic] = ()
    same: bool = False


LOSSES = {
    "aws_s3_bucket": "every object",
    "aws_db_instance": "the database",
    "aws_kms_key": "what it encrypts",
    "aws_eks_cluster": "every object of Kubernetes",
    "aws_cloudwatch_log_group": "every event",
    "aws_secretsmanager_secret": "every version",
    "google_storage_bucket": "every object",
    "kubernetes_namespace_v1": "everything in it",
}
"""Types whose end loses data, and what."""
UPDATES = {
    ("aws_eks_node_group", "version"): ("rolling", "minutes"),
    ("aws_eks_cluster", "version"): ("slow", "none"),
    ("aws_db_instance", "instance_class"): ("restart", "minutes"),
    ("helm_release", "values"): ("rolling", "none"),
}


class Facts:
    """What the tests take to be so, whatever the tables say."""

    def studied(self, type_: str) -> bool:
        return type_.partition("_")[0] in PROVIDERS

    def of_update(self, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Effect, ...]:
        return tuple(
            Effect((name,), *UPDATES[type_, name], f"{name} takes a while", "a source")
            for of, name in UPDATES
            if of == type_ and before.get(name) != after.get(name)
        )

    def loss(self, type_: str, prior: Mapping[str, Any] | None = None) -> Loss | None:
        if type_ == "aws_eip":
            return Loss("the address", "", None, "", data=False, irreversible=True, source="a source")
        lost = LOSSES.get(type_)
        return Loss(lost, "", None, "", data=True, irreversible=False, source="a source") if lost else None


def resource(
    address: str,
    action: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One element of `resource_changes`; `before` and `after` are the attributes that matter."""
    bare, _, key = address.partition('["')
    *module, type_, name = bare.split(".")
    change = {
        "actions": ACTIONS[action],
        "before": None if action == "create" else before or {},
        "after": None if action in ("destroy", "forget") else (before or {}) if after is None else after,
        "after_unknown": more.pop("unknown", {}),
    }
    if paths := more.pop("forced_by", ()):
        change["replace_paths"] = [[path] if isinstance(path, str) else list(path) for path in paths]
    found = {"address": address, "mode": "managed", "type": type_, "name": name, "change": change, **more}
    if module:
        found["module_address"] = ".".join(module)
    if key:
        found["index"] = key.removesuffix('"]')
    found["provider_name"] = f"registry.terraform.io/{PROVIDERS.get(type_.partition('_')[0], 'x/y')}"
    return found


def plan(root: str, *resources: dict[str, Any], calls: dict[str, list[str]] | None = None) -> Planned:
    """A root's plan; `calls` are its module calls with the references of their arguments."""
    expressions = {name: {"expressions": {"x": {"references": refs}}} for name, refs in (calls or {}).items()}
    configuration = {"root_module": {"module_calls": expressions}}
    return Planned(root, {"resource_changes": list(resources), "configuration": configuration})


def lock(calls: dict[str, dict[str, tuple[str, str]]]) -> Lock:
    """A lock with component and path of each module call by root."""
    listed = {
        root: {f"module.{name}": Call(component=component, path=path) for name, (component, path) in of_root.items()}
        for root, of_root in calls.items()
    }
    return Lock(
        groundplan="0.1.0",
        spec=Spec(file="groundplan.yaml"),
        cloud=Location(provider="aws", region="us-east-1"),
        calls=listed,
        decisions=(),
        modules={},
        files={},
    )


def document(values: dict[str, Any]) -> Document:
    """A spec; each key stands in a line of its own, in the order of the values."""
    places: dict[tuple[str | int, ...], KeyPlace] = {}

    def walk(value: Any, path: tuple[str | int, ...]) -> None:
        for key, inner in value.items():
            at = Place("groundplan.yaml", len(places) + 1)
            places[(*path, key)] = KeyPlace(at, len(key), at, 1)
            if isinstance(inner, dict):
                walk(inner, (*path, key))

    walk(values, ())
    return Document("groundplan.yaml", values, places, {"groundplan.yaml": ""})


def change(
    *roots: Planned,
    calls: dict[str, dict[str, tuple[str, str]]] | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    then: dict[str, dict[str, tuple[str, str]]] | None = None,
) -> Change:
    """The change that the plans make; `calls` are those of the old lock, and of the new one unless `then` is given."""
    locks = [lock(found) if found else None for found in (calls, then or calls)]
    old, new = (Environment(Side(label, "0.1.0"), known) for label, known in zip(("old", "new"), locks, strict=True))
    found = differences(document(before or {}), document(after or {}))
    return assemble((old, new), roots, Facts(), Specs(Edits([one.edit for one in found])))


def entries(*roots: Planned, **more: Any) -> list[Entry]:
    """The entries of that change."""
    return list(change(*roots, **more).entries)
