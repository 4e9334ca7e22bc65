"""Provider schemas: read from the archives in `schemas/` or from the output of `terraform providers schema -json`.

An archive is a zip file: `about.json` (who the provider is, where its schemas come from), `provider.json` (schema of
the provider block) and one member per kind and service, `resource/eks.json`, that maps type names to schemas in the
shape of `terraform providers schema -json`. So only the services a configuration uses are read.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place

Schema = dict[str, Any]
"""`{"version": …, "block": {…}}` as Terraform prints it."""

KINDS: Mapping[str, str] = {
    "resource": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}
"""Block keyword in the language -> key in `terraform providers schema -json`."""

DEFAULT_HOST = "registry.terraform.io"
SCHEMA_FOLDER = Path(__file__).parent / "schemas"


@dataclass(frozen=True, slots=True)
class About:
    """Which provider a set of schemas belongs to and where the schemas come from."""

    source: str
    """Full address, `registry.terraform.io/hashicorp/aws`."""
    version: str | None = None
    origin: str | None = None

    @property
    def name(self) -> str:
        """The provider's own name, the last part of its address."""
        return self.source.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class ProviderSchemas:
    """The part of one provider that is served: `types[kind][type name]`."""

    about: About
    provider: Schema
    types: Mapping[str, Mapping[str, Schema]]


class SchemaSource(Protocol):
    """Something that knows the schemas of one provider."""

    path: Path

    @property
    def about(self) -> About:
        """Which provider this is."""

    def load(self, used: Mapping[str, Iterable[str]] | None = None) -> ProviderSchemas:
        """The schemas of the used type names by kind, those it knows; all of them when `used` is None."""

    def names(self, kind: str) -> Sequence[str]:
        """Every type name of a kind, sorted."""


class SchemaArchive:
    """An archive of the package data."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            self._members = frozenset(archive.namelist())
            self._about = json.loads(archive.read("about.json"))

    @property
    def about(self) -> About:
        """Which provider this is."""
        return About(self._about["source"], self._about["version"], self._about["origin"])

    @property
    def details(self) -> Mapping[str, Any]:
        """Everything `about.json` says, attribution and counts included."""
        return dict(self._about)

    def names(self, kind: str) -> Sequence[str]:
        """Every type name of a kind, sorted."""
        return sorted(self.load().types[kind])

    def load(self, used: Mapping[str, Iterable[str]] | None = None) -> ProviderSchemas:
        """The schemas of the used type names by kind; all of them when `used` is None."""
        with zipfile.ZipFile(self.path) as archive:
            types: dict[str, dict[str, Schema]] = {}
            for kind in KINDS:
                wanted = None if used is None else frozenset(used.get(kind, ()))
                types[kind] = {
                    name: schema
                    for member in self._members_of(kind, wanted)
                    for name, schema in json.loads(archive.read(member)).items()
                    if wanted is None or name in wanted
                }
            return ProviderSchemas(self.about, json.loads(archive.read("provider.json")), types)

    def _members_of(self, kind: str, wanted: frozenset[str] | None) -> list[str]:
        if wanted is None:
            return sorted(member for member in self._members if member.startswith(f"{kind}/"))
        return sorted({member_name(kind, name) for name in wanted} & self._members)


class SchemaFile:
    """One provider of a file written by `terraform providers schema -json`."""

    def __init__(self, path: Path, source: str, document: Mapping[str, Any]) -> None:
        self.path = path
        self._about = About(source)
        self._document = document

    @property
    def about(self) -> About:
        """Which provider this is."""
        return self._about

    def names(self, kind: str) -> Sequence[str]:
        """Every type name of a kind, sorted."""
        return sorted(self._document.get(KINDS[kind], {}))

    def load(self, used: Mapping[str, Iterable[str]] | None = None) -> ProviderSchemas:
        """The schemas of the used type names by kind; all of them when `used` is None."""
        types = {}
        for kind, key in KINDS.items():
            known: Mapping[str, Schema] = self._document.get(key, {})
            wanted = known if used is None else frozenset(used.get(kind, ()))
            types[kind] = {name: schema for name, schema in known.items() if name in wanted}
        provider = self._document.get("provider") or {"version": 0, "block": {}}
        return ProviderSchemas(self._about, provider, types)


def member_name(kind: str, type_name: str) -> str:
    """The archive member that holds a type: its kind and the second word of its name (`aws_eks_cluster` -> `eks`)."""
    words = type_name.split("_")
    return f"{kind}/{words[1] if len(words) > 1 else words[0]}.json"


def read_schema_file(path: Path) -> list[SchemaFile]:
    """Every provider of a file written by `terraform providers schema -json`; GP507 when it is not one."""
    try:
        providers = json.loads(path.read_bytes())["provider_schemas"]
        return [SchemaFile(path, full_address(source), document) for source, document in providers.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DiagnosticsError(
            [
                Diagnostic(
                    "GP507",
                    _why_no_schema(error),
                    hint="write it with `terraform providers schema -json > FILE` in a folder that uses the provider",
                    place=Place(str(path), 1),
                )
            ]
        ) from error


def _why_no_schema(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"cannot read the provider schema file: {(error.strerror or str(error)).lower()}"
    why = f"not JSON, {error}" if isinstance(error, ValueError) else "no object `provider_schemas` of providers in it"
    return f"not a provider schema file: {why}"


def schema_sources(files: Sequence[Path] = ()) -> list[SchemaSource]:
    """The archives of the package and the providers of `files`; a file's provider replaces the archive's."""
    sources: dict[str, SchemaSource] = {}
    for path in sorted(SCHEMA_FOLDER.glob("*.zip")):
        archive = SchemaArchive(path)
        sources[archive.about.source] = archive
    for path in files:
        for provider in read_schema_file(path):
            sources[provider.about.source] = provider
    return list(sources.values())


def full_address(source: str) -> str:
    """A provider address in full: `aws` and `hashicorp/aws` are `registry.terraform.io/hashicorp/aws`."""
    parts = source.split("/")
    if len(parts) == 1:
        parts = ["hashicorp", *parts]
    return "/".join([DEFAULT_HOST, *parts] if len(parts) == 2 else parts)
