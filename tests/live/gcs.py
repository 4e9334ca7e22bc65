"""Cloud Storage on loopback, as much as Terraform's `gcs` backend and a client of its JSON API use of it.

Objects have generations, conditions (`ifGenerationMatch`) and, in a bucket with versioning, what they were before.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c

from tests.services.loopback import serving

TOKEN = "token-of-the-operator"
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Version:
    """What an object was from a moment on."""

    generation: int
    data: bytes
    created: str


@dataclass
class Bucket:
    """Versions of objects by their names, the newest last; a name without a live version is in `deleted`."""

    versioning: bool = False
    objects: dict[str, list[Version]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    key: str = ""
    """Name of the key that encrypts by default."""

    def live(self, name: str) -> Version | None:
        versions = self.objects.get(name)
        return versions[-1] if versions and name not in self.deleted else None

    def version(self, name: str, generation: int) -> Version | None:
        return next((one for one in self.objects.get(name, ()) if one.generation == generation), None)

    def put(self, name: str, data: bytes) -> Version:
        now = time.time()
        earlier = self.objects.get(name, [])
        generation = max(int(now * _MICROSECONDS), earlier[-1].generation + 1 if earlier else 0)
        made = Version(generation, data, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)))
        self.objects[name] = [*earlier, made] if self.versioning else [made]
        self.deleted.discard(name)
        return made

    def remove(self, name: str) -> None:
        self.deleted.add(name)
        if not self.versioning:
            self.objects.pop(name, None)

    def remove_version(self, name: str, generation: int) -> None:
        kept = [one for one in self.objects[name] if one.generation != generation]
        self.objects[name] = kept
        if not kept:
            del self.objects[name]


@dataclass
class Storage:
    """The server's address and the buckets in it."""

    url: str = ""
    buckets: dict[str, Bucket] = field(default_factory=dict)
    uploads: dict[str, tuple[str, bytearray]] = field(default_factory=dict)
    """Objects that come in parts, by the id of the upload."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    knows: Callable[[str], bool] = lambda _token: True
    """Whether it lets in who has a token."""


@contextlib.contextmanager
def storage() -> Iterator[Storage]:
    """A server without buckets; its content ends with the block."""
    state = Storage()
    with serving(type("Handler", (_Handler,), {"storage": state})) as state.url:
        yield state


class _RefusedError(Exception):
    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    """https://cloud.google.com/storage/docs/json_api/v1 and, for reading an object, the XML API."""

    protocol_version = "HTTP/1.1"
    storage: Storage

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def do_DELETE(self) -> None:
        self._do()

    def _do(self) -> None:
        parts = urlsplit(self.path)
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.body = self._received()
        try:
            with self.storage.lock:
                self._authorized()
                self._routed(parts.path)
        except _RefusedError as error:
            self._answer(error.status, {"error": {"code": error.status, "message": str(error)}})

    def _received(self) -> bytes:
        """The body, by its length or in chunks."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while length := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(length))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _routed(self, path: str) -> None:
        routes = (
            (r"/storage/v1/b", self._buckets),
            (r"/storage/v1/b/([^/]+)", self._bucket),
            (r"/storage/v1/b/([^/]+)/o", self._list),
            (r"/(?:download/)?storage/v1/b/([^/]+)/o/([^/]+)", self._object),
            (r"/upload/storage/v1/b/([^/]+)/o", self._upload),
            (r"/v3/projects/([^/]+)", self._project),
            (r"/([^/]+)/(.+)", self._content),
        )
        for pattern, do in routes:
            if found := re.fullmatch(pattern, path):
                return do(*map(unquote, found.groups()))
        raise _RefusedError(404, "no such path")

    def _project(self, project: str) -> None:
        """https://cloud.google.com/resource-manager/reference/rest/v3/projects/get."""
        self._answer(200, {"name": "projects/42", "projectId": project, "state": "ACTIVE"})

    def _authorized(self) -> None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token in ("", "expired") or not self.storage.knows(token):
            raise _RefusedError(401, "Invalid Credentials")
        if token == "denied":
            raise _RefusedError(
                403, "The caller does not have storage.objects.get access to the Google Cloud Storage object."
            )

    def _buckets(self) -> None:
        about = json.loads(self.body)
        if about["name"] in self.storage.buckets:
            raise _RefusedError(
                409, "Your previous request to create the named bucket succeeded and you already own it."
            )
        versioning = about.get("versioning", {}).get("enabled", False)
        key = about.get("encryption", {}).get("defaultKmsKeyName", "")
        self.storage.buckets[about["name"]] = Bucket(versioning, key=key)
        self._answer(200, {"kind": "storage#bucket", "name": about["name"]})

    def _bucket(self, name: str) -> None:
        bucket = self._found(name)
        if self.command == "DELETE":
            if bucket.objects and "force" not in self.query:  # ours: the provider empties it object by object
                raise _RefusedError(409, "The bucket you tried to delete is not empty.")
            del self.storage.buckets[name]
            return self._answer(204, None)
        about = {"kind": "storage#bucket", "name": name, "versioning": {"enabled": bucket.versioning}}
        about |= {"encryption": {"defaultKmsKeyName": bucket.key}} if bucket.key else {}
        return self._answer(200, about)

    def _list(self, name: str) -> None:
        bucket, prefix = self._found(name), self.query.get("prefix", "")
        delimiter = self.query.get("delimiter")
        items: list[Any] = []
        prefixes: set[str] = set()
        for key in sorted(bucket.objects):
            if not key.startswith(prefix):
                continue
            head, cut, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
            if cut:
                prefixes.add(prefix + head + cut)
            elif self.query.get("versions") == "true":
                items += [_about(name, key, one) for one in bucket.objects[key]]
            elif live := bucket.live(key):
                items.append(_about(name, key, live))
        self._answer(200, {"kind": "storage#objects", "items": items, "prefixes": sorted(prefixes)})

    def _object(self, name: str, key: str) -> None:
        bucket = self._found(name)
        version = self._version(bucket, key)
        if self.command == "DELETE":
            self._holds(bucket, key)
            if "generation" in self.query:
                bucket.remove_version(key, version.generation)
            else:
                bucket.remove(key)
            return self._answer(204, None)
        if self.query.get("alt") == "media":
            return self._data(version)
        return self._answer(200, _about(name, key, version))

    def _content(self, name: str, key: str) -> None:
        self._data(self._version(self._found(name), key))

    def _data(self, version: Version) -> None:
        headers = {
            "X-Goog-Generation": str(version.generation),
            "X-Goog-Metageneration": "1",
            "X-Goog-Hash": f"crc32c={_checksum(version.data)}",
            "Last-Modified": "Mon, 05 Jan 2026 00:00:00 GMT",
        }
        self._answer(200, version.data, headers)

    def _upload(self, name: str) -> None:
        bucket = self._found(name)
        if "upload_id" in self.query:
            return self._continued(name, bucket)
        if self.query["uploadType"] == "resumable":
            return self._resumable(name, bucket)
        key, data = self.query.get("name"), self.body
        if self.query["uploadType"] == "multipart":
            about, data = _multipart(self.headers["Content-Type"], self.body)
            key = key or about["name"]
        assert key
        self._holds(bucket, key)
        return self._answer(200, _about(name, key, bucket.put(key, data)))

    def _resumable(self, name: str, bucket: Bucket) -> None:
        """https://cloud.google.com/storage/docs/performing-resumable-uploads: objects of more than 16 MiB, from Go."""
        key = self.query.get("name") or json.loads(self.body)["name"]
        self._holds(bucket, key)
        number = str(len(self.storage.uploads))
        self.storage.uploads[number] = (key, bytearray())
        where = f"http://{self.headers['Host']}/upload/storage/v1/b/{name}/o?uploadType=resumable&upload_id={number}"
        self._answer(200, None, {"Location": where})

    def _continued(self, name: str, bucket: Bucket) -> None:
        key, data = self.storage.uploads[self.query["upload_id"]]
        data += self.body
        total = self.headers["Content-Range"].rpartition("/")[2]
        if total == "*" or int(total) != len(data):
            about = {"X-Http-Status-Code-Override": "308", "Range": f"bytes=0-{len(data) - 1}"}
            return self._answer(200, None, about)
        return self._answer(200, _about(name, key, bucket.put(key, bytes(data))))

    def _found(self, name: str) -> Bucket:
        if name not in self.storage.buckets:
            raise _RefusedError(404, "The specified bucket does not exist.")
        return self.storage.buckets[name]

    def _version(self, bucket: Bucket, key: str) -> Version:
        generation = self.query.get("generation")
        version = bucket.version(key, int(generation)) if generation else bucket.live(key)
        if version is None:
            raise _RefusedError(404, f"No such object: {key}")
        return version

    def _holds(self, bucket: Bucket, key: str) -> None:
        """https://cloud.google.com/storage/docs/request-preconditions: 0 stands for no live version."""
        if "ifGenerationMatch" in self.query:
            live = bucket.live(key)
            if int(self.query["ifGenerationMatch"]) != (live.generation if live else 0):
                raise _RefusedError(412, "At least one of the pre-conditions you specified did not hold.")

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json; charset=UTF-8"
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)


def _multipart(kind: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    """The two parts of multipart/related: what the object is, and its bytes, which may hold line ends."""
    boundary = re.search(r'boundary="?([^";]+)', kind)
    assert boundary
    mark = b"--" + boundary[1].encode()
    first, second = body.split(mark)[1:3]
    about, data = (part.partition(b"\r\n\r\n")[2] for part in (first, second))
    return json.loads(about), data.removesuffix(b"\r\n")


def _about(bucket: str, name: str, version: Version) -> dict[str, Any]:
    return {
        "kind": "storage#object",
        "bucket": bucket,
        "name": name,
        "generation": str(version.generation),
        "metageneration": "1",
        "size": str(len(version.data)),
        "crc32c": _checksum(version.data),
        "timeCreated": version.created,
        "updated": version.created,
    }


def _checksum(data: bytes) -> str:
    return base64.b64encode(google_crc32c.Checksum(data).digest()).decode()
