"""What `cluster` means beside the rest of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.declared import wants_cluster
from groundplan.spec.document import Document


def _without_pools(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    if at.value("cluster") is not None and not wants_cluster(at):
        message = "`cluster` without any pool: no cluster would be created"
        hint = "add pools under `training` or `serving`, or `tracking`, or remove `cluster`"
        yield document.diagnostic("GP208", message, ("cluster",), hint=hint, on_key=True)


RULES = (_without_pools,)
