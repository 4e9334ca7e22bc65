"""The caller's side of the checkov process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

Status = Literal["passed", "failed", "skipped"]

NO_REASON = "No comment provided"
"""What checkov says for a skip comment without a reason."""

_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH")


class CheckovError(Exception):
    """checkov stopped or refused; the text is the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class Record:
    """One check on one resource; `file` is relative to the folder scanned. What passed has no name, line or remedy."""

    status: Status
    id: str
    address: str
    file: str
    name: str = ""
    line: int = 1
    reason: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan; `resources` are `file:address`, `unread` the files checkov could not parse."""

    records: tuple[Record, ...] = ()
    resources: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def count(self, status: Status) -> int:
        """How many records have the status."""
        return sum(record.status == status for record in self.records)


class CheckovProcess:
    """Started on entering, which returns at once; stopped on leaving. Scans may be asked for from any thread."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._home = tempfile.TemporaryDirectory(prefix="groundplan-checkov-")
        self._errors = tempfile.TemporaryFile()
        self._start()
        return self

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "groundplan.check.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=self._home.name,
            env=worker_environment(self._environment, self._home.name),
            text=True,
            encoding="utf-8",
        )
        self._ready = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nothing it holds needs saving, and its interpreter takes a tenth of a second to wind down.
        self._process.kill()
        self._process.communicate()
        self._errors.close()
        self._home.cleanup()

    def hcl(self, folder: Path) -> Scan:
        """What `checkov -d` reports as `terraform scan results`."""
        return self._scan("hcl", folder=str(folder.resolve()))

    def secrets(self, folder: Path) -> Scan:
        """What `checkov -d` reports as `secrets scan results`."""
        return self._scan("secrets", folder=str(folder.resolve()))

    def plan(self, plan: Mapping[str, Any]) -> Scan:
        """What checkov says about a plan, given as `terraform show -json` gives it; its places are of no use."""
        with tempfile.NamedTemporaryFile("w", suffix=".json", dir=self._home.name, encoding="utf-8") as file:
            json.dump(plan, file)
            file.flush()
            return self._scan("plan", file=file.name)

    def _scan(self, scan: str, **arguments: str) -> Scan:
        with self._lock:
            if self._process.poll() is not None:
                self._start()
            if not self._ready:
                self._receive()
                self._ready = True
            stdin = _pipe(self._process.stdin)
            try:
                stdin.write(json.dumps({"scan": scan, "arguments": arguments}) + "\n")
                stdin.flush()
            except BrokenPipeError as error:
                raise self._stopped() from error
            answer = self._receive()
        records = sorted({Record(**record) for record in answer["records"]}, key=_order)
        return Scan(tuple(records), tuple(answer["resources"]), tuple(answer["unread"]))

    def _receive(self) -> dict[str, Any]:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise self._stopped()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _stopped(self) -> CheckovError:
        self._process.wait()
        self._errors.seek(0)
        last = self._errors.read().decode(errors="replace").strip().splitlines()[-3:]
        return CheckovError("\n".join(last) or f"it ended with status {self._process.returncode}")


def worker_environment(environment: Mapping[str, str], home: str) -> dict[str, str]:
    """What the process may know: no keys, no settings of a user's checkov, no home folder, nothing to report to."""
    kept = {name: value for name, value in environment.items() if name in _KEPT}
    return kept | {
        "HOME": home,
        "LOG_LEVEL": "ERROR",
        # Forking workers for folders of this size takes longer than reading them.
        "CHECKOV_PARALLELIZATION_TYPE": "none",
        # A value known only after apply is a value: without this every reference to a key counts as no key.
        "EVAL_TF_PLAN_AFTER_UNKNOWN": "true",
    }


def _order(record: Record) -> tuple[str, int, str, str, str]:
    return record.file, record.line, record.address, record.id, record.status


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise CheckovError("the process has no pipes")
    return pipe
