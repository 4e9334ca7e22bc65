"""The caller's side of the checkov process."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from groundplan.check import grammar
from groundplan.sandbox.processes import collect, end, running
from groundplan.sandbox.python import import_folders, module_environment, module_words
from groundplan.sandbox.sandbox import Needs, Sandbox, best_sandbox
from groundplan.sandbox.walls import Limits
from groundplan.terraform.workspace import throwaway_folder

Status = Literal["passed", "failed", "skipped"]

NO_REASON = "No comment provided"
"""What checkov says for a skip comment without a reason."""

SCAN_SECONDS = 300.0
"""How long one scan may take: a hundred times what the largest environments do."""

_KEPT = ("PATH", "LANG", "LC_ALL")
_LIMITS = Limits(cpu_seconds=6 * 3600)
"""It serves many folders, each scan with its own deadline."""
_ANSWER_BYTES = 512 * 1024**2


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

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: Path,
        *,
        sandbox: Sandbox | None = None,
        scan_seconds: float = SCAN_SECONDS,
    ) -> None:
        """What is scanned lies in `folder`, of which it sees nothing else; a scan ends after `scan_seconds`."""
        self._environment = environment
        self._folder = folder
        self._sandbox = sandbox
        self._scan_seconds = scan_seconds
        self._lock = threading.Lock()
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._base = self._stack.enter_context(throwaway_folder())
        self._errors = self._stack.enter_context(tempfile.TemporaryFile(dir=self._base))
        self._start()
        return self

    def _start(self, *, outlives_thread: bool = False) -> None:
        """Starts it with a home that is new, so that nothing is left in it by one that had read something."""
        home = Path(tempfile.mkdtemp(prefix="home-", dir=self._base))
        plans = self._base / "plans"
        plans.mkdir(exist_ok=True)
        grammar.provide(home)
        imports = import_folders("groundplan", "checkov")
        _compile_once(home, imports)
        needs = Needs((*imports, self._folder, plans), (home,), _LIMITS, input=True, outlives_thread=outlives_thread)
        self._process = subprocess.Popen(
            (self._sandbox or best_sandbox()).command(module_words("groundplan.check.worker"), needs),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=home,
            env=worker_environment(self._environment, home, imports),
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        self._stack.enter_context(running(self._process))
        self._ready = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nothing it holds needs saving, and its interpreter takes a tenth of a second to wind down.
        end(self._process)
        self._process.communicate()
        self._stack.__exit__(kind, error, trace)

    def hcl(self, folder: Path) -> Scan:
        """What `checkov -d` reports as `terraform scan results`."""
        return self._scan("hcl", folder=str(folder.resolve()))

    def secrets(self, folder: Path) -> Scan:
        """What `checkov -d` reports as `secrets scan results`."""
        return self._scan("secrets", folder=str(folder.resolve()))

    def plan(self, plan: Mapping[str, Any]) -> Scan:
        """What checkov says about a plan, given as `terraform show -json` gives it; its places are of no use."""
        with tempfile.NamedTemporaryFile("w", suffix=".json", dir=self._base / "plans", encoding="utf-8") as file:
            json.dump(plan, file)
            file.flush()
            return self._scan("plan", file=file.name)

    def objects(self, files: Mapping[str, Mapping[str, Any]]) -> Scan:
        """What checkov says about objects of Kubernetes, each in the file of this name.

        checkov takes a file with `{{ .Values.` or `{{ .Release.` for a template, and leaves it out without a word. In
        texts, where alone two braces stand side by side, the second may as well be escaped.
        """
        with tempfile.TemporaryDirectory(dir=self._base / "plans") as folder:
            for name, item in files.items():
                text = json.dumps(item).replace("{{", "{\\u007b")
                (Path(folder) / name).write_text(text, encoding="utf-8")
            return self._scan("objects", folder=folder)

    def _scan(self, scan: str, **arguments: str) -> Scan:
        with self._lock:
            if self._process.poll() is not None:
                self._start(outlives_thread=True)
            with self._deadline(f"its {scan} scan"):
                if not self._ready:
                    grammar.keep({name: base64.b64decode(text) for name, text in self._receive()["grammars"].items()})
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

    @contextlib.contextmanager
    def _deadline(self, what: str) -> Iterator[None]:
        """Ends the process when the time is over, and says so."""
        over = threading.Event()

        def stop() -> None:
            over.set()
            end(self._process)

        timer = threading.Timer(self._scan_seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        except CheckovError:
            if not over.is_set():
                raise
            message = f"{what} took longer than {self._scan_seconds:g} s and was stopped"
            raise CheckovError(message) from None
        finally:
            timer.cancel()

    def _receive(self) -> dict[str, Any]:
        line = _pipe(self._process.stdout).readline(_ANSWER_BYTES)
        if not line:
            raise self._stopped()
        if not line.endswith("\n"):
            end(self._process)
            raise CheckovError("its answer is too long")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _stopped(self) -> CheckovError:
        self._process.wait()
        self._errors.seek(0)
        last = self._errors.read().decode(errors="replace").strip().splitlines()[-3:]
        return CheckovError("\n".join(last) or f"it ended with status {self._process.returncode}")


def worker_environment(environment: Mapping[str, str], home: Path, imports: list[Path]) -> dict[str, str]:
    """What the process may know: no keys, no settings of a user's checkov, no home folder, nothing to report to."""
    kept = {name: value for name, value in environment.items() if name in _KEPT}
    return {
        **module_environment(home, imports),
        **kept,
        # The name under which its parser keeps its tables, see `grammar`.
        "LOGNAME": grammar.USER,
        "LOG_LEVEL": "ERROR",
        # Forking workers for folders of this size takes longer than reading them.
        "CHECKOV_PARALLELIZATION_TYPE": "none",
        # A value known only after apply is a value: without this every reference to a key counts as no key.
        "EVAL_TF_PLAN_AFTER_UNKNOWN": "true",
    }


def _compile_once(home: Path, imports: list[Path]) -> None:
    """Has checkov's modules compiled where the installer did not: behind the walls nobody can keep the result.

    The process reads the installation alone, in a home of its own.
    """
    spec = find_spec("checkov")
    if spec is None or spec.origin is None or sys.dont_write_bytecode:
        return
    compiled = Path(cache_from_source(spec.origin))
    if compiled.exists() or not os.access(spec.origin, os.W_OK) or not os.access(Path(spec.origin).parent, os.W_OK):
        return
    words = module_words("groundplan.check.worker")
    environment = worker_environment({}, home, imports)
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home, env=environment
    )
    with running(process):
        collect(process, timeout_seconds=SCAN_SECONDS)


def _order(record: Record) -> tuple[str, int, str, str, str]:
    return record.file, record.line, record.address, record.id, record.status


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise CheckovError("the process has no pipes")
    return pipe
