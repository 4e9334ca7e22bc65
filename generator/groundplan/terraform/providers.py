"""Which provider schemas a root is served: of the providers that it asks for, in the major version that it admits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundplan.terraform.archive import DEFAULT_HOST, SchemaSource, full_address
from groundplan.terraform.requirements import admits, ends_before
from groundplan.terraform.usage import Folder

_TOFU_HOST = "registry.opentofu.org/"
_BUILT_IN = full_address("terraform.io/builtin/terraform")


@dataclass(frozen=True, slots=True)
class Unmet:
    """A provider that is asked for in versions of which none ships, and the version that is served instead."""

    source: str
    asked: str
    served: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What one root is served."""

    sources: tuple[SchemaSource, ...]
    unmet: tuple[Unmet, ...] = ()


def chosen(folders: Iterable[Folder], shipped: Sequence[SchemaSource]) -> Choice:
    """The sources for a root whose modules are in these folders; the newest version that all of them admit."""
    majors: defaultdict[str, list[SchemaSource]] = defaultdict(list)
    for source in shipped:
        majors[source.about.source.lower()].append(source)
    sources, unmet = [], []
    for address, constraints in _asked(folders).items():
        if address in majors:
            newest_first = sorted(majors[address], key=_major, reverse=True)
            found, fits = _fitting(newest_first, constraints)
            sources.append(found)
            if not fits:
                asked = ", ".join(sorted(filter(None, constraints)))
                unmet.append(Unmet(address, asked, found.about.version or "another"))
    return Choice(tuple(sources), tuple(unmet))


def newest(sources: Iterable[SchemaSource]) -> Choice:
    """The newest version of every provider, for a folder of which it is not known what it asks for."""
    found: dict[str, SchemaSource] = {}
    for source in sorted(sources, key=_major):
        found[source.about.source] = source
    return Choice(tuple(found.values()))


def _fitting(newest_first: Sequence[SchemaSource], constraints: set[str]) -> tuple[SchemaSource, bool]:
    """The newest source that fits, or else the nearest one."""
    if newest_first[0].about.version is None:  # a file of the user's
        return newest_first[0], True
    fitting = (source for source in newest_first if admits(constraints, _major(source)))
    found = next(fitting, None)
    if found is not None:
        return found, True
    older = ends_before(constraints, _major(newest_first[-1]))
    return newest_first[-1 if older else 0], False


def _asked(folders: Iterable[Folder]) -> Mapping[str, set[str]]:
    """Constraints by the full address of every provider that may be asked for."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for folder in folders:
        named = {one.name: one.source for one in folder.requirements if one.source}
        for name, version in _names(folder):
            asked[_address(named.get(name, name))].add(version)
    asked.pop(_BUILT_IN, None)
    return asked


def _address(source: str) -> str:
    """In full and in lower case, as Terraform compares them; OpenTofu's registry has the same providers."""
    return full_address(source).lower().replace(_TOFU_HOST, f"{DEFAULT_HOST}/", 1)


def _names(folder: Folder) -> Iterator[tuple[str, str]]:
    """Local names with the versions asked for: of requirements, and those that types begin with."""
    yield from ((one.name, one.version) for one in folder.requirements)
    yield from ((name.partition("_")[0], "") for _, name in folder.types)


def _major(source: SchemaSource) -> int:
    version = (source.about.version or "").partition(".")[0]
    return int(version) if version.isdigit() else 0
