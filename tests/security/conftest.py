"""What an attack would touch: a program, a port, a variable and a file, each of which tells when it was."""

from __future__ import annotations

import base64
import os
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from groundplan.cli import run

SECRET = "correct-horse-battery-staple"
_COMMAND = re.compile(r"^\s*(?:::|##\[|##vso\[|##teamcity\[)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and all that it printed."""

    code: int
    out: str
    err: str

    @property
    def printed(self) -> str:
        return self.out + self.err


@dataclass
class Sentinel:
    """Watches while commands run on what an attacker wrote."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    port: int = 0
    connections: list[str] = field(default_factory=list)

    @property
    def program(self) -> Path:
        """A program that leaves a mark when it runs."""
        return self.folder / "program"

    @property
    def mark(self) -> Path:
        """The mark."""
        return self.folder / "program-ran"

    @property
    def outside(self) -> Path:
        """A file outside of what is checked; its text is the secret."""
        return self.folder / "outside.txt"

    def groundplan(self, arguments: Sequence[str]) -> Ended:
        """Runs a command on an attacker's input, and fails when anything was touched or shown that must not be."""
        self.capture.readouterr()
        code = run(arguments)
        ended = Ended(code, *self.capture.readouterr())
        printed = ended.printed
        assert not self.mark.exists(), "a program ran"
        assert not self.connections, "a connection was opened"
        for form in (SECRET, base64.b64encode(SECRET.encode()).decode().rstrip("=")[:-1]):
            assert form not in printed, "a secret was printed"
        assert "Traceback" not in printed
        assert not _COMMAND.search(printed), "a line that a CI system takes for a command"
        assert not _CONTROL.search(printed), "a control character"
        return ended


@pytest.fixture
def sentinel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Sentinel]:
    """A program, a port, a variable and a file to attack."""
    (folder := tmp_path / "sentinel").mkdir()
    made = Sentinel(folder, capfd)
    made.program.write_text(f"#!/bin/sh\ntouch {made.mark}\n", encoding="utf-8")
    made.program.chmod(0o755)
    made.outside.write_text(f"{SECRET}\n", encoding="utf-8")
    monkeypatch.setenv("SENTINEL_SECRET", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    with socket.create_server(("127.0.0.1", 0)) as server:
        made.port = server.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(server, made.connections), daemon=True)
        thread.start()
        yield made
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _accept(server: socket.socket, connections: list[str]) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connections.append(str(connection.getpeername()))
        connection.close()


@pytest.fixture(params=["both walls", "the first wall alone"])
def walls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Runs a test twice: as on any machine, and without a sandbox."""
    if request.param == "the first wall alone":
        monkeypatch.setenv("GROUNDPLAN_SANDBOX", "off")
    assert os.environ["HOME"]
    chosen: str = request.param
    return chosen
