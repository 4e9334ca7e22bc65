"""What pydantic found, in the user's words: which key, what came, what is allowed, what was probably meant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_origin

from groundplan.diagnostics import Diagnostic
from groundplan.spec import shape
from groundplan.spec.document import Document, Path, Timestamp, dotted
from groundplan.spec.model import API_VERSION, patterns
from groundplan.spec.near import VERY_CLOSE, closest
from groundplan.spec.yaml_file import read_as

Error = Any
"""One item of `ValidationError.errors()`."""

_SYNONYMS = {
    "tags": "labels",
    "annotations": "labels",
    "project": "account",
    "account_id": "account",
    "azs": "zones",
    "availability_zones": "zones",
    "vpc_id": "id",
    "subnets": "private_subnets",
    "cpu": "vcpus",
    "cpus": "vcpus",
    "cores": "vcpus",
    "ram": "memory_gib",
    "accelerator": "gpu",
    "machine_type": "instance_types",
    "spot": "capacity",
    "desired": "expected",
    "replicas": "nodes",
    "node_pools": "pools",
    "lifecycle_days": "expire_after_days",
    "imported_from": "existing",
    "import": "existing",
    "adopt": "existing",
    "adopted": "existing",
}
"""Words that other tools use, to ours; tried only where ours is allowed."""

_VALUE_SYNONYMS = {
    "amd64": "x86_64",
    "x64": "x86_64",
    "x86": "x86_64",
    "intel": "x86_64",
    "aarch64": "arm64",
    "arm": "arm64",
    "graviton": "arm64",
    "preemptible": "spot",
    "s3": "remote",
    "gcs": "remote",
}
"""The same for values."""

_SHOWN = 60


def describe(errors: Sequence[Error], document: Document) -> Iterator[Diagnostic]:
    """The findings for pydantic's errors, in their order."""
    meant = {
        (*error["loc"][:-1], suggestion)
        for error in errors
        if error["type"] == "extra_forbidden" and (suggestion := sibling(error["loc"]))
    }
    for error in errors:
        if error["type"] == "missing" and error["loc"] in meant:
            continue  # the unknown key beside it says what to do
        yield _translate(error, document)


def _translate(error: Error, document: Document) -> Diagnostic:
    path: Path = error["loc"]
    kind: str = error["type"]
    if path and path[-1] == "[key]":
        return _bad_key(error, path[:-1], document)
    if kind == "extra_forbidden":
        return _unknown(path, document)
    if kind == "missing":
        return _missing(path, document)
    if kind in _WRONG_TYPE:
        return _wrong_type(error, path, document)
    if kind == "literal_error":
        return _not_in_set(error["input"], path, document)
    message, hint = _value_words(error)
    return document.diagnostic("GP204", f"`{dotted(path)}` {message}", path, hint=hint)


# keys


def sibling(path: Path) -> str | None:
    """The key that was probably meant beside `path`: a known synonym, or a name close to it."""
    allowed, key = shape.keys_at(path[:-1]), str(path[-1])
    synonym = _SYNONYMS.get(key.lower())
    return synonym if synonym in allowed else closest(key, allowed)


def _unknown(path: Path, document: Document) -> Diagnostic:
    key, around = str(path[-1]), path[:-1]
    where = f" in `{dotted(around)}`" if around else ""
    allowed = shape.keys_at(around)
    beside, elsewhere = sibling(path), _elsewhere(key, around)
    near = closest(key, allowed, VERY_CLOSE) or (beside if _SYNONYMS.get(key.lower()) == beside else None)
    hints = []
    if near or (beside and not elsewhere):
        hints.append(f"did you mean `{near or beside}`?")
    elif elsewhere:
        hints.append(elsewhere)
    hints.append(f"allowed here: {', '.join(allowed)}")
    message = f"unknown key `{_shown(key)}`{where}"
    return document.diagnostic("GP201", message, path, hint="\n".join(hints), on_key=True)


def _elsewhere(key: str, around: Path) -> str | None:
    """Where the key would be right, nearest first: below this mapping, beside it, anywhere."""
    homes = shape.homes(key)
    if not homes:
        return None
    pattern = tuple(shape.NAME if _is_name(around[:depth]) else str(part) for depth, part in enumerate(around))

    def distance(home: tuple[str, ...]) -> tuple[int, int]:
        shared = next((i for i, (a, b) in enumerate(zip(home, pattern, strict=False)) if a != b), None)
        common = min(len(home), len(pattern)) if shared is None else shared
        return (len(home) - common + len(pattern) - common, -common)

    home = min(homes, key=distance)
    return f"`{key}` belongs under `{'.'.join(home)}`" if home else f"`{key}` belongs at the top"


def _is_name(path: Path) -> bool:
    """Whether the mapping at `path` has keys that the user chooses."""
    return get_origin(shape.type_at(path)) is dict


def _missing(path: Path, document: Document) -> Diagnostic:
    key, around = str(path[-1]), path[:-1]
    where = f" in `{dotted(around)}`" if around else ""
    owner = shape.type_at(around)
    hint = shape.meaning(owner, key) if shape.is_model(owner) else None
    return document.diagnostic("GP202", f"`{key}` is missing{where}", path, hint=hint)


