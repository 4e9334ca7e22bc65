"""S3 and Secrets Manager on loopback (moto), and the agent that gives pods their identity."""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import boto3

from tests.services.processes import answers, free_port, running

TOKEN = "token-of-the-pod"


@dataclass(frozen=True)
class Aws:
    """Where the two services are, and the environment that EKS Pod Identity gives a pod."""

    url: str
    region: str
    pod_environment: dict[str, str]

    def client(self, service: str) -> Any:
        """A client with rights of its own."""
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        return boto3.client(service, region_name=self.region, endpoint_url=self.url, **keys)


@contextlib.contextmanager
def aws(folder: Path, region: str) -> Iterator[Aws]:
    """Empty services; their content ends with the block."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    (folder / "token").write_text(TOKEN, encoding="utf-8")
    with running(command, folder / "moto.log", answers(f"{url}/moto-api/data.json")), pod_identity_agent() as agent:
        environment = {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": agent,
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(folder / "token"),
            "AWS_ENDPOINT_URL": url,
        }
        yield Aws(url, region, environment)


class _Agent(BaseHTTPRequestHandler):
    """Credentials for who shows the token of the pod."""

    def do_GET(self) -> None:
        allowed = self.headers.get("Authorization") == TOKEN
        expiration = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)
        body = {
            "AccessKeyId": "AKIAPODIDENTITY00000",
            "SecretAccessKey": "key-of-the-pod",
            "Token": "session-of-the-pod",
            "Expiration": expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(json.dumps(body if allowed else {}).encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def pod_identity_agent() -> Iterator[str]:
    """The address of the agent, as AWS_CONTAINER_CREDENTIALS_FULL_URI names it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Agent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/credentials"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)
