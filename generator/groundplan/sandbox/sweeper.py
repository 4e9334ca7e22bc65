"""The list that `sweep.py` keeps: programs and folders that must not outlive groundplan, however it ends."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

_SWEEP = str(Path(__file__).with_name("sweep.py"))


class _Sweeper:
    """Runs while anything is listed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, entry: str) -> None:
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", _SWEEP],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    cwd="/",
                    env={},
                )
            self._count += 1
            self._write(f"+{entry}\n")

    def remove(self, entry: str) -> None:
        with self._lock:
            self._count -= 1
            self._write(f"-{entry}\n")
            if self._count == 0 and self._process is not None:
                process, self._process = self._process, None
                with contextlib.suppress(BrokenPipeError):
                    process.communicate()

    def _write(self, line: str) -> None:
        """A sweeper that somebody killed is missed by nobody but the next one who kills groundplan."""
        assert self._process is not None and self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(line.encode("ascii"))
            self._process.stdin.flush()


_sweeper = _Sweeper()


@contextlib.contextmanager
def folder_swept(folder: Path) -> Iterator[None]:
    """While the context is open, the folder is removed when groundplan is killed."""
    with _listed(f"folder {os.fsencode(folder).hex()}"):
        yield


@contextlib.contextmanager
def process_swept(number: int) -> Iterator[None]:
    """While the context is open, the process and the group that it leads end when groundplan is killed."""
    with _listed(f"process {number}"):
        yield


@contextlib.contextmanager
def _listed(entry: str) -> Iterator[None]:
    _sweeper.add(entry)
    try:
        yield
    finally:
        _sweeper.remove(entry)
