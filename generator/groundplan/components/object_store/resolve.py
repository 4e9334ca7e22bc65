"""The buckets of a stack."""

from __future__ import annotations

from groundplan.components.load import components
from groundplan.components.object_store import spec as blocks
from groundplan.components.object_store.part import Bucket, Buckets
from groundplan.components.object_store.spec import Storage
from groundplan.diagnostics import Diagnostic
from groundplan.stack import naming
from groundplan.stack.model import Origin
from groundplan.stack.work import Work, as_written, bucket_name

DEFAULT_NONCURRENT_DAYS = 90


def resolve_buckets(work: Work) -> Buckets:
    """The buckets of the spec and of the components that need one, and the name of the one for access logs."""
    storage, buckets = work.spec.block(Storage), []
    for name, said in (storage.buckets if storage else {}).items():
        path = f"storage.buckets.{name}"
        full = _name_in_cloud(work, name, said, path)
        buckets.append(
            Bucket(
                name=name,
                bucket=full,
                size_gib=as_written(said.size_gib),
                versioning=said.versioning,
                noncurrent_days=work.choose(
                    f"{path}.retention_days",
                    said.retention_days,
                    DEFAULT_NONCURRENT_DAYS,
                    "time to notice a bad overwrite",
                ),
                archive_after_days=said.archive_after_days,
                expire_after_days=said.expire_after_days,
                churn_gib_per_month=as_written(said.churn_gib_per_month),
                first_name=said.renamed_from or "",
                existing=bool(said.existing),
                lacks=tuple(said.options_of(work.cloud.name).get("lacks", ())),
            )
        )
    buckets += [bucket for component in components() for bucket in component.buckets(work)]
    _refuse_reserved(work)
    return Buckets(tuple(buckets), bucket_name(work, "access-logs", "name") if buckets else "")


def _name_in_cloud(work: Work, name: str, said: blocks.Bucket, path: str) -> str:
    """The one that is made from its name, from its first name, or that it had before groundplan knew of it."""
    if said.existing:
        work.diagnostics += naming.check_name(work.cloud, "bucket", said.existing, f"{path}.existing")
        work.decide(f"{path}.bucket", said.existing, Origin.SPEC, "as set in the spec")
        return said.existing
    full = bucket_name(work, said.renamed_from or name, path)
    reason = f"its first name, {said.renamed_from}, made it" if said.renamed_from else naming.BUCKET_NAME_REASON
    work.decide(f"{path}.bucket", full, Origin.DERIVED, reason)
    return full


def _refuse_reserved(work: Work) -> None:
    storage = work.spec.block(Storage)
    buckets = storage.buckets if storage else {}
    reserved = {name for component in components() for name in component.reserved_buckets}
    taken = {name for name, said in buckets.items() if {name, said.renamed_from} & reserved}
    for name in sorted(taken):
        work.diagnostics.append(
            Diagnostic(
                code="GP303",
                message=f"the bucket name `{name}` is taken by a bucket that groundplan creates",
                hint=f"choose a name other than {', '.join(sorted(reserved))}",
                path=f"storage.buckets.{name}",
            )
        )
