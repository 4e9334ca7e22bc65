"""Servers as child processes on loopback: started with a clean environment, waited for, and ended by their own id."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 90.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Answer:
    status: int
    body: str

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    url: str,
    *,
    user: tuple[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    method: str | None = None,
) -> Answer:
    """One HTTP request without any proxy; every status is an answer."""
    request = urllib.request.Request(url, headers=dict(headers or {}), method=method)
    if user:
        request.add_header("Authorization", "Basic " + base64.b64encode(":".join(user).encode()).decode())
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return Answer(response.status, response.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode("utf-8", "replace"))


def answers(url: str) -> Callable[[], bool]:
    """Whether a server answers 200 there."""

    def check() -> bool:
        with contextlib.suppress(OSError):
            return ask(url).status == 200
        return False

    return check


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    log: Path,
    ready: Callable[[], bool],
    *,
    environment: Mapping[str, str] | None = None,
    user: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that is ready; it and everything it started end with the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment if environment is not None else {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
            start_new_session=True,
            user=user,
        )
    try:
        wait_for(process, ready, log)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    """Returns once the server is ready; fails with its log when it ended or takes too long."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not ready():
        late = time.monotonic() > deadline
        if process.poll() is not None or late:
            ending = "is not ready" if late else f"ended with {process.returncode}"
            raise AssertionError(f"{process.args!r} {ending}:\n{log.read_text('utf-8', 'replace')[-4000:]}")
        time.sleep(0.1)
