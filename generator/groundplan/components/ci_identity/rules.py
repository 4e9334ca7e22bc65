"""What the identities of a pipeline need of the rest of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document


def _remote_state(document: Document) -> Iterator[Diagnostic]:
    """A job has no file that an earlier one left beside a root."""
    at = document.lookup
    if at.has("ci") and at.mapping("state").get("backend") == "local":
        message = "`ci` needs states in a bucket: a job does not find the files that another one left"
        yield document.diagnostic(
            "GP208", message, ("state", "backend"), hint="write `backend: remote`, or remove `ci`", on_key=True
        )


RULES = (_remote_state,)
