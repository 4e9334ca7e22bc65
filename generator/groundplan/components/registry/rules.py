"""What the keys of a repository mean together."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document
from groundplan.spec.renamed import renames


def _renames(document: Document) -> Iterator[Diagnostic]:
    yield from renames(document, ("registry", "repositories"))


RULES = (_renames,)
