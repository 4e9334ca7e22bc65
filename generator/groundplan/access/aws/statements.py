"""Statements of policies, by whom they are held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groundplan.access.model import Given, Statement
from groundplan.change.access.atoms import Glob
from groundplan.change.access.policy import PolicyError, names, principals, statements


@dataclass(frozen=True, slots=True)
class Said:
    """One statement, with what it is about in a form that can be compared."""

    allows: bool
    actions: tuple[Glob, ...]
    resources: tuple[Glob, ...]
    who: tuple[Glob, ...]
    condition: Mapping[str, Any] = field(hash=False)
    source: Statement


class UnreadableDocumentError(ValueError):
    """A policy that is no document."""


def said(document: object, given: Given | None, name: str = "") -> Iterator[Said]:
    """The statements of a document; raises UnreadableDocumentError for what is none."""
    try:
        for index, one in enumerate(statements(document)):
            yield _said(one, given, name, index)
    except PolicyError as error:
        raise UnreadableDocumentError from error


def _said(one: Mapping[str, Any], given: Given | None, name: str, index: int) -> Said:
    condition = one.get("Condition")
    sid = str(one.get("Sid") or "") or (f"{name}, statement {index + 1}" if name else f"statement {index + 1}")
    return Said(
        allows=one.get("Effect") == "Allow",
        actions=_globs(names(one, "Action", lower=True)),
        resources=_globs(names(one, "Resource")) or (Glob("*"),),
        who=_globs(principals(one)),
        condition=condition if isinstance(condition, Mapping) else {},
        source=Statement(given, sid, str(one.get("Effect"))),
    )


def _globs(atoms: Iterator[Any]) -> tuple[Glob, ...]:
    return tuple(one for one in atoms if isinstance(one, Glob))


def covered(atoms: Sequence[Glob], wanted: Glob) -> bool:
    """Whether one of them stands for all that is wanted."""
    return any(one.covers(wanted) for one in atoms)
