"""What notebooks mean beside the rest of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document


def _data(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    if at.has("notebooks") and not at.has("storage"):
        message, hint = "`notebooks` without any data to look at", "add `storage`"
        yield document.diagnostic("GP208", message, ("notebooks",), hint=hint, on_key=True)


RULES = (_data,)
