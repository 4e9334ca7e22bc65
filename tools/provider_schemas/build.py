"""Builds the provider schema archives in `generator/groundplan/terraform/schemas/`.

    python tools/provider_schemas/build.py bindings [ARCHIVE …] [--wheels DIR]
    python tools/provider_schemas/build.py schema FILE

The first reads the binding packages of `packages.csv` (downloaded with pip, or found in DIR); the second the output of
`terraform providers schema -json`. Both print what they wrote: types, arguments and blocks per provider.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from archives import write_archive
from bindings import read_bindings

from groundplan.terraform.archive import KINDS, SCHEMA_FOLDER, SchemaArchive, full_address

_HERE = Path(__file__).parent
_PREVIEW_OF = {"google-beta": "google"}
"""A provider with the types of another one and features in preview: the same values are sensitive."""
_FORMAT_KEYS = frozenset({"description", "description_kind", "deprecated", "deprecation_message"})


def from_bindings(package: Path, origin: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an archive says about itself and its schemas, from an unpacked binding package."""
    source, version, document = read_bindings(package)
    mark_sensitive(source.rpartition("/")[2], document)
    return _about(full_address(source), version, f"{origin}, generated from the provider's schema"), document


def from_schema_file(path: Path, versions: Mapping[str, str]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The same for every provider in the output of `terraform providers schema -json`."""
    for source, document in json.loads(path.read_bytes())["provider_schemas"].items():
        slim = {key: whole(without_prose(document.get(key) or {})) for key in ("provider", *KINDS.values())}
        address = full_address(source)
        yield _about(address, versions.get(address), "terraform providers schema -json"), slim


def without_prose(document: Any) -> Any:
    """A schema without descriptions and deprecations, which take most of the room and decide nothing."""
    if isinstance(document, dict):
        return {
            key: without_prose(value)
            for key, value in document.items()
            if key not in _FORMAT_KEYS or not isinstance(value, str | bool)
        }
    return document


def whole(document: Any) -> Any:
    """The same with the empty `attributes` and `block_types` of blocks, which Terraform leaves out."""
    if not isinstance(document, dict):
        return document
    found = {key: whole(value) for key, value in document.items()}
    if "nesting_mode" not in document.get("block", {"nesting_mode": "a block that is called block"}):
        found["block"] = {"attributes": {}, "block_types": {}, **found["block"]}
    return found


def mark_sensitive(provider: str, document: dict[str, Any]) -> None:
    """Marks the attributes that `sensitive.csv` lists: bindings do not say which values a provider hides."""
    with (_HERE / "sensitive.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            listed = row["provider"] in (provider, _PREVIEW_OF.get(provider))
            found = document[KINDS[row["kind"]]].get(row["type"]) if listed else None
            if found is not None:  # an older major version has fewer types and arguments
                _mark(found["block"], row["attribute"].split("."))


def count(document: Mapping[str, Any]) -> dict[str, int]:
    """Numbers of types by kind, and of attributes and nested blocks in all of them."""
    blocks = [schema["block"] for key in KINDS.values() for schema in document.get(key, {}).values()]
    return {
        **{kind: len(document.get(key, {})) for kind, key in KINDS.items()},
        "attributes": sum(_count(block, "attributes") for block in blocks),
        "blocks": sum(_count(block, "block_types") for block in blocks),
    }


def _count(block: Mapping[str, Any], what: str) -> int:
    own = len(block.get(what, {}))
    return own + sum(_count(nested["block"], what) for nested in block.get("block_types", {}).values())


def _mark(block: dict[str, Any], path: Sequence[str]) -> None:
    name, *rest = path
    nested = block.get("block_types", {}).get(name, {})
    found: dict[str, Any] | None = block["attributes"].get(name) or nested.get("block")
    if found is not None and rest:
        _mark(found.get("nested_type", found) if "attributes" not in found else found, rest)
    elif found is not None:
        found["sensitive"] = True


def _about(source: str, version: str | None, origin: str) -> dict[str, Any]:
    return {
        "source": source,
        "version": version,
        "origin": origin,
        "licence": "MPL-2.0 (the provider and its bindings)",
    }


def _packages() -> list[dict[str, str]]:
    """Archive, package and version: `google` holds the newest major version that ships, `google-7` that one.

    `base` is the archive, built before, with which one has most types in common.
    """
    with (_HERE / "packages.csv").open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def _unpack(wheel: Path, folder: Path) -> Path:
    """The binding package inside a wheel: `lib/` of the archive it carries."""
    with zipfile.ZipFile(wheel) as outer:
        inner = next(name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(inner))) as archive:
            archive.extractall(folder, filter="data")
    return folder / "package"


def _wheel(package: str, version: str, folder: Path) -> Path:
    pattern = f"{package.replace('-', '_')}-{version}-*.whl"
    found = list(folder.glob(pattern))
    if not found:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
        subprocess.run([*command, f"{package}=={version}"], check=True)
        found = list(folder.glob(pattern))
    return found[0]


def _write(about: dict[str, Any], document: dict[str, Any], path: Path, base: str = "") -> None:
    counts = count(document)
    shared = SchemaArchive(path.with_name(f"{base}.zip")) if base else None
    write_archive(path, {**about, "counts": counts}, document, shared)
    numbers = "  ".join(f"{kind} {number}" for kind, number in counts.items())
    print(f"{path.stem} {about['version'] or ''}  {numbers}  {path.stat().st_size / 1000:.0f} kB")


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one of the two routes."""
    parser = argparse.ArgumentParser(description="Build the provider schema archives.")
    parser.add_argument("--output", type=Path, default=SCHEMA_FOLDER, help="folder for the archives")
    routes = parser.add_subparsers(dest="route", required=True)
    route = routes.add_parser("bindings", help="from the binding packages of packages.csv")
    route.add_argument("archives", nargs="*", help="only these")
    route.add_argument("--wheels", type=Path, help="folder with the wheels, or for downloading them")
    route = routes.add_parser("schema", help="from the output of `terraform providers schema -json`")
    route.add_argument("file", type=Path)
    route.add_argument("--archive", help="name of the archive, `aws-5`, where it is not the provider's")
    route.add_argument("--version", action="append", default=[], metavar="SOURCE=VERSION", help="version of a provider")
    options = parser.parse_args(arguments)
    if options.route == "schema":
        versions = {full_address(source): version for source, _, version in (v.partition("=") for v in options.version)}
        for about, document in from_schema_file(options.file, versions):
            name = options.archive or about["source"].rpartition("/")[2]
            _write(about, document, options.output / f"{name}.zip")
        return
    for row in _packages():
        if not options.archives or row["archive"] in options.archives:
            package, version = row["package"], row["package_version"]
            with tempfile.TemporaryDirectory() as folder:
                wheel = _wheel(package, version, options.wheels or Path(folder))
                unpacked = _unpack(wheel, Path(folder) / "unpacked")
                found = from_bindings(unpacked, f"{package} {version}")
                _write(*found, options.output / f"{row['archive']}.zip", row["base"])


if __name__ == "__main__":
    main()
