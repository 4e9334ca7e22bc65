"""Which specs, locations and purchase options a comparison has: what is asked for, or what lies nearest to the spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from groundplan.app.compare.model import PURCHASE_CHOICES, PurchaseChoice
from groundplan.app.compare.revisions import Repository
from groundplan.app.target import Home, Location, refuse_unknown
from groundplan.spec.document import Document
from groundplan.spec.load import load
from groundplan.spec.parse import parse

NOW = "now"
"""What the spec on the disk is called beside a revision of it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A spec to compare, read and not yet checked; `label` is how it is called in the result."""

    label: str
    name: str
    """The name that the spec itself gives."""
    document: Document
    home: Home
    """Its own cloud and region."""


@dataclass(frozen=True, slots=True)
class Axes:
    """What each spec is resolved and priced for."""

    locations: tuple[Location, ...]
    purchase_options: tuple[PurchaseChoice, ...]


@dataclass(frozen=True, slots=True)
class Revisions:
    """Two points in the history of one spec: `span` is `A..B`; with `against`, that revision and the spec as it is."""

    span: str | None
    against: str | None


def specs_as_they_are(specs: Sequence[Path]) -> list[Subject]:
    """The specs, called by their names, or by their files where two have the same name.

    Raises `DiagnosticsError` for one that is not valid where it is.
    """
    found = [_subject(str(path), load(path)) for path in dict.fromkeys(specs)]
    distinct = len({subject.name for subject in found}) == len(found)
    return [replace(subject, label=subject.name) for subject in found] if distinct else found


def spec_in_revisions(path: Path, revisions: Revisions, environment: Mapping[str, str]) -> list[Subject]:
    """One spec at two points of its history; `environment` is what Git runs with."""
    repository = Repository.around(path, environment)
    if revisions.against:
        then = _subject(revisions.against, repository.load(path, revisions.against))
        return [then, _subject(NOW, load(path))]
    return [_subject(revision, repository.load(path, revision)) for revision in repository.ends(revisions.span or "")]


def choose_purchase_options(names: Sequence[str]) -> tuple[PurchaseChoice, ...]:
    """The purchase options of those names; all without any. Raises GP204 for one that there is not."""
    refuse_unknown(names, PURCHASE_CHOICES, "capacity")
    return tuple(dict.fromkeys(cast(Sequence[PurchaseChoice], names) or PURCHASE_CHOICES))


def _subject(label: str, document: Document) -> Subject:
    spec = parse(document)
    return Subject(label, spec.name, document, (spec.cloud.provider, spec.cloud.region))
