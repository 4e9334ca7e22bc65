"""When two values of a provider are one and the same."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from groundplan.reading import MalformedJSONError, parse_json
from groundplan.terraform.plugin.values import has_unknown


def empty(value: Any) -> bool:
    """Whether nothing is stated: providers tell null, "" and an empty collection apart in no other way."""
    return value is None or (isinstance(value, str | list | dict | tuple) and not value)


def same(before: Any, after: Any) -> bool:
    """Whether a plan shows no difference; something unknown is never the same."""
    return not has_unknown(after) and not has_unknown(before) and canonical(before) == canonical(after)


def canonical(value: Any) -> Hashable:
    """Equal for values that are the same: what is empty is not there, and a number may come as text,
    a document in JSON in any layout."""
    if empty(value):
        return None
    if isinstance(value, dict):
        items = sorted((str(name), canonical(item)) for name, item in value.items() if not empty(item))
        return ("object", *items)
    if isinstance(value, list | tuple):
        return ("list", *map(canonical, value))
    return _text(value)


def number(value: Any) -> float | None:
    """The value as a number, as a large one comes as text; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _text(value: Any) -> Hashable:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value[0] in "{[":
        return _document(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _document(text: str) -> Hashable:
    """A JSON document, as policies and definitions of containers are compared; other text as it stands."""
    try:
        return ("document", canonical(parse_json(text)))
    except (MalformedJSONError, RecursionError):
        return text
