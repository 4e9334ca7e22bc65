"""Provider schemas: read from the archives in `schemas/` or from the output of `terraform providers schema -json`.

An archive is a zip file: `about.json` (who the provider is, where its schemas come from), `provider.json` (schema of
the provider block) and one member per kind and service, `resource/eks.json`, that maps type names to schemas in the
shape of `terraform providers schema -json`. So only the services a configuration uses are read. `same.json`, where it
exists, names types whose schemas are those of another archive in the same folder.

`aws.zip` holds the newest major version of a provider that ships, `aws-5.zip` an older one.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, shortened
from groundplan.reading import MIB, MalformedJSONError, UnreadableError, parse_json, read_named
from groundplan.terraform.schema_shape import MisshapenError, shaped

Schema = dict[str, Any]
"""`{"version": …, "block": {…}}` as Terraform prints it."""

KINDS: Mapping[str, str] = {
    "resource": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}
"""Block keyword in the language -> key in `terraform providers schema -json`."""

DEFAULT_HOST = "registry.terraform.io"
SCHEMA_BYTES = 100 * MIB
"""Most that a provider schema file may have; that of the largest provider has a fifth of it."""
_ADDRESS = re.compile(r"(?:(?:[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?/)?[A-Za-z0-9-]{1,64}/)?[A-Za-z0-9-]{1,64}")
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
            self._same = json.loads(archive.read("same.json")) if "same.json" in self._members else {"types": {}}

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
            for kind, shared in self._shared(used).items():
                types[kind] |= shared
            return ProviderSchemas(self.about, json.loads(archive.read("provider.json")), types)

    def _shared(self, used: Mapping[str, Iterable[str]] | None) -> Mapping[str, Mapping[str, Schema]]:
        """The used types that are those of the archive beside this one."""
        same: Mapping[str, list[str]] = self._same["types"]
        wanted = {kind: set(names) & set(names if used is None else used.get(kind, ())) for kind, names in same.items()}
        if not any(wanted.values()):
            return {}
        return SchemaArchive(self.path.with_name(self._same["base"])).load(wanted).types

    def _members_of(self, kind: str, wanted: frozenset[str] | None) -> list[str]:
        if wanted is None:
            return sorted(member for member in self._members if member.startswith(f"{kind}/"))
        return sorted({member_name(kind, name) for name in wanted} & self._members)


class SchemaFile:
    """One provider of a file written by `terraform providers schema -json`; what is not used of it may be anything."""

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
        return sorted(self._types(kind))

    def load(self, used: Mapping[str, Iterable[str]] | None = None) -> ProviderSchemas:
        """The schemas of the used type names by kind; all of them when `used` is None. GP507 for one that is none."""
        try:
            provider = shaped(self._document.get("provider") or {}, "provider")
            return ProviderSchemas(self._about, provider, {kind: dict(self._used(kind, used)) for kind in KINDS})
        except MisshapenError as error:
            raise _no_schemas(self.path, f"{self._about.name}: {error}") from None

    def _used(self, kind: str, used: Mapping[str, Iterable[str]] | None) -> Iterator[tuple[str, Schema]]:
        known = self._types(kind)
        for name in known if used is None else known.keys() & frozenset(used.get(kind, ())):
            yield name, shaped(known[name], f"{KINDS[kind]}.{name}")

    def _types(self, kind: str) -> Mapping[str, Any]:
        known = self._document.get(KINDS[kind]) or {}
        if not isinstance(known, dict):
            raise _no_schemas(self.path, f"{self._about.name}: {KINDS[kind]} is no object")
        return known


def member_name(kind: str, type_name: str) -> str:
    """The archive member that holds a type: its kind and the second word of its name (`aws_eks_cluster` -> `eks`)."""
    words = type_name.split("_")
    return f"{kind}/{words[1] if len(words) > 1 else words[0]}.json"


def read_schema_file(path: Path) -> list[SchemaFile]:
    """Every provider of a file written by `terraform providers schema -json`; GP507 when it is not one."""
    try:
        document = parse_json(read_named(path, limit_bytes=SCHEMA_BYTES).decode("utf-8-sig"))
    except UnreadableError as error:
        why = "no such file or directory" if error.missing else error.reason
        raise _refused(path, f"cannot read the provider schema file: {why}") from None
    except UnicodeDecodeError:
        raise _no_schemas(path, "not a text in UTF-8") from None
    except MalformedJSONError as error:
        raise _no_schemas(path, error.reason, error.line, error.column) from None
    providers = document.get("provider_schemas") if isinstance(document, dict) else None
    if not isinstance(providers, dict) or not all(isinstance(one, dict) for one in providers.values()):
        raise _no_schemas(path, "no object `provider_schemas` of providers in it")
    for source in providers:
        if not _ADDRESS.fullmatch(source):
            raise _no_schemas(path, f"`{shortened(source)}` is no address of a provider")
    return [SchemaFile(path, full_address(source), document) for source, document in providers.items()]


def _no_schemas(path: Path, why: str, line: int = 1, column: int = 1) -> DiagnosticsError:
    return _refused(path, f"not a provider schema file: {why}", line, column)


def _refused(path: Path, message: str, line: int = 1, column: int = 1) -> DiagnosticsError:
    hint = "write it with `terraform providers schema -json > FILE` in a folder that uses the provider"
    return DiagnosticsError([Diagnostic("GP507", message, hint=hint, place=Place(str(path), line, column))])


def schema_sources(files: Sequence[Path] = ()) -> list[SchemaSource]:
    """The archives of the package, of every major version, and the providers of `files`, which replace archives."""
    given = {provider.about.source: provider for path in files for provider in read_schema_file(path)}
    shipped = (SchemaArchive(path) for path in sorted(SCHEMA_FOLDER.glob("*.zip")))
    return [*(archive for archive in shipped if archive.about.source not in given), *given.values()]


def full_address(source: str) -> str:
    """A provider address in full: `aws` and `hashicorp/aws` are `registry.terraform.io/hashicorp/aws`."""
    parts = source.split("/")
    if len(parts) == 1:
        parts = ["hashicorp", *parts]
    return "/".join([DEFAULT_HOST, *parts] if len(parts) == 2 else parts)
