"""The YAML that charts render and take, as Kubernetes reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

_DOCUMENTS = re.compile(r"(?:^|\s*\n)---\s*")
"""Where Helm parts documents: https://github.com/helm/helm/blob/main/pkg/release/v1/util/manifest.go."""
_NO_DATES = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int"}
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|(?:0|[1-9][0-9_]*)|0x[0-9a-fA-F_]+)$")


_DEEPEST = 100
"""Levels of a document: definitions of prometheus-operator have 28, and what holds objects to schemas ends at 255."""


class ChartError(Exception):
    """What is wrong with a chart, its values or what it renders, in the words of Helm or of the reader."""


class _Loader(yaml.CSafeLoader):
    """Without dates and sexagesimal numbers, which Kubernetes does not have."""


_Loader.yaml_implicit_resolvers = {
    start: [(tag, pattern) for tag, pattern in resolvers if tag not in _NO_DATES]
    for start, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INTEGER, list("-+0123456789"))


def documents(text: str) -> list[str]:
    """The documents of a template's text, without empty ones."""
    parts = _DOCUMENTS.split(text) if "---" in text else [text]
    return [part for part in parts if part.strip()]


def from_yaml(text: str) -> Any:
    """A document. Raises ChartError for what is none."""
    try:
        written = json.dumps(yaml.load(text, _Loader), allow_nan=False, ensure_ascii=False).encode("utf-8")
        item = json.loads(written)  # keys become texts, as they do in Kubernetes
    except (yaml.YAMLError, TypeError, ValueError, RecursionError) as error:
        raise ChartError(" ".join(str(error).split())) from None
    if _is_deep(item):
        raise ChartError(f"it is nested more than {_DEEPEST} levels deep")
    return item


def _is_deep(item: Any) -> bool:
    level = [item]
    for _ in range(_DEEPEST):
        level = [inner for one in level for inner in _inner(one)]
        if not level:
            return False
    return True


def _inner(item: Any) -> Iterable[Any]:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()
