"""Buckets on AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from groundplan.clouds.aws.billing import BILLING
from groundplan.components.base import Aspects, Lookup, Meter
from groundplan.components.object_store.component import ObjectStorePart
from groundplan.components.object_store.meters import log_files_meter
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack


class AwsObjectStore(ObjectStorePart):
    """Buckets on AWS."""

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Access logs are objects."""
        return log_files_meter(stack, BILLING)

    def log_types(self, stack: Stack) -> str:
        """A bucket."""
        return "aws_s3_bucket"

    def deletion(self, asset: Asset, stack: Stack) -> Sequence[str]:
        """Versions and delete markers first, a thousand at a time.

        https://docs.aws.amazon.com/cli/latest/reference/s3api/delete-objects.html
        """
        if asset.kind != "bucket":
            return ()
        bucket = f"--bucket {asset.name} --region {stack.region}"
        listed = "{Objects: %s[].{Key: Key, VersionId: VersionId}}"
        return (
            *(
                f"aws s3api delete-objects {bucket} --delete "
                f"\"$(aws s3api list-object-versions {bucket} --no-paginate --query '{listed % kind}')\""
                for kind in ("Versions", "DeleteMarkers")
            ),
            f"aws s3api delete-bucket {bucket}",
        )

    def imports(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The bucket: its settings are written anew over those there are."""
        return {"aws_s3_bucket": asset.name} if asset.kind == "bucket" else {}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "buckets": "S3, public access blocked, TLS 1.2 and up only",
            "archive": "Standard-IA",
            "deleted objects": "old versions, for retention_days",
            "access log": "S3 access log, encrypted by S3 itself",
        }


PART = AwsObjectStore()
