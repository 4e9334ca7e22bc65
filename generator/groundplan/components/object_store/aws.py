"""Buckets on AWS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from groundplan.clouds.aws.billing import BILLING
from groundplan.components.base import Aspects, Lookup, Meter
from groundplan.components.object_store.component import ObjectStorePart
from groundplan.components.object_store.meters import log_files_meter
from groundplan.components.object_store.part import buckets_of
from groundplan.stack.assets import Asset
from groundplan.stack.model import Stack

_SETTINGS: Mapping[str, str] = {
    "encryption": "aws_s3_bucket_server_side_encryption_configuration",
    "lifecycle": "aws_s3_bucket_lifecycle_configuration",
    "logging": "aws_s3_bucket_logging",
    "ownership": "aws_s3_bucket_ownership_controls",
    "policy": "aws_s3_bucket_policy",
    "public_access": "aws_s3_bucket_public_access_block",
    "versioning": "aws_s3_bucket_versioning",
}
"""Resources that modules/aws/object_store makes for each bucket, by the words of the spec."""


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

    def adopts(self, asset: Asset, stack: Stack) -> Mapping[str, str | Lookup]:
        """The bucket and those of its settings that it has: every id is the bucket's name.

        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/s3_bucket_versioning#import
        """
        bucket = next((one for one in buckets_of(stack) if one.existing and one.bucket == asset.name), None)
        if asset.kind != "bucket" or bucket is None:
            return {}
        there = (kind for setting, kind in _SETTINGS.items() if setting not in bucket.lacks)
        unmade = () if bucket.versioning else (_SETTINGS["versioning"],)
        return {kind: asset.name for kind in ("aws_s3_bucket", *there) if kind not in unmade}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "buckets": "S3, public access blocked, TLS 1.2 and up only",
            "archive": "Standard-IA",
            "deleted objects": "old versions, for retention_days",
            "access log": "S3 access log, encrypted by S3 itself",
        }


PART = AwsObjectStore()
