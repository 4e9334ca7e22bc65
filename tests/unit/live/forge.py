"""A server on loopback that keeps comments and issues as GitHub and GitLab do, page by page."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Item = dict[str, Any]


class Forge:
    """What it holds; `refuses` has a status by method and path, `seen` every call with its headers."""

    def __init__(self) -> None:
        self.items: dict[str, list[Item]] = {}
        self.refuses: dict[tuple[str, str], int] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.url = ""
        self.user: Item = {"type": "Bot"}
        """Whose token it is, as GitHub tells it."""
        self.allows: Callable[[str, str, str], bool] = lambda method, path, token: True
        """Whether a token, as it stands in its header, may do that."""

    def answer(self, method: str, target: str, body: Item | None, headers: dict[str, str]) -> tuple[int, Any]:
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        self.seen.append((method, target, headers))
        if status := self.refuses.get((method, path)):
            return status, {"message": "Resource not accessible by integration\x1b[2J"}
        if not self.allows(method, path, _token(headers)):
            return 403, {"message": "Resource not accessible by integration"}
        if path == "/user":
            return 200, {"id": 7}
        if method == "GET":
            page, size = int(query["page"][0]), int(query["per_page"][0])
            found = [one for one in self.items.get(path, []) if one.get("state") not in ("closed", "close")]
            return 200, found[(page - 1) * size : page * size]
        assert body is not None
        return self._write(method, path, body)

    def _write(self, method: str, path: str, body: Item) -> tuple[int, Any]:
        if method == "POST":
            items = self.items.setdefault(path, [])
            number = 1000 + sum(map(len, self.items.values()))
            made = {"id": number, "number": number, "iid": number, "user": self.user, "author": {"id": 7}}
            items.append({**made, **body, "html_url": f"https://example.com/{number}"})
            return 201, items[-1]
        number = int(path.rpartition("/")[2])
        found = next(one for items in self.items.values() for one in items if one["id"] == number)
        found |= body
        if "state_event" in body:
            found["state"] = body["state_event"]
        return 200, found


def _token(headers: dict[str, str]) -> str:
    values = (headers.get(name, "") for name in ("Authorization", "Private-Token", "PRIVATE-TOKEN", "Job-Token"))
    return next((value.removeprefix("Bearer ") for value in values if value), "")


@contextmanager
def serving() -> Iterator[Forge]:
    forge = Forge()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, found = forge.answer(self.command, re.sub("^/api", "", self.path), body, dict(self.headers))
            text = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            if status in (301, 302):
                self.send_header("Location", f"{forge.url}/elsewhere")
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = _answer  # noqa: N815 - names that the server looks for

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_port}/api"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
