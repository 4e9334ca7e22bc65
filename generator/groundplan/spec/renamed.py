"""Rules about things that are called something else in the spec than in the cloud."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document, Path, dotted
from groundplan.spec.existing import EXISTING

RENAMED = "renamed_from"


def renames(document: Document, block: Path) -> Iterator[Diagnostic]:
    """GP731 for first names in a block, such as all buckets, that cannot be: their owners share them."""
    at = document.lookup
    named = {name: at.value(*block, name, RENAMED) for name in at.mapping(*block)}
    counts = Counter(first for first in named.values() if isinstance(first, str))
    others = (at.value(*block, name, EXISTING) for name in named)
    imported = Counter(other for other in others if isinstance(other, str))
    for name, first in named.items():
        path: Path = (*block, name, RENAMED)
        if isinstance(first, str) and (problem := _problem(named.keys(), counts, name, first)):
            message, hint = problem
            yield document.diagnostic("GP731", f"`{dotted((*block, name))}`: {message}", path, hint=hint)
        if isinstance(other := at.value(*block, name, EXISTING), str) and imported[other] > 1:
            message = f"`{dotted((*block, name))}`: two are `{other}`"
            hint = "one of them is it: remove it from the others"
            yield document.diagnostic("GP731", message, (*block, name, EXISTING), hint=hint)
        if first is not None and at.value(*block, name, EXISTING) is not None:
            message = f"`{dotted((*block, name))}` states both `{RENAMED}` and `{EXISTING}`"
            hint = "what is imported keeps its name in the cloud whatever the spec calls it: remove `renamed_from`"
            yield document.diagnostic("GP731", message, path, hint=hint, on_key=True)


def _problem(names: Collection[str], counts: Counter[str], name: str, first: str) -> tuple[str, str] | None:
    """What is wrong with the first name of one of `names`, and what to do."""
    if first == name:
        return "that is its name", "remove it"
    if counts[first] > 1:
        return f"two are renamed from `{first}`", "one of them is it: remove it from the others"
    if first in names:
        hint = (
            "it keeps that name in the cloud, and Terraform cannot move two things to each other's place: give the "
            f"other `{first}` a name of its own, with `{RENAMED}` if it is not new"
        )
        return f"`{first}` is there as well", hint
    return None
