"""Charts of the tests' own, and repositories that serve them on this machine: HTTP with an index, and OCI."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHART_YAML = "apiVersion: v2\nname: shop\nversion: 1.2.3\n"
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  color: {{ .Values.color | quote }}
"""
SHOP = {"Chart.yaml": CHART_YAML, "values.yaml": "color: red\n", "templates/config.yaml": CONFIG_MAP}
"""The files of a chart."""

LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"


def packed(files: Mapping[str, str] = SHOP, name: str = "shop") -> bytes:
    """A chart as Helm packs it, the same bytes every time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as archive:
        for path, text in files.items():
            info = tarfile.TarInfo(f"{name}/{path}")
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Answer:
    """What a server answers at a path."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    """Answered only to who has it."""


@dataclass
class Server:
    """A server that runs; `asked` has the path and the headers of each request."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def authority(self) -> str:
        return self.url.removeprefix("http://")

    def chart(self, data: bytes, *, name: str = "shop", version: str = "1.2.3", said: str | None = None) -> str:
        """Serves a chart in an index; returns the repository."""
        digest_said = digest(data) if said is None else said
        index = f"apiVersion: v1\nentries:\n  other:\n  - version: 9.9.9\n    urls: [gone.tgz]\n  {name}:\n"
        index += f"  - version: {version}\n    digest: {digest_said}\n    urls:\n    - {name}-{version}.tgz\n"
        self.answers["/index.yaml"] = Answer(index.encode())
        self.answers[f"/{name}-{version}.tgz"] = Answer(data)
        return self.url

    def registry(self, data: bytes, *, path: str = "team/shop", tag: str = "1.2.3", token: str = "") -> str:
        """Serves a chart as a registry does; returns the repository."""
        layer = {"mediaType": LAYER, "digest": f"sha256:{digest(data)}", "size": len(data)}
        manifest = json.dumps({"schemaVersion": 2, "layers": [layer]}).encode()
        realm = f'Bearer realm="{self.url}/token",service="here",scope="repository:{path}:pull"'
        refused = {"WWW-Authenticate": realm} if token else {}
        self.answers[f"/v2/{path}/manifests/{tag}"] = Answer(manifest, headers=refused, token=token)
        self.answers[f"/v2/{path}/blobs/sha256:{digest(data)}"] = Answer(data, headers=refused, token=token)
        self.answers["/token"] = Answer(json.dumps({"token": token}).encode())
        return f"oci://{self.authority}/{path.rpartition('/')[0]}"


@contextmanager
def served() -> Iterator[Server]:
    """A server on a free port of the loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, dict(self.headers)))
            answer = server.answers.get(self.path.partition("?")[0], Answer(status=404))
            if answer.token and self.headers.get("Authorization") != f"Bearer {answer.token}":
                answer = Answer(status=401, headers=answer.headers)
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{httpd.server_address[1]}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
