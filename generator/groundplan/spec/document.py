"""The first stage's result: raw values, and for each of them the place in the files it came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from groundplan.diagnostics import Diagnostic, Place, Severity, Snippet

Path = tuple[str | int, ...]
"""Way to a value: mapping keys and list indexes from the top, e.g. `("training", "pools", "finetune", "vcpus")`."""

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a key and its value stand. A list item has no key: both places are the item's."""

    key: Place
    key_length: int
    value: Place
    value_length: int
    written: str | None = None
    """Text of an unquoted scalar, exactly as written; None for quoted text, mappings and lists."""

    def renamed(self, show: Callable[[str], str]) -> KeyPlace:
        """The same in a file of another name."""
        key, value = (replace(place, file=show(place.file)) for place in (self.key, self.value))
        return replace(self, key=key, value=value)


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A value that YAML reads as a date; no key of a spec takes one."""

    text: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a spec says, by path, before it is checked and after: absent and of the wrong type are nothing."""

    values: Mapping[str, Any]

    def value(self, *path: str | int) -> Any:
        """The value at `path`; None if it is absent."""
        value: Any = self.values
        for part in path:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def has(self, *path: str | int) -> bool:
        """Whether the key at `path` is there, be it without a value."""
        return path[-1] in self.mapping(*path[:-1])

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """The keys and values at `path`."""
        value = self.value(*path)
        return value if isinstance(value, dict) else {}

    def texts(self, *path: str | int) -> list[tuple[Path, str]]:
        """The texts of the list at `path`, each with its own path."""
        value = self.value(*path)
        items = value if isinstance(value, list) else []
        return [((*path, index), item) for index, item in enumerate(items) if isinstance(item, str)]

    def whole(self, *path: str | int) -> int | None:
        """The whole number at `path`."""
        value = self.value(*path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None


@dataclass(frozen=True)
class Document:
    """What the spec and its bases say, merged and unchecked."""

    file: str
    """The spec's path, as the user gave it."""
    values: Mapping[str, Any]
    """Plain dicts, lists, str, int, float, bool, None and `Timestamp`; `extends` is already followed and gone."""
    places: Mapping[Path, KeyPlace]
    """One entry for every key, value and list item; the file inside says which of `sources` it came from."""
    sources: Mapping[str, str]
    """Text of every file read, by the name that places show."""
    problems: tuple[Diagnostic, ...] = ()
    """Errors that leave the values complete, such as a key given twice; `parse` raises them with its own."""
    notices: tuple[Diagnostic, ...] = ()
    """What was read differently than it is written."""

    @property
    def lookup(self) -> Lookup:
        """The values by path."""
        return Lookup(self.values)

    def renamed(self, show: Callable[[str], str]) -> Document:
        """The same with other names for its files."""
        places = {path: entry.renamed(show) for path, entry in self.places.items()}
        sources = {show(file): text for file, text in self.sources.items()}
        problems, notices = (
            tuple(replace(one, place=one.place and replace(one.place, file=show(one.place.file))) for one in found)
            for found in (self.problems, self.notices)
        )
        return Document(show(self.file), self.values, places, sources, problems, notices)

    def known(self, path: Path) -> Path:
        """The longest prefix of `path` that the files hold; `()` when not even its first key is there."""
        while path and path not in self.places:
            path = path[:-1]
        return path

    def place(self, path: Path) -> Place:
        """Where the value at `path` stands, or the nearest value around it."""
        known = self.known(path)
        return self.places[known].value if known else Place(self.file, 1, 1)

    def snippet(self, place: Place, length: int) -> Snippet:
        """The source line at `place` with `length` characters to underline, no further than the line's end."""
        lines = lines_of(self.sources.get(place.file, ""))
        text = lines[place.line - 1] if place.line <= len(lines) else ""
        return Snippet(text, max(1, min(length, len(text) - place.column + 1)))

    def diagnostic(  # noqa: PLR0913 - one argument per field of the result
        self,
        code: str,
        message: str,
        path: Path,
        *,
        hint: str | None = None,
        on_key: bool = False,
        severity: Severity = Severity.ERROR,
    ) -> Diagnostic:
        """A finding about `path`, at its value (`on_key`: its key), or at the key around it if it is absent."""
        known = self.known(path)
        if not known:
            own = (entry.key for entry in self.places.values() if entry.key.file == self.file)
            place, length = min(own, default=Place(self.file, 1, 1)), 1
        elif on_key or known != path:
            place, length = self.places[known].key, self.places[known].key_length
        else:
            place, length = self.places[known].value, self.places[known].value_length
        return Diagnostic(
            code=code,
            message=message,
            severity=severity,
            hint=hint,
            place=place,
            snippet=self.snippet(place, length),
            path=dotted(path) or None,
        )


@lru_cache(maxsize=32)
def lines_of(text: str) -> list[str]:
    """The lines of a text, broken where YAML breaks them; kept, because every finding of a file asks for them."""
    return _LINE_BREAK.split(text)


def line_ends(text: str) -> list[int]:
    """How many characters there are up to the end of each line that ends."""
    return [match.end() for match in _LINE_BREAK.finditer(text)]


def dotted(path: Path) -> str:
    """The path as users read it: `training.pools.finetune.instance_types[0]`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text
