"""Buckets and aliases of keys of the test cloud are there on the servers that keep states, where they are used."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tests.live.faults import FaultError

Values = Mapping[str, Any]


class Buckets:
    """S3 at AWS_ENDPOINT_URL, Cloud Storage at STORAGE_URL; what has no server is not followed."""

    def __init__(self) -> None:
        self._s3 = boto3.client("s3", region_name="us-east-1") if os.environ.get("AWS_ENDPOINT_URL") else None
        self._gcs = os.environ.get("STORAGE_URL")

    def follow(self, kind: str, values: Values | None, prior: Values | None) -> None:
        """Does on the server what was done to a resource; FaultError when the server refuses."""
        follow = self._followers().get(kind)
        if follow is None:
            return
        try:
            follow(values, prior)
        except (BotoCoreError, ClientError, urllib.error.URLError) as error:
            raise FaultError(str(error)) from None

    def _followers(self) -> Mapping[str, Callable[[Values | None, Values | None], None]]:
        aws = {
            "aws_s3_bucket": self._bucket,
            "aws_s3_bucket_versioning": self._versioning,
            "aws_kms_alias": self._alias,
        }
        s3 = aws if self._s3 else {}
        return {**s3, **({"google_storage_bucket": self._google} if self._gcs else {})}

    def _bucket(self, values: Values | None, prior: Values | None) -> None:
        if values is None and prior:
            self._s3_emptied(prior)
            self._s3.delete_bucket(Bucket=prior["bucket"])
        elif values and not prior:
            self._s3.create_bucket(Bucket=values["bucket"])

    def _s3_emptied(self, prior: Values) -> None:
        """As the provider does it for `force_destroy`; a bucket that somebody has removed has nothing in it."""
        if prior.get("force_destroy"):
            pages = self._s3.get_paginator("list_object_versions").paginate(Bucket=prior["bucket"])
            for page in pages:
                for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    self._s3.delete_object(Bucket=prior["bucket"], Key=one["Key"], VersionId=one["VersionId"])

    def _versioning(self, values: Values | None, _prior: Values | None) -> None:
        if values:
            (configuration,) = values["versioning_configuration"]
            status = {"Status": configuration["status"]}
            self._s3.put_bucket_versioning(Bucket=values["bucket"], VersioningConfiguration=status)

    def _alias(self, values: Values | None, prior: Values | None) -> None:
        """Of a key that the server makes by itself: who names a key by its alias learns an ARN that is good there."""
        if prior and values:
            return
        found = values or prior or {}
        kms = boto3.client("kms", region_name=found["arn"].split(":")[3])
        if any(one["AliasName"] == found["name"] for one in kms.list_aliases(Limit=1_000)["Aliases"]):
            kms.delete_alias(AliasName=found["name"])
        if values:
            kms.create_alias(AliasName=found["name"], TargetKeyId=kms.create_key()["KeyMetadata"]["KeyId"])

    def _google(self, values: Values | None, prior: Values | None) -> None:
        if values is None and prior:
            force = "?force=true" if prior.get("force_destroy") else ""
            self._ask("DELETE", f"/storage/v1/b/{prior['name']}{force}")
        elif values and not prior:
            versioning = {"enabled": any(one["enabled"] for one in values["versioning"])}
            keys = [
                one["default_kms_key_name"] for one in values.get("encryption") or () if one["default_kms_key_name"]
            ]
            encryption = {"encryption": {"defaultKmsKeyName": keys[0]}} if keys else {}
            self._ask("POST", "/storage/v1/b", {"name": values["name"], "versioning": versioning, **encryption})

    def _ask(self, method: str, path: str, body: Values | None = None) -> None:
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(f"{self._gcs}{path}", data, {"Authorization": "Bearer cloud"}, method=method)
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10).close()
