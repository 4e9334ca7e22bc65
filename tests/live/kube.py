"""A cluster's API on loopback, behind TLS, with controllers that take their time; and the clouds' answers about it."""

from __future__ import annotations

import base64
import contextlib
import datetime
import ipaddress
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.services.loopback import serving

_PATHS = {
    "Service": "/api/v1/namespaces/{}/services/{}",
    "Ingress": "/apis/networking.k8s.io/v1/namespaces/{}/ingresses/{}",
    "PersistentVolumeClaim": "/api/v1/namespaces/{}/persistentvolumeclaims/{}",
}
_SERVED = re.compile(r"/api/v1|/apis/networking\.k8s\.io/v1")


@dataclass
class FakeCluster:
    """Its objects by path, and whoever asked with which token."""

    url: str = ""
    ca: str = ""
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    """Paths of what no controller ends."""
    deleted: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    stands: Callable[[str], bool] = lambda _name: False
    """Whether the cloud has a cluster of the name."""
    compute: dict[str, Any] = field(default_factory=dict)
    """Items of Compute Engine by the end of their path."""
    denied: set[str] = field(default_factory=set)
    """What nobody may do: `create secrets`."""
    strangers: bool = False
    """Whether it knows nobody."""
    reviewed: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def add(self, kind: str, namespace: str, name: str, *, stuck: bool = False, **spec: Any) -> str:
        """Puts an object there; gives its path."""
        path = _PATHS[kind].format(namespace, name)
        self.objects[path] = {"kind": kind, "metadata": {"namespace": namespace, "name": name}, "spec": spec}
        self.stuck |= {path} if stuck else set()
        return path

    def answer(self, method: str, path: str) -> tuple[int, dict[str, Any]]:
        """Status and body, as the API gives them. What is deleted is gone at the second look."""
        with self.lock:
            if method == "DELETE" and path in self.objects:
                self.deleted.append(path)
                self.objects[path]["metadata"]["deletionTimestamp"] = "2026-01-05T00:00:00Z"
                return 200, self.objects[path]
            if path in self.objects:
                return 200, self._looked_at(path)
            return self._listed(path)

    def review(self, about: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What it says of a right of the caller's."""
        right = f"{about['verb']} {about['resource']}"
        self.reviewed.append(right)
        return 201, {"status": {"allowed": right not in self.denied}}

    def _looked_at(self, path: str) -> dict[str, Any]:
        found = self.objects[path]
        if "deletionTimestamp" in found["metadata"] and path not in self.stuck:
            del self.objects[path]
        return found

    def _listed(self, path: str) -> tuple[int, dict[str, Any]]:
        group, _, plural = path.rpartition("/")
        if not _SERVED.fullmatch(group):
            return 404, {"kind": "Status", "code": 404}
        wanted = re.compile(rf"{re.escape(group)}/namespaces/[^/]+/{plural}/[^/]+")
        return 200, {"metadata": {}, "items": [one for at, one in self.objects.items() if wanted.fullmatch(at)]}


@contextlib.contextmanager
def fake_cluster(folder: Path) -> Iterator[FakeCluster]:
    """A cluster without objects; `folder` takes its key."""
    made = FakeCluster()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            self._do()

        def do_DELETE(self) -> None:
            self._do()

        def do_POST(self) -> None:
            self._do()

        def _do(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            made.tokens.add(token)
            if not token or made.strangers:
                status, body = 401, {}
            elif self.path.endswith("/selfsubjectaccessreviews"):
                status, body = made.review(json.loads(sent)["spec"]["resourceAttributes"])
            else:
                status, body = made.answer(self.command, self.path.partition("?")[0])
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    certificate, key = _certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    made.url = f"https://127.0.0.1:{server.server_address[1]}"
    made.ca = base64.b64encode(certificate.read_bytes()).decode()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate that is its own CA, for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cluster")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(
        now + datetime.timedelta(days=1)
    )
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate, private = folder / "cluster.pem", folder / "cluster.key"
    certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return certificate, private


@contextlib.contextmanager
def clouds(cluster: FakeCluster) -> Iterator[str]:
    """The address of EKS, GKE and Compute Engine, as far as they are asked about a cluster."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            name = path.rpartition("/")[2]
            known = cluster.stands(name)
            eks = path.startswith("/clusters/")
            if path.startswith("/compute/"):
                status, body = 200, {"items": cluster.compute.get(name, {})}
            elif not known:
                status, body = 404, {"message": f"no cluster {name}"}
            else:
                status, body = 200, {"cluster": _eks(cluster)} if eks else _gke(cluster)
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if eks and not known:
                self.send_header("x-amzn-ErrorType", "ResourceNotFoundException")
            self.end_headers()
            self.wfile.write(data)

    with serving(Handler) as url:
        yield url


def _eks(cluster: FakeCluster) -> dict[str, Any]:
    access = {"endpointPublicAccess": True}
    return {"endpoint": cluster.url, "certificateAuthority": {"data": cluster.ca}, "resourcesVpcConfig": access}


def _gke(cluster: FakeCluster) -> dict[str, Any]:
    endpoint = cluster.url.removeprefix("https://")
    return {"endpoint": endpoint, "masterAuth": {"clusterCaCertificate": cluster.ca}}
