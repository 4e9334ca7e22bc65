"""Secrets in planned values: where they are, never what they are."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.secret_names import SHORTEST, holds_secrets

_MAX_TEXT = 1_000_000
_DEEPEST = 40

_SHAPES = re.compile(
    r"\b(AKIA|ASIA)[0-9A-Z]{16}\b|-----BEGIN ([A-Z]+ )?PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|\bgithub_pat_\w{22,}|\bglpat-[\w-]{20,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{35}\b|\b[sr]k_live_\w{16,}"
)
"""What a key of a service looks like, whatever its name."""
_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+|-[ \t]+)?([\w.-]{1,80})[ \t]*[:=][ \t]*([\"']?)([^\s\"'$(){}\[\]<>,;|&*!]+)\2[ \t]*$"
)
"""A line of YAML, of a file of settings or of a shell: a name and a plain value."""
_REFERENCE = re.compile(
    r"arn:[\w-]+:|projects/[^/]+/(secrets|serviceAccounts|locations)/|(vault|awssm|gcpsm|op|ref\+\w+):"
)
"""Values that say where a secret is kept."""
_TEXTS_WITH_LINES = re.compile(r"(^|_)(user_data|user_data_base64|values|startup_script|metadata|script|content|data)$")
_CODED = ("user_data", "user_data_base64")


def secrets_in(kind: str, values: Mapping[str, Any]) -> list[str]:
    """The paths of secrets among the planned values of a type of resource, each once."""
    return list(dict.fromkeys([*_secret_objects(kind, values), *_walk(kind, "", values, 0)]))


def _secret_objects(kind: str, values: Mapping[str, Any]) -> Iterator[str]:
    """What a Secret of Kubernetes holds, whatever the names in it."""
    if kind in ("kubernetes_secret", "kubernetes_secret_v1"):
        yield from _texts(values, ("data", "binary_data"))
    manifest = values.get("manifest")
    if kind == "kubernetes_manifest" and isinstance(manifest, dict) and manifest.get("kind") == "Secret":
        yield from (f"manifest.{path}" for path in _texts(manifest, ("data", "stringData")))


def _texts(values: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        held = values.get(name)
        texts = held.items() if isinstance(held, dict) else ()
        yield from (f"{name}.{key}" for key, text in texts if isinstance(text, str) and text)


def _walk(kind: str, path: str, value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield from _in_object(kind, path, value, depth)
    elif isinstance(value, list):
        for item in value:
            yield from _walk(kind, path, item, depth + 1)
    elif isinstance(value, str):
        yield from _in_text(kind, path, value[:_MAX_TEXT], depth)


def _in_object(kind: str, path: str, value: Mapping[str, Any], depth: int) -> Iterator[str]:
    for name, item in value.items():
        inner = f"{path}.{name}" if path else name
        if _is_secret(name, item) and not (name == "secret" and kind.startswith("kubernetes_")):
            yield inner
        else:
            yield from _walk(kind, inner, item, depth + 1)
    named = value.get("name")
    if isinstance(named, str) and _is_secret(named, value.get("value")):
        yield f"{path}.{named}"


def _is_secret(name: str, value: Any) -> bool:
    plain = isinstance(value, str) and len(value) >= SHORTEST and not _REFERENCE.match(value)
    return plain and holds_secrets(name)


def _in_text(kind: str, path: str, text: str, depth: int) -> Iterator[str]:
    if _SHAPES.search(text):
        yield path
    inner = _json(text)
    if inner is not None:
        yield from _walk(kind, path, inner, depth + 1)
        return
    names = path.split(".")
    if _TEXTS_WITH_LINES.search(names[0]) or _TEXTS_WITH_LINES.search(names[-1]):
        lines = (_decoded(text) if names[-1] in _CODED else text).splitlines()
        found = (match for match in map(_LINE.match, lines) if match)
        yield from (f"{path}.{match[1]}" for match in found if _is_secret(match[1], match[3]))


def _json(text: str) -> Any:
    """The object or list that a text is; None for others."""
    try:
        return json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text
