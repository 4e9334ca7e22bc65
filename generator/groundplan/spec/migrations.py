"""Specs of an earlier format, read as the present one: a step for each `apiVersion` that was supported once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from groundplan.diagnostics import Severity
from groundplan.spec.document import Document

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """From one format to the next."""

    to: str
    """The format that `apply` gives."""
    apply: Callable[[T], T]
    """The same in the next format; raises ValueError for what it cannot tell. It trusts nothing of the value."""
    words: str
    """What it changes, for who wrote the value: `pools are called node_pools`."""


def climb(value: T, version: object, steps: Mapping[str, Step[T]]) -> tuple[T, str, tuple[str, ...]]:
    """The value after all steps from its format on, the last format, and what was changed; nothing without a step."""
    reached, words = version if isinstance(version, str) else "", []
    while step := steps.get(reached):
        value, reached = step.apply(value), step.to
        words.append(step.words)
    return value, reached, tuple(words)


STEPS: Mapping[str, Step[Document]] = {}
"""By the `apiVersion` that they begin from. The first format is the only one so far."""


def migrated(document: Document, steps: Mapping[str, Step[Document]] = STEPS) -> Document:
    """The document in the present format; GP728 among its notices says what was read differently than written."""
    written = document.values.get("apiVersion")
    made, version, words = climb(document, written, steps)
    if not words:
        return document
    made = replace(made, values={**made.values, "apiVersion": version})
    message = f"`{written}` is the format of an earlier release, read as `{version}`: {'; '.join(words)}"
    hint = f"write it so, with `apiVersion: {version}`"
    notice = document.diagnostic("GP728", message, ("apiVersion",), hint=hint, severity=Severity.WARNING)
    return replace(made, notices=(*made.notices, notice))
