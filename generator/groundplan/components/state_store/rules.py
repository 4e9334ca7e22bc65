"""What the keys of `state` mean together."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document


def _bucket(document: Document) -> Iterator[Diagnostic]:
    state = document.lookup.mapping("state")
    if state.get("backend") == "local" and state.get("bucket") is not None:
        hint = "remove it, or write `backend: remote`"
        message = "`state.bucket` has no effect with a local backend"
        yield document.diagnostic("GP208", message, ("state", "bucket"), hint=hint, on_key=True)


RULES = (_bucket,)
