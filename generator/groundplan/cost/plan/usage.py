"""A usage file: what a plan cannot say, by address or by type, in the form that users of Infracost know.

https://www.infracost.io/docs/features/usage_based_resources/
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from groundplan.clouds.planned import MOST, Planned
from groundplan.clouds.usage_keys import UsageKey
from groundplan.diagnostics import (
    Diagnostic,
    DiagnosticsError,
    Place,
    Severity,
    Suggestions,
    bounded,
    did_you_mean,
    shortened,
)
from groundplan.hcl.sources import strip_indexes
from groundplan.quantities import Band
from groundplan.spec.document import Document, Path
from groundplan.spec.yaml_file import decode, parse_yaml

Keys = Mapping[str, Mapping[str, UsageKey]]
"""What each type of resource may be given."""
BY_ADDRESS, BY_TYPE = "resource_usage", "resource_type_default_usage"
TOP = ("version", BY_TYPE, BY_ADDRESS)
VERSIONS = (0.1, "0.1", "v0.1")
START = f"start with `version: 0.1`, then `{BY_ADDRESS}:`; `--usage-template` writes one for the plan"
MOST_SUGGESTIONS = 20
"""Names without effect for which near ones are looked up: each is compared to thousands."""
MOST_PATTERNS = 50
"""Ways in which addresses of one resource may have `[*]`: each is tried for each instance."""
CASES = 3
"""Entries of a band: low, expected and high."""
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+|\*)\]')
_EXPONENT = re.compile(r"[0-9.]+[eE][+-]?[0-9]+")
_ANY, _NUMBER = "[*]", re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True, slots=True)
class Stated:
    """One number of the file."""

    band: Band
    path: Path


class UsageFile:
    """The numbers of a usage file. What resources ask for is noted, for `findings` and for a template."""

    def __init__(self, document: Document | None, keys: Keys) -> None:
        self._document = document
        self._keys = keys
        self._by_address: dict[str, dict[str, Stated]] = {}
        self._by_type: dict[str, dict[str, Stated]] = {}
        self._masks: dict[str, dict[tuple[int, ...], None]] = {}
        self._used: set[Path] = set()
        self._seen: set[str] = set()
        self._addresses_seen: dict[str, None] = {}
        self._types: dict[str, None] = {}
        self.asked: dict[str, dict[str, UsageKey]] = {}
        """What the rules asked for, by address."""
        self.warnings: list[Diagnostic] = []
        self._near = Suggestions(MOST_SUGGESTIONS)
        if document is not None:
            self._read(document)

    def of(self, resource: Planned, key: str) -> Band | None:
        """What the file says of a resource; of several addresses with `[*]`, that with the fewest of them.

        Raises LookupError for a key that the table of the cloud has not: a mistake of the rule.
        """
        declared = self._keys.get(resource.type, {}).get(_NUMBER.sub(_ANY, key))
        if declared is None:
            raise LookupError(f"{resource.type} has no `{key}` in usage_keys.csv")
        self.asked.setdefault(resource.address, {})[key] = declared
        for stated in self._sources(resource):
            if key in stated:
                self._used.add(stated[key].path)
                return stated[key].band
        return None

    def saw(self, resources: Iterable[Planned]) -> None:
        """Notes the resources of a plan, so that what is for none of them can be told."""
        if self._document is None:
            return
        for resource in resources:
            self._types[resource.type] = None
            self._addresses_seen[resource.address] = None
            self._seen.update(self._addresses(resource.address))

    def findings(self) -> list[Diagnostic]:
        """What of the file is without effect on all resources seen, as warnings (GP712)."""
        return [] if self._document is None else bounded([*self.warnings, *self._unused(self._document)])

    def _sources(self, resource: Planned) -> Iterator[Mapping[str, Stated]]:
        for address in self._addresses(resource.address) if self._by_address else ():
            if address in self._by_address:
                yield self._by_address[address]
        if resource.type in self._by_type:
            yield self._by_type[resource.type]

    def _addresses(self, address: str) -> Iterator[str]:
        """The address, then those with `[*]` in it that the file may have, the fewest of them first."""
        yield address
        masks = self._masks.get(strip_indexes(address), {})
        indexes = list(_INDEX.finditer(address)) if masks else []
        for mask in sorted(masks, key=len):
            if mask and mask[-1] < len(indexes):
                yield _masked(address, indexes, mask)

    def _read(self, document: Document) -> None:
        problems = [*document.problems, *_shape(document)]
        for address, (path, values) in _entries(document, BY_ADDRESS, problems):
            self._by_address[address] = self._stated(type_of(address), values, path, problems)
            self._learn(address, path, problems)
        for type_, (path, values) in _entries(document, BY_TYPE, problems):
            self._by_type[type_] = self._stated(type_, values, path, problems)
        if problems:
            raise DiagnosticsError(bounded(problems))

    def _learn(self, address: str, path: Path, problems: list[Diagnostic]) -> None:
        assert self._document is not None, "read from one"
        indexes = _INDEX.finditer(address)
        mask = tuple(number for number, index in enumerate(indexes) if index[0] == _ANY)
        masks = self._masks.setdefault(_INDEX.sub("", address), {})
        masks[mask] = None
        if len(masks) > MOST_PATTERNS:
            message = f"more than {MOST_PATTERNS} ways of `{_ANY}` in addresses of one resource"
            problems.append(self._document.diagnostic("GP711", message, path, on_key=True))

    def _stated(
        self, type_: str, values: Mapping[str, Any], path: Path, problems: list[Diagnostic]
    ) -> dict[str, Stated]:
        """The numbers of one entry. A type that is not known has none, and a warning."""
        assert self._document is not None, "read from one"
        known = self._keys.get(type_)
        if known is None:
            hint = self._near(type_, self._keys) or "its usage is not counted"
            message = f"nothing is read for the type `{shortened(type_)}`"
            self.warnings.append(_warning(self._document, message, path, hint))
            return {}
        found: dict[str, Stated] = {}
        for name, (at, value) in _flat(values, path):
            if _NUMBER.sub(_ANY, name) not in known:
                hint = f"{self._near(name, known)}\nread for {type_}: {', '.join(known)}".lstrip()
                message = f"`{shortened(name)}` is not read for {shortened(type_)}"
                self.warnings.append(_warning(self._document, message, at, hint))
            elif value is not None:
                try:
                    found[name] = Stated(_band(value), at)
                except ValueError as error:
                    message = f"`{shortened(name)}` {error}"
                    problems.append(self._document.diagnostic("GP711", message, at, hint=known[name].says))
        return found

    def _unused(self, document: Document) -> Iterator[Diagnostic]:
        near, by_type = Suggestions(MOST_SUGGESTIONS), self._by_type_seen()
        for address, stated in self._by_address.items():
            if address not in self._seen:
                hint = near(address, by_type.get(type_of(address), ())) or None
                message = f"no resource `{shortened(address)}` in the plan"
                yield _warning(document, message, (BY_ADDRESS, address), hint)
            else:
                yield from self._not_asked(document, stated, shortened(address))
        for type_, stated in self._by_type.items():
            if type_ in self._types:
                yield from self._not_asked(document, stated, shortened(type_))

    def _by_type_seen(self) -> Mapping[str, list[str]]:
        """The addresses of the plan by type: one of another type is never meant."""
        found: dict[str, list[str]] = defaultdict(list)
        for address in self._addresses_seen:
            found[type_of(address)].append(address)
        return found

    def _not_asked(self, document: Document, stated: Mapping[str, Stated], what: str) -> Iterator[Diagnostic]:
        for name, one in stated.items():
            if one.path not in self._used:
                hint = "the resource is not billed by it as it is configured, or another entry states it"
                yield _warning(document, f"`{shortened(name)}` has no effect on `{what}`", one.path, hint)


def read_usage(data: bytes, file: str, keys: Keys) -> UsageFile:
    """The usage file in a text. Raises DiagnosticsError with everything that is wrong with it, each with its place."""
    text = decode(data, file)
    if not text.strip():
        raise DiagnosticsError([Diagnostic("GP102", "the file is empty", hint=START, place=Place(file, 1))])
    try:
        return UsageFile(parse_yaml(text, file), keys)
    except DiagnosticsError as error:
        raise DiagnosticsError(
            replace(one, hint=START) if one.code == "GP203" else one for one in error.diagnostics
        ) from None


def type_of(address: str) -> str:
    """The type in the address of a resource; a name alone is a type."""
    names = _INDEX.sub("", address).split(".")
    return names[-2] if len(names) > 1 else names[0]


def any_instance(address: str) -> str:
    """The address with `[*]` for each index, which stands for all instances."""
    return _INDEX.sub(_ANY, address)


def _shape(document: Document) -> Iterator[Diagnostic]:
    for key in document.values:
        if key not in TOP:
            hint = f"{did_you_mean(key, TOP)}\nallowed here: {', '.join(TOP)}".lstrip()
            yield document.diagnostic("GP711", f"unknown key `{shortened(key)}`", (key,), hint=hint, on_key=True)
    if "version" not in document.values:
        yield document.diagnostic("GP711", "`version` is missing", ("version",), hint=START)
    elif isinstance(version := document.values["version"], bool) or version not in VERSIONS:
        yield document.diagnostic("GP711", "only version 0.1 can be read", ("version",), hint=START)


def _entries(
    document: Document, key: str, problems: list[Diagnostic]
) -> Iterator[tuple[str, tuple[Path, Mapping[str, Any]]]]:
    """Addresses or types with what stands below them; empty ones are none."""
    values = document.values.get(key)
    if values is not None and not isinstance(values, dict):
        problems.append(document.diagnostic("GP711", f"`{key}` is not a mapping", (key,), hint=START))
        return
    for name, inner in (values or {}).items():
        if isinstance(inner, dict):
            yield name, ((key, name), inner)
        elif inner is not None:
            hint = "below it stand keys with numbers, as `monthly_requests: 1000`"
            message = f"`{shortened(name)}` is not a mapping"
            problems.append(document.diagnostic("GP711", message, (key, name), hint=hint))


def _flat(values: Mapping[str, Any], path: Path, before: str = "") -> Iterator[tuple[str, tuple[Path, Any]]]:
    """Each value with its names joined by dots; how deep they nest, the reader of the file bounds."""
    for name, value in values.items():
        whole = f"{before}{name}"
        if isinstance(value, dict):
            yield from _flat(value, (*path, name), f"{whole}.")
        else:
            yield whole, ((*path, name), value)


def _band(value: Any) -> Band:
    """A number, or three of them: low, expected and high. Raises ValueError."""
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        raise ValueError("is text to YAML: write the number in digits")
    cases = value if isinstance(value, list) else [value]
    if len(cases) not in (1, CASES) or not all(isinstance(x, int | float) and not isinstance(x, bool) for x in cases):
        raise ValueError("is not a number, nor a list of low, expected and high")
    if not all(0 <= x <= MOST for x in cases):
        raise ValueError(f"is not between 0 and {MOST:,}")
    if sorted(cases) != cases:
        raise ValueError("does not rise from low to expected to high")
    return Band(*(Decimal(str(x)) for x in (cases if len(cases) == CASES else cases * CASES)))


def _masked(address: str, indexes: list[re.Match[str]], mask: tuple[int, ...]) -> str:
    parts, end = [], 0
    for number in mask:
        parts += [address[end : indexes[number].start()], _ANY]
        end = indexes[number].end()
    return "".join([*parts, address[end:]])


def _warning(document: Document, message: str, path: Path, hint: str | None) -> Diagnostic:
    return document.diagnostic("GP712", message, path, hint=hint, on_key=True, severity=Severity.WARNING)
