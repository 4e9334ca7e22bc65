"""Google's APIs on loopback: answers by method and path, in the shape that the real ones have."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Any]


@dataclass
class Google:
    """Where the server is, what it answers, and what it was asked: method, path, query, body."""

    url: str
    answers: Mapping[str, Answer]
    asked: list[tuple[str, str, dict[str, list[str]], Any]] = field(default_factory=list)

    def bodies(self, path: str) -> list[Any]:
        return [body for _, asked, _, body in self.asked if asked == path]


@contextlib.contextmanager
def google(answers: Mapping[str, Answer]) -> Iterator[Google]:
    """A server that answers as told, and 404 in Google's form to everything else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer(json.loads(self.rfile.read(length)))

        def _answer(self, body: Any) -> None:
            split = urlsplit(self.path)
            made.asked.append((self.command, split.path, parse_qs(split.query), body))
            status, answer = made.answers.get(split.path, refusal(404, f"{split.path} was not found"))
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Google(f"http://127.0.0.1:{server.server_port}", answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def refusal(status: int, message: str) -> Answer:
    return status, {"error": {"code": status, "message": message, "errors": [{"message": message}]}}
