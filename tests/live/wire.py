"""A way to a server on loopback that a test can cut: connections break, new ones are refused."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Wire:
    """Passes bytes on between a port of its own and a server."""

    def __init__(self, server: str) -> None:
        """`server` is the address of an HTTP server; `url` is where it is reached through the wire."""
        target = urlsplit(server)
        assert target.hostname and target.port
        self._target = (target.hostname, target.port)
        self._port = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def mend(self) -> None:
        """Takes connections, on the port that it had."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Breaks all connections and refuses new ones."""
        _close(self._listener)
        with self._lock:
            for one in self._open:
                _close(one)
            self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self._target)
            except OSError:
                return
            with self._lock:
                self._open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        with self._lock:
            self._open -= {one, other}
        _close(one)
        _close(other)


@contextlib.contextmanager
def wire(server: str) -> Iterator[Wire]:
    """A wire to a server, whole until it is cut."""
    made = Wire(server)
    try:
        yield made
    finally:
        made.cut()


def _close(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
