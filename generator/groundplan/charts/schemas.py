"""Whether objects are what a cluster takes: the API's schemas by version, and those that custom resources bring.

The API's schemas are data of the package kubernetes-validate; those of custom resources stand in the objects
CustomResourceDefinition: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/.
Both are read strictly: a field that the schema does not have is a mistake, which a cluster drops without a word.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Schema = dict[str, Any]
Object = Mapping[str, Any]

_DOMAIN = re.compile(r"^([^./]*)(?:\.[^/]*)?/")
_NAME = re.compile(r"[a-z0-9]{1,63}-[a-z0-9-]{1,63}\.json")
_BASE = "json-schema:///"
_MASK = "its value"
_MOST = 20
"""Mistakes of one object that are told."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What an object has that its schema has not."""

    path: str
    message: str


@dataclass
class Schemas:
    """The schemas of one minor version of Kubernetes and of definitions, which are added as they come."""

    version: str
    _crds: dict[tuple[str, str], Schema] = field(default_factory=dict)
    _validators: dict[tuple[str, str], Any] = field(default_factory=dict)

    def define(self, definition: object) -> None:
        """Takes in a CustomResourceDefinition; one that is none defines nothing."""
        spec = as_map(as_map(definition).get("spec"))
        kind = str(as_map(spec.get("names")).get("kind", ""))
        for version in map(as_map, as_list(spec.get("versions"))):
            schema = as_map(version.get("schema")).get("openAPIV3Schema")
            if isinstance(schema, dict) and version.get("served", True):
                self._crds[f"{spec.get('group')}/{version.get('name')}", kind] = schema

    def mistakes(self, one: Object) -> list[Mistake] | None:
        """Of an object, in the order of its paths; None where its kind has no schema that can be read.

        What an object holds is in no message: it may be a password.
        """
        validator = self._validator(str(one.get("apiVersion")), str(one.get("kind")))
        if validator is None:
            return None
        try:
            errors = list(_leaves(validator.iter_errors(one)))
        except ValueError as error:
            return [Mistake("", f"it cannot be held to its schema: {error}")]
        found = {Mistake(_path(error.instance_path), error.message) for error in errors}
        return sorted(found, key=lambda mistake: (mistake.path, mistake.message))[:_MOST]

    def _validator(self, api_version: str, kind: str) -> Any:
        key = api_version, kind
        if key not in self._validators:
            self._validators[key] = self._made(api_version, kind)
        return self._validators[key]

    def _made(self, api_version: str, kind: str) -> Any:
        import jsonschema_rs

        if crd := self._crds.get((api_version, kind)):
            try:
                return jsonschema_rs.Draft202012Validator(_of_object(crd), offline=True, mask=_MASK)
            except (TypeError, ValueError, jsonschema_rs.ReferencingError):
                return None  # a schema that a chart brings may be anything
        group = _DOMAIN.sub(r"\1-", api_version)
        name = f"{kind.lower()}-{group}.json"
        if not _NAME.fullmatch(name) or not (self._folder / name).is_file():
            return None
        schema = json.loads((self._folder / name).read_text(encoding="utf-8"))
        return jsonschema_rs.Draft202012Validator(
            schema, registry=self._registry, base_uri=_BASE, offline=True, mask=_MASK
        )

    @cached_property
    def _registry(self) -> Any:
        import jsonschema_rs

        text = (self._folder / "_definitions.json").read_text(encoding="utf-8")
        return jsonschema_rs.Registry([(f"{_BASE}api/_definitions.json", json.loads(text))])

    @cached_property
    def _folder(self) -> Path:
        return _data() / f"v{self.version}.0-local-strict"


def versions() -> list[str]:
    """The minor versions that there are schemas of, the oldest first; none without the package."""
    names = [path.name for path in _data().glob("v*-local-strict")] if find_spec("kubernetes_validate") else []
    minors = (re.fullmatch(r"v1\.([0-9]+)\.0-local-strict", name) for name in names)
    return [f"1.{minor}" for minor in sorted(int(found[1]) for found in minors if found)]


def as_map(value: object) -> Mapping[str, Any]:
    """A map; an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: object) -> list[Any]:
    """A list; an empty one for what is none."""
    return value if isinstance(value, list) else []


def _data() -> Path:
    spec = find_spec("kubernetes_validate")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("kubernetes_validate")
    return Path(spec.origin).parent / "kubernetes-json-schema"


def _leaves(errors: Iterable[Any]) -> Iterator[Any]:
    """The errors one by one; of alternatives, what is wrong with the alternative that comes closest."""
    for error in errors:
        context = getattr(error.kind, "context", None) or ()
        inner = [one for branch in context for one in branch]
        deepest = max((len(one.instance_path) for one in inner), default=0)
        if deepest > len(error.instance_path):
            yield from _leaves(one for one in inner if len(one.instance_path) == deepest)
        else:
            yield error


def _path(parts: Iterable[str | int]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


_OWN = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": {"type": "object"}}


def _of_object(schema: Schema) -> Schema:
    """The schema of a whole object, strict: the API server adds what every object has."""
    strict = _strict(schema)
    properties = {**strict.get("properties", {}), **_OWN}
    return {**strict, "properties": properties, "additionalProperties": False}


def _strict(schema: Any) -> Any:
    """A structural schema as JSON Schema: no field that it does not name, but where it preserves unknown ones."""
    if not isinstance(schema, dict):
        return schema
    made = {name: _inner(name, value) for name, value in schema.items() if not name.startswith(("x-", "description"))}
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string", "null"] if schema.get("nullable") else ["integer", "string"]}
    if schema.get("x-kubernetes-embedded-resource"):
        made["properties"] = {**_OWN, **made.get("properties", {})}
    preserves = schema.get("x-kubernetes-preserve-unknown-fields")
    if made.get("type") == "object" and made.get("properties") and not preserves:
        made.setdefault("additionalProperties", False)
    if schema.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
    return made


def _inner(name: str, value: Any) -> Any:
    """What stands below a keyword. In `allOf` and the like, a schema says no more of fields than it constrains."""
    if name == "properties" and isinstance(value, dict):
        return {key: _strict(one) for key, one in value.items()}
    return _strict(value) if name in ("items", "additionalProperties") else value
