"""What the keys of a bucket mean together."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document, Path, dotted
from groundplan.spec.renamed import renames


def _ages(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    for name in at.mapping("storage", "buckets"):
        bucket: Path = ("storage", "buckets", name)
        archive, expire = (at.whole(*bucket, f"{what}_after_days") for what in ("archive", "expire"))
        if archive is not None and expire is not None and expire <= archive:
            message = f"`{dotted(bucket)}`: objects expire after {expire} days, but are archived only after {archive}"
            hint = "make expire_after_days more than archive_after_days, or remove archive_after_days"
            yield document.diagnostic("GP208", message, (*bucket, "expire_after_days"), hint=hint)
        retention: Path = (*bucket, "retention_days")
        if at.value(*bucket, "versioning") is False and at.value(*retention) is not None:
            message = f"`{dotted(retention)}` has no effect without versioning"
            hint = "remove it, or `versioning: false`"
            yield document.diagnostic("GP208", message, retention, hint=hint, on_key=True)


def _renames(document: Document) -> Iterator[Diagnostic]:
    yield from renames(document, ("storage", "buckets"))


RULES = (_ages, _renames)