def _bad_key(error: Error, path: Path, document: Document) -> Diagnostic:
    _, hint = _value_words(error)
    message = f"`{_shown(str(path[-1]))}` cannot be a name in `{dotted(path[:-1])}`"
    return document.diagnostic("GP204", message, path, hint=hint, on_key=True)


# types

_WRONG_TYPE = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "names with keys under them",
    "model_type": "keys under it",
    "model_attributes_type": "keys under it",
}


def _wrong_type(error: Error, path: Path, document: Document) -> Diagnostic:
    value, wanted = error["input"], _WRONG_TYPE[error["type"]]
    entry = document.places.get(path)
    written = entry.written if entry else None
    name = dotted(path)
    if error["type"] == "string_type" and written is not None:
        taken = "a number" if str(value) == written else read_as(value)
        message = f"`{_shown(written)}` is read as {taken}, but `{name}` is text"
        return document.diagnostic("GP205", message, path, hint=f'write "{written}" in quotes')
    hint = _type_hint(error["type"], value, path)
    return document.diagnostic("GP203", f"`{name}` takes {wanted}, not {_kind(value)}", path, hint=hint)


def _type_hint(kind: str, value: Any, path: Path) -> str | None:
    if isinstance(value, str) and kind in ("int_type", "float_type", "bool_type"):
        return _unquoted_hint(kind, value.strip())
    if kind == "int_type" and isinstance(value, float) and value.is_integer():
        return f"write {value:.0f}"
    if kind == "list_type" and isinstance(value, str | int):
        return f"write [{value}]"
    if kind == "dict_type" and isinstance(value, list):
        return "write each name as a key, `<name>:`, instead of items with `-`"
    allowed = shape.keys_at(path)
    return f"allowed under it: {', '.join(allowed)}" if allowed else None


def _unquoted_hint(kind: str, text: str) -> str | None:
    words = ("true", "false")
    is_number = text.removeprefix("-").replace(".", "", 1).isdecimal()
    if (text.lower() in words) if kind == "bool_type" else is_number:
        return f"write {text.lower()} without quotes"
    return "write the number alone, in the unit that the key names" if text[:1].isdecimal() else None


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "keys"
    if isinstance(value, list):
        return "a list"
    return "text" if isinstance(value, str) else read_as(value)


# values


def _not_in_set(value: Any, path: Path, document: Document) -> Diagnostic:
    allowed = shape.values_of(shape.type_at(path))
    name = dotted(path)
    entry = document.places.get(path)
    if path == ("apiVersion",):
        message = f"apiVersion `{_shown(str(value))}` is not supported"
        return document.diagnostic("GP209", message, path, hint=f"supported: {API_VERSION}")
    words = [str(item) for item in allowed]
    if isinstance(value, bool | Timestamp) or not isinstance(value, str | int | float):
        message = f"`{name}` takes one of a few values, not {_kind(value)}"
        return document.diagnostic("GP203", message, path, hint=f"allowed: {', '.join(words)}")
    hints = [f"allowed: {', '.join(words)}"]
    if isinstance(value, str) and value in words and entry and entry.written is None:
        hints.insert(0, f"write {value} without quotes")
    elif isinstance(value, str) and (match := _meant(value, words)):
        hints.insert(0, f"did you mean `{match}`?")
    return document.diagnostic("GP204", f"`{name}` cannot be `{_shown(str(value))}`", path, hint="\n".join(hints))


def _meant(value: str, words: Sequence[str]) -> str | None:
    synonym = _VALUE_SYNONYMS.get(value.lower())
    return synonym if synonym in words else closest(value, words)


def _value_words(error: Error) -> tuple[str, str | None]:
    """Message (after the key's name) and hint for a value of the right type that is not allowed."""
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "value_error":
        message, _, hint = str(context["error"]).partition("; ")
        return message, hint or None
    if kind == "string_pattern_mismatch":
        return f"cannot be `{_shown(value)}`", patterns()[context["pattern"]]
    limit = f"at most {_characters(context['max_length'])}" if kind == "string_too_long" else None
    return _LIMITS[kind](context, value), limit


_LIMITS: dict[str, Callable[[Any, Any], str]] = {
    "greater_than": lambda limit, value: f"is {value}, but must be more than {_number(limit['gt'])}",
    "greater_than_equal": lambda limit, value: f"is {value}, but must be at least {_number(limit['ge'])}",
    "less_than": lambda limit, value: f"is {value}, but must be less than {_number(limit['lt'])}",
    "less_than_equal": lambda limit, value: f"is {value}, but must be at most {_number(limit['le'])}",
    "finite_number": lambda _, value: f"is {read_as(value)}, but must be an ordinary number",
    "int_parsing_size": lambda *_: "is too large a number",
    "too_short": lambda limit, value: f"has {_entries(len(value))}, but needs at least {limit['min_length']}",
    "too_long": lambda limit, value: f"has {_entries(len(value))}, but may have at most {limit['max_length']}",
    "string_unicode": lambda *_: "holds bytes that are no text",
    "string_too_short": lambda limit, value: f"must have at least {_characters(limit['min_length'])}",
    "string_too_long": lambda limit, value: f"has {len(value)} characters",
}


def _number(limit: float) -> str:
    return str(int(limit)) if limit == int(limit) else str(limit)


def _entries(count: int) -> str:
    return {0: "no entries", 1: "1 entry"}.get(count, f"{count} entries")


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"


def _shown(text: str) -> str:
    """The user's text, short enough for a message."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
