"""States in Cloud Storage, with the locks of Terraform's backend: `<prefix>/default.tflock`, by its generation.

https://github.com/hashicorp/terraform/tree/main/internal/backend/remote-state/gcs,
https://docs.cloud.google.com/storage/docs/json_api/v1/objects
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from groundplan.clouds.gcp.live.rest import PRECONDITION, RefusedError, Rest, unanswered
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import (
    MOST_VERSIONS,
    StateLock,
    StateVersion,
    foreign,
    lock_key,
    lock_of,
    stopped,
    time_of,
)


class GcsStore:
    """A bucket over the JSON API."""

    def __init__(self, rest: Rest, endpoint: str, bucket: str, project_number: str = "") -> None:
        self._rest = rest
        self._url = f"{endpoint}/storage/v1/b/{quote(bucket, safe='')}"
        self._upload = f"{endpoint}/upload/storage/v1/b/{quote(bucket, safe='')}/o"
        self._bucket = bucket
        self._project_number = project_number
        self._what = f"the state bucket {bucket}"

    @property
    def bucket(self) -> str:
        """Its name."""
        return self._bucket

    @property
    def url(self) -> str:
        """Where the API has it."""
        return self._url

    def exists(self) -> bool:
        """Whether the project has such a bucket; raises GP821 for one of another project."""
        try:
            found = self._rest.json(self._url, self._what, fields="name,projectNumber")
        except RefusedError:
            return False
        except DiagnosticsError as error:
            if error.diagnostics[0].code == "GP815":
                raise foreign(self._bucket) from None
            raise
        owner = str(found.get("projectNumber", ""))
        if owner and self._project_number and owner != self._project_number:
            raise foreign(self._bucket)
        return True

    def read(self, key: str) -> bytes | None:
        """The object; None where there is none."""
        return self._media(key)

    def read_version(self, key: str, version: str) -> bytes | None:
        """That generation; None where there is none."""
        return self._media(key, generation=version) if version.isdecimal() else None

    def write(self, key: str, data: bytes, *, only_if_new: bool = False, under: str = "") -> bool:
        """Whether it was written. The bucket's default encrypts it, else the named key."""
        return self._put(key, data, only_if_new=only_if_new, under=under) is not None

    def default_key(self) -> str:
        """The key that encrypts what names none; empty without one.

        https://docs.cloud.google.com/storage/docs/json_api/v1/buckets/get
        """
        try:
            found = self._rest.json(self._url, self._what, fields="encryption")
        except RefusedError:
            return ""
        return str(found.get("encryption", {}).get("defaultKmsKeyName", ""))

    def _put(self, key: str, data: bytes, *, only_if_new: bool, under: str = "") -> str | None:
        """The generation that was written."""
        only = {"ifGenerationMatch": "0"} if only_if_new else {}
        own = {"kmsKeyName": under} if under else {}
        query = {"uploadType": "media", "name": key, **only, **own}
        try:
            answer = self._rest.call("POST", self._upload, self._what, query, data)
            return str(json.loads(answer)["generation"])
        except RefusedError as refused:
            if refused.status == PRECONDITION:
                return None
            raise self._gone(key) from None
        except (ValueError, KeyError, TypeError) as error:
            raise unanswered(error, self._what) from None

    def versions(self, key: str) -> Sequence[StateVersion]:
        """The newest first."""
        fields = "nextPageToken,items(name,generation,timeCreated,timeDeleted,size)"
        every = (_version(item) for item in self._listed(key, versions="true", fields=fields) if item["name"] == key)
        return sorted(deque(every, MOST_VERSIONS), key=lambda one: (one.latest, int(one.id)), reverse=True)

    def first_keys(self, prefix: str, most: int) -> Sequence[str]:
        """The first names of objects that begin so, which come sorted; by one request, as long as its page is full.

        https://docs.cloud.google.com/storage/docs/json_api/v1/objects/list
        """
        query = {"maxResults": str(most), "fields": "nextPageToken,items(name)"}
        return [item["name"] for item in islice(self._listed(prefix, **query), most)]

    def lock(self, key: str) -> StateLock | None:
        """Who holds the state."""
        try:
            found = self._rest.json(self._object(lock_key(key)), self._what, fields="generation")
        except RefusedError:
            return None
        generation = str(found["generation"])
        data = self._media(lock_key(key), generation=generation)
        return None if data is None else lock_of(data, generation)

    def take_lock(self, key: str, data: bytes, lock_id: str) -> str | None:
        """The generation that was written, which counts instead of the id that it says."""
        return self._put(lock_key(key), data, only_if_new=True)

    def remove_lock(self, key: str, lock_id: str) -> bool:
        """In one step: the generation is the condition."""
        if not lock_id.isdecimal():
            return False
        try:
            self._rest.call("DELETE", self._object(lock_key(key)), self._what, {"ifGenerationMatch": lock_id})
        except RefusedError:
            return False
        return True

    def _object(self, key: str) -> str:
        return f"{self._url}/o/{quote(key, safe='')}"

    def _media(self, key: str, **query: str) -> bytes | None:
        try:
            return self._rest.call("GET", self._object(key), self._what, {"alt": "media", **query})
        except RefusedError:
            return None

    def _listed(self, prefix: str, **query: str) -> Iterator[Any]:
        token: dict[str, str] = {}
        while True:
            try:
                page = self._rest.json(f"{self._url}/o", self._what, prefix=prefix, **query, **token)
            except RefusedError:
                return
            yield from page.get("items", ())
            if not page.get("nextPageToken"):
                return
            token = {"pageToken": page["nextPageToken"]}

    def _gone(self, key: str) -> DiagnosticsError:
        hint = "apply 00-state first, or make the bucket that the spec names"
        return stopped("GP817", f"there is no bucket {self._bucket} for {key}", hint)


def _version(item: Any) -> StateVersion:
    written = time_of(item["timeCreated"]) or datetime.fromtimestamp(0, UTC)
    return StateVersion(str(item["generation"]), written, int(item.get("size", 0)), "timeDeleted" not in item)
