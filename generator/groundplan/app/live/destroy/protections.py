"""What keeps resources from being destroyed, the words that let it be lifted, and lifting it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from groundplan.allowances import Allowance
from groundplan.change.allowed import allowed, word
from groundplan.change.classify import stays
from groundplan.change.entries import ordered
from groundplan.change.model import Change, Entry, Kind
from groundplan.change.planned import Action, Planned, value_at, written
from groundplan.change.planned import Path as Steps
from groundplan.change.things import name_of, noun_of
from groundplan.hcl.blocks import Attribute, Block
from groundplan.hcl.sources import Sources
from groundplan.hcl.write import quote
from groundplan.live.copied import OVERRIDE
from groundplan.terraform.protection import WORD, is_protected


@dataclass(frozen=True, slots=True)
class Row:
    """An argument that keeps resources from being destroyed, and what is said of it."""

    types: str
    path: Steps
    locked: bool
    """The value that keeps them; one that is not there is false."""
    what: str
    source: str


ROWS = (
    Row(
        "*",
        ("deletion_protection",),
        locked=True,
        what="loses its protection against deletion",
        source="hashicorp/google website/docs/r/sql_database_instance.html.markdown@e03b762; "
        "hashicorp/aws website/docs/r/db_instance.html.markdown@0130d51a",
    ),
    Row(
        "aws_lb",
        ("enable_deletion_protection",),
        locked=True,
        what="loses its protection against deletion",
        source="boto/botocore data/elbv2/2015-12-01/service-2.json DeleteLoadBalancer@1.44.8",
    ),
    Row(
        "google_sql_database_instance",
        ("settings", 0, "deletion_protection_enabled"),
        locked=True,
        what="loses its protection against deletion",
        source="hashicorp/google website/docs/r/sql_database_instance.html.markdown@e03b762",
    ),
    Row(
        "aws_s3_bucket",
        ("force_destroy",),
        locked=False,
        what="is emptied of every object and version",
        source="boto/botocore data/s3/2006-03-01/service-2.json DeleteBucket@1.44.8",
    ),
    Row(
        "google_storage_bucket",
        ("force_destroy",),
        locked=False,
        what="is emptied of every object and version",
        source="hashicorp/google website/docs/r/storage_bucket.html.markdown@e03b762",
    ),
    Row(
        "aws_ecr_repository",
        ("force_delete",),
        locked=False,
        what="is emptied of every image",
        source="boto/botocore data/ecr/2015-09-21/service-2.json DeleteRepository DeleteRepositoryRequest.force@1.44.8",
    ),
)


@dataclass(frozen=True, slots=True)
class Protection:
    """What keeps one resource; `row` is None for `prevent_destroy`, which holds in no copy."""

    planned: Planned
    row: Row | None = None

    @property
    def entry(self) -> Entry:
        """That it is lifted, in the words of a change."""
        one, row = self.planned, self.row
        what = row.what if row else f"loses its `{WORD}`"
        forced = written(row.path) if row else f"lifecycle.{WORD}"
        return Entry(
            Kind.CANNOT_BE_UNDONE,
            f"{noun_of(one.type)} {name_of(one)} {what}",
            root=one.root,
            address=one.address,
            forced_by=(forced,),
            reason="it is destroyed next",
            source=row.source if row else "",
            gone=True,
        )


@dataclass(frozen=True, slots=True)
class Judged:
    """A change with what lets each entry pass, and the words that are missing."""

    change: Change
    missing: tuple[str, ...]


def protections(planned: Iterable[Planned], folder: Path) -> Sequence[Protection]:
    """What keeps the resources that are to go, by their values and by the source of the rendered folder."""
    gone = [one for one in planned if one.gone and not stays(one)]
    sources = Sources(folder, tuple(dict.fromkeys(one.root for one in gone)))
    by_value = [Protection(one, row) for one in gone for row in ROWS if _holds(row, one)]
    by_source = [
        Protection(one) for one in gone if (chain := sources.chain(one.root, one.address)) and is_protected(chain[-1])
    ]
    return [*by_value, *by_source]


def _holds(row: Row, planned: Planned) -> bool:
    if not fnmatchcase(planned.type, row.types) or (row.locked and value_at(planned.before, row.path) is not True):
        return False
    return row.locked or (row.path[0] in planned.before and not value_at(planned.before, row.path))


def judged(change: Change, found: Sequence[Protection], words: Sequence[Allowance]) -> Judged:
    """The change, and the words it takes: those of `change --allow`, and one for each protection.

    A word for the data of a thing lifts its protection too. Words for what is gone already say nothing: the same
    command has to go on where another was cut off.
    """
    told = {(one.root, one.address) for one in change.entries if one.kind is Kind.DESTROYS_DATA}
    lifted = {place: one.entry for one in found if (place := (one.planned.root, one.planned.address)) not in told}
    whole = replace(change, entries=tuple(ordered([*change.entries, *lifted.values()])))
    passed = replace(allowed(whole, words, (), date.min), diagnostics=change.diagnostics)
    waiting = [one for one in passed.entries if one.needs_word or _is_locked(one, lifted)]
    return Judged(passed, tuple(dict.fromkeys(str(word(one, passed.entries)) for one in waiting)))


def _is_locked(one: Entry, lifted: Mapping[tuple[str, str], Entry]) -> bool:
    there = lifted.get((one.root, one.address))
    return there is not None and one.kind is there.kind and not one.allowed_by


def lifted_arguments(copy: Path, found: Iterable[Protection]) -> Iterator[tuple[Path, str]]:
    """Files of the copy with what they become once the arguments do not protect any more.

    An argument that is there gets another value in its place, one that is not comes with an override of its module.
    """
    wanted = [one for one in found if one.row]
    sources = Sources(copy, tuple(dict.fromkeys(one.planned.root for one in wanted)))
    edits: dict[Path, dict[tuple[int, int], str]] = {}
    added: dict[Path, dict[tuple[str, ...], dict[str, str]]] = {}
    for one in wanted:
        assert one.row
        chain = sources.chain(one.planned.root, one.planned.address)
        value = str(not one.row.locked).lower()
        attribute = _attribute(chain[-1], one.row.path) if chain else None
        if chain and (ignored := _ignored(chain[-1], one.row.path)):
            edits.setdefault(copy / ignored.place.file, {})[ignored.span] = _without(
                ignored.value, str(one.row.path[0])
            )
        if attribute is not None:
            edits.setdefault(copy / attribute.place.file, {})[attribute.span] = value
        elif chain and len(one.row.path) == 1:
            file = (copy / chain[-1].place.file).parent / OVERRIDE
            added.setdefault(file, {}).setdefault(chain[-1].labels, {})[str(one.row.path[0])] = value
    yield from ((file, _edited(file, spans)) for file, spans in edits.items())
    yield from ((file, _override(file, resources)) for file, resources in added.items())


def _attribute(resource: Block, path: Steps) -> Attribute | None:
    *around, name = [step for step in path if isinstance(step, str)]
    for step in around:
        inner = next((block for block in resource.blocks if block.type == step), None)
        if inner is None:
            return None
        resource = inner
    return resource.attributes.get(name)


def _ignored(resource: Block, path: Steps) -> Attribute | None:
    """`ignore_changes` that would keep the argument as it is."""
    listed = _attribute(resource, ("lifecycle", "ignore_changes"))
    return listed if listed and re.search(rf"\b{path[0]}\b", listed.value) else None


def _without(names: str, name: str) -> str:
    """The list of `ignore_changes` without one of its names."""
    kept = [one for one in re.findall(r"[a-z_][^,\s\]]*", names) if one != name]
    return f"[{', '.join(kept)}]"


def _edited(file: Path, spans: Mapping[tuple[int, int], str]) -> str:
    text = _text(file)
    for (start, end), value in sorted(spans.items(), reverse=True):
        text = f"{text[:start]}{value}{text[end:]}"
    return text


def _override(file: Path, resources: Mapping[tuple[str, ...], Mapping[str, str]]) -> str:
    text = _text(file) if file.exists() else ""
    for labels, arguments in resources.items():
        head = " ".join(map(quote, labels))
        lines = "".join(f"  {name} = {value}\n" for name, value in arguments.items())
        text += f"resource {head} {{\n{lines}}}\n"
    return text


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")


def only_lifts(planned: Planned, found: Iterable[Protection]) -> bool:
    """Whether a plan for the resource changes nothing but the arguments that protect it."""
    rows = [one.row for one in found if one.row and one.planned.address == planned.address]
    if planned.action not in (Action.NOTHING, Action.UPDATE) or not (rows or planned.action is Action.NOTHING):
        return False
    wanted: Any = deepcopy(dict(planned.before))
    for row in rows:
        holder = value_at(wanted, row.path[:-1]) if len(row.path) > 1 else wanted
        if isinstance(holder, dict):
            holder[row.path[-1]] = not row.locked
    return all(planned.after.get(name) == value for name, value in wanted.items() if not planned.unknown.get(name))
