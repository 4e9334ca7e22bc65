"""What a server meets on Google Cloud, on loopback: metadata server, Secret Manager and Cloud Storage.

Only the part of each that MLflow and its scripts use. Who does not show the token of the metadata server is refused.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import google_crc32c

from tests.services.loopback import serving

TOKEN = "token-of-the-workload"
PROJECT = "fraud-dev"
ACCOUNT = f"mlflow@{PROJECT}.iam.gserviceaccount.com"
METADATA = {"Metadata-Flavor": "Google"}


@dataclass
class Google:
    """The services and what is in them: secrets by `projects/<p>/secrets/<s>`, objects by (bucket, name)."""

    url: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)
    refusals: int = 0
    """How many requests for a secret are refused yet, as right after a role was given."""
    uploads: dict[str, tuple[str, str, bytearray]] = field(default_factory=dict)

    def environment(self, secret_url: str) -> dict[str, str]:
        """Where a process finds the services; `secret_url` is what was rendered for it."""
        host = urlsplit(self.url).netloc
        return {
            "GCE_METADATA_HOST": host,
            "GCE_METADATA_IP": host,
            "API_ENDPOINT_OVERRIDE": self.url,
            "SECRET_URL": secret_url.replace("https://secretmanager.googleapis.com", self.url),
        }


@contextlib.contextmanager
def google() -> Iterator[Google]:
    """Empty services; their content ends with the block."""
    state = Google()
    handler = type("Handler", (_Handler,), {"state": state})
    with serving(handler) as state.url:
        yield state


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Google

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        path, query = self._asked()
        if path == "/" or path.startswith("/computeMetadata/v1"):
            self._metadata(path.removeprefix("/computeMetadata/v1/"))
        elif self._refused():
            return
        elif found := re.fullmatch(r"/v1/(projects/[^/]+/secrets/[^/]+)/versions/latest:access", path):
            self._secret(found[1])
        elif found := re.fullmatch(r"/storage/v1/b/([^/]+)/o", path):
            self._list(found[1], query)
        elif found := re.fullmatch(r"/download/storage/v1/b/([^/]+)/o/([^/]+)", path):
            self._download(found[1], unquote(found[2]))
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        path, query = self._asked()
        body = self._body()
        found = re.fullmatch(r"/upload/storage/v1/b/([^/]+)/o", path)
        if self._refused():
            return
        if not found:
            self._answer(404, {})
        elif query["uploadType"] == "multipart":
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            about, content = BytesParser().parsebytes(head + body).get_payload()
            data = body.split(b"\r\n\r\n", 2)[2].rpartition(b"\r\n--")[0]
            assert content.get_content_type()
            self._stored(found[1], json.loads(about.get_payload())["name"], data)
        else:
            upload = str(len(self.state.uploads))
            self.state.uploads[upload] = (found[1], json.loads(body)["name"], bytearray())
            self._answer(200, {}, {"Location": f"{self.state.url}{path}?uploadType=resumable&upload_id={upload}"})

    def do_PUT(self) -> None:
        _, query = self._asked()
        body = self._body()
        if self._refused():
            return
        bucket, name, data = self.state.uploads[query["upload_id"]]
        data.extend(body)
        if self.headers["Content-Range"].endswith(f"/{len(data)}"):
            self._stored(bucket, name, bytes(data))
        else:
            self._answer(308, {}, {"Range": f"bytes=0-{len(data) - 1}"})

    def do_DELETE(self) -> None:
        path, _ = self._asked()
        found = re.fullmatch(r"/storage/v1/b/([^/]+)/o/([^/]+)", path)
        if not self._refused():
            known = found and self.state.objects.pop((found[1], unquote(found[2])), None) is not None
            self._answer(204 if known else 404, None)

    def _metadata(self, path: str) -> None:
        if self.headers.get("Metadata-Flavor") != "Google":
            self._answer(403, {})
            return
        path = path.replace(f"/{ACCOUNT}/", "/default/")
        account = {"email": ACCOUNT, "scopes": [], "aliases": ["default"]}
        known: dict[str, Any] = {
            "/": "computeMetadata/",
            "project/project-id": PROJECT,
            "universe/universe-domain": "googleapis.com",
            "instance/service-accounts/default/": account,
            "instance/service-accounts/default/token": {
                "access_token": TOKEN,
                "expires_in": 3599,
                "token_type": "Bearer",
            },
        }
        self._answer(200 if path in known else 404, known.get(path, ""), METADATA)

    def _secret(self, name: str) -> None:
        if self.state.refusals:
            self.state.refusals -= 1
            self._answer(403, {"error": {"status": "PERMISSION_DENIED"}})
            return
        text = self.state.secrets[name]
        self._answer(200, {"payload": {"data": base64.b64encode(text.encode()).decode()}})

    def _list(self, bucket: str, query: dict[str, str]) -> None:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter")
        names = sorted(name for held, name in self.state.objects if held == bucket and name.startswith(prefix))
        below = {name: name[len(prefix) :].partition(delimiter) if delimiter else (name, "", "") for name in names}
        items = [self._about(bucket, name) for name, (_, cut, _) in below.items() if not cut]
        folders = sorted({prefix + first + cut for first, cut, _ in below.values() if cut})
        self._answer(200, {"kind": "storage#objects", "items": items, "prefixes": folders})

    def _download(self, bucket: str, name: str) -> None:
        data = self.state.objects.get((bucket, name))
        if data is None:
            self._answer(404, {})
        elif asked := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            first, last = int(asked[1]), min(int(asked[2]), len(data) - 1)
            place = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
            self._answer(206, data[first : last + 1], place)
        else:
            self._answer(200, data, {"X-Goog-Hash": f"crc32c={_checksum(data)}"})

    def _stored(self, bucket: str, name: str, data: bytes) -> None:
        self.state.objects[bucket, name] = data
        self._answer(200, self._about(bucket, name))

    def _about(self, bucket: str, name: str) -> dict[str, str]:
        data = self.state.objects[bucket, name]
        about = {"kind": "storage#object", "bucket": bucket, "name": name}
        return {**about, "size": str(len(data)), "crc32c": _checksum(data)}

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return parts.path, {key: values[0] for key, values in parse_qs(parts.query).items()}

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _refused(self) -> bool:
        allowed = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if not allowed:
            self._answer(401, {})
        return not allowed

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = body if isinstance(body, bytes) else b"" if body is None else _encoded(body)
        kind = "application/json" if isinstance(body, dict) else "application/text"
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)


def _encoded(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def _checksum(data: bytes) -> str:
    return base64.b64encode(google_crc32c.Checksum(data).digest()).decode()
