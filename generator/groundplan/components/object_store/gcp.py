"""Buckets on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from groundplan.clouds.gcp.billing import BILLING
from groundplan.components.base import Arguments, Aspects, Lookup, Meter, Note
from groundplan.components.gcp import ACCESS_LOGS, LOG_BUCKET_CAUTION, USAGE, access_logs
from groundplan.components.keys.component import key_id
from groundplan.components.needs import Key, OwnLog
from groundplan.components.object_store.component import ACCESS_LOG_FILTER, BUCKETS, ObjectStorePart
from groundplan.components.object_store.meters import audit_log_meters, log_files_meter
from groundplan.components.object_store.part import buckets_of
from groundplan.hcl.references import Var
from groundplan.stack.assets import Asset
from groundplan.stack.model import Need, Stack


class GcpObjectStore(ObjectStorePart):
    """Buckets on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The region of the buckets, and what records who read and wrote them."""
        if self.logs_in_bucket(stack):
            return {"region": Var("region"), "access_logs": USAGE}
        return {"region": Var("region"), "logs_kms_key": key_id("logs")}

    def logs_in_bucket(self, stack: Stack) -> bool:
        """Usage logs are objects."""
        return access_logs(stack) == USAGE

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Audit logs have a log bucket with a key."""
        yield from super().needs(stack)
        if buckets_of(stack) and not self.logs_in_bucket(stack):
            yield Key("logs")
            yield OwnLog("object_store", ACCESS_LOG_FILTER, "storage.buckets")

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Files of usage logs, or an audit log's entries."""
        return (log_files_meter if self.logs_in_bucket(stack) else audit_log_meters)(stack, BILLING)

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Audit logs have a log bucket."""
        if buckets_of(stack) and not self.logs_in_bucket(stack):
            yield LOG_BUCKET_CAUTION

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Soft deletion keeps what is deleted."""
        paths = tuple(
            f"storage.buckets.{bucket.name}.versioning" for bucket in buckets_of(stack) if not bucket.versioning
        )
        yield Note("part", "what was deleted can still be brought back for 7 days, and is billed", paths)

    def log_types(self, stack: Stack) -> str:
        """A bucket for usage logs, else a log bucket with its sink."""
        return "google_storage_bucket" if self.logs_in_bucket(stack) else "google_logging_project"

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """A bucket with all versions in it, or a log bucket with the sink that fills it.

        https://docs.cloud.google.com/sdk/gcloud/reference/storage/rm
        """
        project = f"--project {stack.account}"
        if asset.kind == "bucket":
            return (f"gcloud storage rm --recursive gs://{asset.name}",)
        if asset.kind == "log" and asset.call == BUCKETS.call:
            return (
                f"gcloud logging sinks delete {asset.name} {project}",
                f"gcloud logging buckets delete {asset.name} --location {stack.region} {project}",
            )
        return ()

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """By name, and by path what belongs to Cloud Logging."""
        if asset.kind == "bucket":
            return {"google_storage_bucket": asset.name}
        if asset.kind == "log" and asset.call == BUCKETS.call:
            project = f"projects/{stack.account}"
            bucket = f"{project}/locations/{stack.region}/buckets/{asset.name}"
            sink = f"{project}/sinks/{asset.name}"
            return {"google_logging_project_bucket_config": bucket, "google_logging_project_sink": sink}
        return {}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "buckets": "Cloud Storage, uniform access, public access prevented; "
            "old TLS is the organization's to refuse",
            "archive": "Nearline",
            "deleted objects": "old versions for retention_days, and everything for 7 more days (soft deletion)",
            "access log": ACCESS_LOGS[access_logs(stack)],
        }


PART = GcpObjectStore()
