"""States in S3, with the locks that Terraform's backend makes there itself: `<key>.tflock`, an object of JSON.

https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, TypeVar

from groundplan.clouds.aws.live.trouble import ABSENT, DENIED, code_of, errors, explained
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import LOCK_SUFFIX, MOST_VERSIONS, StateLock, StateVersion, foreign, lock_of, stopped

T = TypeVar("T")

TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html"""


class S3Store:
    """A bucket of one account: a bucket of that name that is somebody else's is refused by S3."""

    def __init__(self, client: Any, bucket: str, account: str) -> None:
        self._client = client
        self._bucket = bucket
        self._owned = {"Bucket": bucket, **({"ExpectedBucketOwner": account} if account else {})}

    @property
    def bucket(self) -> str:
        """Its name."""
        return self._bucket

    def exists(self) -> bool:
        """Whether the account has such a bucket; raises GP821 for one of another account.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html: 403 says no more than that it is there.
        """
        try:
            return self._found(lambda: self._client.head_bucket(**self._owned)) is not None
        except DiagnosticsError as error:
            if error.diagnostics[0].code == "GP815":
                raise foreign(self._bucket) from None
            raise

    def read(self, key: str) -> bytes | None:
        """The object; None where there is none."""
        return self._found(lambda: self._body(Key=key))

    def read_version(self, key: str, version: str) -> bytes | None:
        """That version; None where there is none."""
        return self._found(lambda: self._body(Key=key, VersionId=version))

    def write(self, key: str, data: bytes, *, only_if_new: bool = False, under: str = "") -> bool:
        """Whether it was written. The bucket's default encrypts it, else the named key in the context of this object.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
        """
        only = {"IfNoneMatch": "*"} if only_if_new else {}
        own = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": under, "BucketKeyEnabled": False} if under else {}
        try:
            self._client.put_object(**self._owned, Key=key, Body=data, ContentType="application/json", **only, **own)
        except errors() as error:
            if only_if_new and code_of(error) in TAKEN:
                return False
            if code_of(error) in ABSENT:
                message = f"there is no bucket {self._bucket} for {key}"
                raise stopped(
                    "GP817", message, "apply 00-state first, or make the bucket that the spec names"
                ) from None
            raise explained(error, f"writing s3://{self._bucket}/{key}") from None
        return True

    def versions(self, key: str) -> Sequence[StateVersion]:
        """The newest first, removals included."""

        def listed() -> list[StateVersion]:
            pages = self._client.get_paginator("list_object_versions").paginate(**self._owned, Prefix=key)
            every = (
                _version(entry, deleted=kind == "DeleteMarkers")
                for page in pages
                for kind in ("Versions", "DeleteMarkers")
                for entry in page.get(kind, ())
                if entry["Key"] == key
            )
            return sorted(islice(every, MOST_VERSIONS), key=lambda one: (one.latest, one.written), reverse=True)

        return self._found(listed) or ()

    def first_keys(self, prefix: str, most: int) -> Sequence[str]:
        """The first names of objects that begin so, by one request for up to 1,000, which come sorted.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
        """

        def listed() -> list[str]:
            page = self._client.list_objects_v2(**self._owned, Prefix=prefix, MaxKeys=most)
            return [entry["Key"] for entry in page.get("Contents", ())]

        return self._found(listed) or ()

    def lock(self, key: str) -> StateLock | None:
        """Who holds the state."""
        data = self.read(f"{key}{LOCK_SUFFIX}")
        return lock_of(data) if data else None

    def take_lock(self, key: str, data: bytes, lock_id: str) -> str | None:
        """The id that the lock itself says."""
        return lock_id if self.write(f"{key}{LOCK_SUFFIX}", data, only_if_new=True) else None

    def remove_lock(self, key: str, lock_id: str) -> bool:
        """As Terraform does it: the lock is read, compared and removed."""
        held = self.lock(key)
        if held is None or held.id != lock_id:
            return False
        return self._found(lambda: self._client.delete_object(**self._owned, Key=f"{key}{LOCK_SUFFIX}")) is not None

    def _body(self, **what: str) -> bytes:
        data: bytes = self._client.get_object(**self._owned, **what)["Body"].read()
        return data

    def _found(self, call: Callable[[], T]) -> T | None:
        """The answer; None for what is not there."""
        try:
            return call()
        except errors() as error:
            if code_of(error) in ABSENT:
                return None
            what = "the state bucket" if code_of(error) in DENIED else "states"
            raise explained(error, f"{what} {self._bucket}") from None


def _version(entry: dict[str, Any], *, deleted: bool) -> StateVersion:
    size = int(entry.get("Size", 0))
    return StateVersion(entry["VersionId"], entry["LastModified"], size, bool(entry["IsLatest"]), deleted)
