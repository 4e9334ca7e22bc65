"""States of rehearsals, behind Terraform's `http` backend on the loopback interface.

The `local` backend writes the whole state after every resource: for an environment of 300 resources that takes twice as
long as the rest of its apply and destroy. Other backends are written to at the end of a run and every 20 seconds.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseServer, ThreadingMixIn, UnixStreamServer
from typing import Protocol, Self

from groundplan.sandbox.sandbox import Sandbox

_LOOPBACK = "127.0.0.1"
_PROBE_SECONDS = 1.0
_MAX_BYTES = 512 * 1024**2
"""Of a state."""
_POLL_SECONDS = 0.05
"""How long it may take to notice that it is to stop."""


class StateServer:
    """Serves state files while its context is open: on loopback, or by a relay to programs that have no network."""

    def __init__(self, folder: Path | None = None, relayed: Sandbox | None = None) -> None:
        """`folder` takes the socket that `relayed` leads to; without, programs reach the machine's loopback."""
        self.socket = folder / "state.sock" if folder and relayed else None
        self._relayed = relayed
        self._by_block: dict[str, _State] = {}

    def __enter__(self) -> Self:
        self._server: _States | None = _relay_end(self.socket) if self.socket else _listen()
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._server is not None:
            self._server.stop()

    def backend(self, file: Path | None = None) -> str | None:
        """The backend block for a root whose state is to be in `file`; None where nothing can listen on loopback.

        Without a file the state is kept in memory, for every root that has the same block. The address cannot be
        guessed, so that no other user of the machine can read or change the state.
        """
        if self._server is None:
            return None
        path = f"/{secrets.token_urlsafe(32)}"
        state = self._server.states[path] = _Kept() if file is None else _File(file)
        relayed = self._relayed if self.socket else None
        host = relayed.relay_address if relayed else f"{_LOOPBACK}:{self._server.port}"
        address = json.dumps(f"http://{host}{path}")
        block = f'terraform {{\n  backend "http" {{\n    address = {address}\n  }}\n}}\n'
        self._by_block[block] = state
        return block

    def read(self, block: str) -> bytes:
        """The state that is where a backend block says; OSError before the first one was written."""
        return self._by_block[block].read()


class _State(Protocol):
    """Where a state is kept."""

    def read(self) -> bytes:
        """The state; OSError before the first one was written."""

    def write(self, content: bytes) -> None:
        """Puts another one in its place."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path

    def read(self) -> bytes:
        with open(_open(self.path, os.O_RDONLY), "rb") as state:
            return state.read(_MAX_BYTES)

    def write(self, content: bytes) -> None:
        with open(_open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as state:
            state.write(content)


@dataclass(slots=True)
class _Kept:
    content: bytes | None = None

    def read(self) -> bytes:
        if self.content is None:
            raise FileNotFoundError
        return self.content

    def write(self, content: bytes) -> None:
        self.content = content


class _States(BaseServer):
    """The states, by the path of their address."""

    socket: socket.socket

    def __init__(self, address: object) -> None:
        super().__init__(address, _Handler)  # type: ignore[arg-type]
        self.states: dict[str, _State] = {}

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        return int(self.socket.getsockname()[1])

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a Terraform that is killed says so itself."""


class _LoopbackServer(_States, ThreadingHTTPServer):
    daemon_threads = True


class _UnixServer(_States, ThreadingMixIn, UnixStreamServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    """https://developer.hashicorp.com/terraform/language/backend/http, without locking."""

    server: _States
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The state, or 404 before the first one was written."""
        state = self.server.states.get(self.path)
        try:
            if state is None:
                raise FileNotFoundError
            self._answer(HTTPStatus.OK, state.read())
        except OSError:
            self._answer(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """A new state."""
        length = int(self.headers.get("Content-Length", 0))
        if not 0 <= length <= _MAX_BYTES:
            self.close_connection = True
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        content = self.rfile.read(length)
        state = self.server.states.get(self.path)
        if state is None:
            self._answer(HTTPStatus.NOT_FOUND)
        else:
            state.write(content)
            self._answer(HTTPStatus.OK)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the error stream is the command's."""

    def _answer(self, status: HTTPStatus, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _open(file: Path, flags: int) -> int:
    """Opens a file by a path without links: what runs behind the walls may have put one there, to lead us elsewhere."""
    folder = os.open("/", os.O_DIRECTORY)
    for part in file.parent.parts[1:]:
        try:
            inner = os.open(part, os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
        finally:
            os.close(folder)
        folder = inner
    try:
        return os.open(file.name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=folder)
    finally:
        os.close(folder)


def _relay_end(socket_path: Path) -> _States:
    server = _UnixServer(str(socket_path))
    server.start()
    return server


def _listen() -> _LoopbackServer | None:
    try:
        server = _LoopbackServer((_LOOPBACK, 0))
    except OSError:
        return None
    server.start()
    if _reachable(server.port):
        return server
    server.stop()
    return None


def _reachable(port: int) -> bool:
    """In a network namespace whose loopback interface is down one can listen but not connect."""
    try:
        socket.create_connection((_LOOPBACK, port), _PROBE_SECONDS).close()
    except OSError:
        return False
    return True
