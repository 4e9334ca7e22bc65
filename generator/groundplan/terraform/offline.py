"""Real Terraform without a network: validate, plan, rehearse and test configurations against made-up providers."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.terraform import reports
from groundplan.terraform.archive import SchemaArchive, SchemaSource, schema_sources
from groundplan.terraform.runner import Completed, Program, Runner, embedded_program, installed_program
from groundplan.terraform.usage import scan
from groundplan.terraform.workspace import Workspace, copy_configuration, use_local_backend

_ROOT_NAME = re.compile(r"\d\d-.+")
_TIMEOUT_SECONDS = 300.0
_SERVER_START_SECONDS = 30.0

_CLI_CONFIG = """\
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path = {mirror}
  }}
}}
host "registry.terraform.io" {{
  services = {{}}
}}
host "registry.opentofu.org" {{
  services = {{}}
}}
"""
"""Nothing is ever fetched: providers come from an empty folder, and the registries offer no modules."""

_ENVIRONMENT = {"GIT_ALLOW_PROTOCOL": "file", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}


@dataclass(frozen=True, slots=True)
class RootResult:
    """Whether a root initialises and validates."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class PlanResult:
    """Whether a root plans, and its plan as `terraform show -json` gives it (None when it does not plan)."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    plan: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RehearsalResult:
    """What became of a root that was applied, planned again and destroyed."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    created: int = 0
    changed_by_second_plan: int = 0
    destroyed: int = 0
    secrets_searched: int = 0
    """How many secret values the state and the plan were searched for."""


@dataclass(frozen=True, slots=True)
class TestResult:
    """How the test files of a module folder ended, in numbers of runs."""

    __test__ = False

    folder: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    passed: int = 0
    failed: int = 0
    errored: int = 0
    skipped: int = 0


@contextlib.contextmanager
def offline_session(
    folder: Path,
    roots: Sequence[str] | None = None,
    *,
    schema_files: Sequence[Path] = (),
    terraform_bin: str | None = None,
) -> Iterator[OfflineSession]:
    """A session on a folder; everything it starts or writes is gone when it ends.

    Without `roots`, the sub-folders named `NN-…` that hold Terraform files are the roots, or else the folder itself (`.`)
    if it holds some. `schema_files` are outputs of `terraform providers schema -json`. Raises DiagnosticsError when a
    schema file or `terraform_bin` is not usable.
    """
    program = installed_program(terraform_bin) if terraform_bin else embedded_program()
    with contextlib.ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="groundplan-"))).resolve()
        usage = scan([folder])
        server = stack.enter_context(_PluginServer(base, schema_sources(schema_files), usage.types))
        workspace = copy_configuration(folder, usage.module_folders, base / "work")
        runner = Runner(program, _environment(base, server.reattach), timeout_seconds=_TIMEOUT_SECONDS)
        found = tuple(roots) if roots is not None else find_roots(folder)
        yield OfflineSession(found, folder, workspace, runner, server)


def find_roots(folder: Path) -> tuple[str, ...]:
    """The roots of a rendered environment, in order of their names; `(".",)` for a folder that is one root itself."""
    numbered = sorted(path.name for path in folder.iterdir() if _ROOT_NAME.fullmatch(path.name) and _is_module(path))
    return tuple(numbered) or ((".",) if _is_module(folder) else ())


def format_check(folder: Path, *, terraform_bin: str | None = None) -> tuple[Diagnostic, ...]:
    """One GP501 for every file that `terraform fmt` would change or cannot read, with the change as the hint."""
    program: Program = installed_program(terraform_bin) if terraform_bin else embedded_program()
    with tempfile.TemporaryDirectory(prefix="groundplan-") as base:
        runner = Runner(program, _environment(Path(base), {}), timeout_seconds=_TIMEOUT_SECONDS)
        completed = runner.run(folder, "fmt", "-check", "-recursive", "-diff", "-no-color")
    return reports.from_format(completed)


class OfflineSession:
    """Terraform on a copy of one folder, with a plugin server that knows the types the folder uses."""

    def __init__(
        self, roots: tuple[str, ...], folder: Path, workspace: Workspace, runner: Runner, server: _PluginServer
    ) -> None:
        self.roots = roots
        self._folder = folder
        self._workspace = workspace
        self._runner = runner
        self._server = server
        self._locks = {root: threading.Lock() for root in roots}
        self._initialised: dict[str, RootResult] = {}

    def validate(self, root: str) -> RootResult:
        """`init` and `validate` of one root."""
        started = time.perf_counter()
        ready = self._initialise(root)
        if not ready.ok:
            return ready
        completed = self._run(root, "validate", "-json", "-no-color")
        diagnostics = self._validation(root, completed)
        return RootResult(root, not has_errors(diagnostics), diagnostics, time.perf_counter() - started)

    def plan(self, root: str) -> PlanResult:
        """`init` if needed, `plan` and `show -json` of one root."""
        started = time.perf_counter()
        ready = self._initialise(root)
        if not ready.ok:
            return PlanResult(root, False, ready.diagnostics, ready.seconds)
        completed = self._run(root, "plan", "-json", "-input=false", "-lock=false", "-out=groundplan.tfplan")
        diagnostics = reports.from_messages(completed, "GP504", self._locator(root))
        plan = None
        if completed.returncode == 0:
            shown = self._run(root, "show", "-json", "groundplan.tfplan")
            if shown.returncode == 0:
                plan = json.loads(shown.stdout)
            else:
                diagnostics = (*diagnostics, reports.failure(shown, "GP504"))
        ok = plan is not None and not has_errors(diagnostics)
        return PlanResult(root, ok, diagnostics, time.perf_counter() - started, plan)

    def validate_and_plan(self) -> dict[str, tuple[RootResult, PlanResult]]:
        """Every root validated and planned, the roots at the same time; a root that does not validate is not planned."""

        def both(root: str) -> tuple[RootResult, PlanResult]:
            validated = self.validate(root)
            if not validated.ok:
                return validated, PlanResult(root, False, (), 0.0)
            return validated, self.plan(root)

        with ThreadPoolExecutor(max(len(self.roots), 1)) as pool:
            return dict(zip(self.roots, pool.map(both, self.roots), strict=True))

    def _initialise(self, root: str) -> RootResult:
        with self._lock_of(root):
            if root not in self._initialised:
                folder = self._copy_of(root)
                use_local_backend(folder)
                completed = self._run(root, "init", "-json", "-input=false", "-no-color")
                found = reports.from_messages(completed, "GP502", self._locator(root))
                diagnostics = reports.missing_providers(found)
                self._initialised[root] = RootResult(root, not has_errors(diagnostics), diagnostics, completed.seconds)
            return self._initialised[root]

    def _validation(self, root: str, completed: Completed) -> tuple[Diagnostic, ...]:
        try:
            entries = json.loads(completed.stdout)["diagnostics"]
        except (ValueError, KeyError):
            return (reports.failure(completed, "GP503"),)
        return reports.from_json(entries, "GP503", self._locator(root))

    def _lock_of(self, root: str) -> threading.Lock:
        return self._locks.setdefault(root, threading.Lock())

    def _copy_of(self, root: str) -> Path:
        return self._workspace.copy_of(self._folder / root)

    def _locator(self, root: str) -> reports.Locate:
        return reports.locator(self._folder, self._copy_of(root), self._workspace.original_of)

    def _run(self, root: str, command: str, *arguments: str) -> Completed:
        self._server.wait()
        return self._runner.run(self._copy_of(root), command, *arguments)


class _PluginServer:
    """The plugin process; its sockets are named before it runs, so that Terraform can start at the same time."""

    def __init__(self, base: Path, sources: Sequence[SchemaSource], used: dict[str, frozenset[str]]) -> None:
        self._request = {
            "servers": [
                {"socket": str(base / f"{number}.sock"), "source": source.about.source, "file": str(source.path)}
                for number, source in enumerate(sources)
            ],
            "used": {kind: sorted(names) for kind, names in used.items()},
        }
        self._lock = threading.Lock()
        self._ready = False
        self.reattach: dict[str, Any] = {}

    def __enter__(self) -> _PluginServer:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "groundplan.terraform.plugin.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write(self._request)
        for server in self._request["servers"]:
            self.reattach |= _reattach(server["source"], server["socket"], self._process.pid)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.kill()
        self._process.communicate()

    def wait(self) -> None:
        """Returns when the sockets are open."""
        with self._lock:
            if not self._ready:
                self._read()
                self._ready = True

    def secrets(self) -> frozenset[str]:
        """What ephemeral resources gave out and write-only arguments took in so far."""
        self.wait()
        with self._lock:
            self._write({"secrets": None})
            return frozenset(self._read()["secrets"])

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the plugin server ended with exit code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _reattach(source: str, socket: str, pid: int) -> dict[str, Any]:
    """Entries of TF_REATTACH_PROVIDERS: the provider under its own address and, if it has the default host, OpenTofu's."""
    entry = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": pid,
        "Test": True,
        "Addr": {"Network": "unix", "String": socket},
    }
    host, _, rest = source.partition("/")
    addresses = {source, f"registry.opentofu.org/{rest}"} if host == "registry.terraform.io" else {source}
    return {address: entry for address in addresses}


def _environment(base: Path, reattach: dict[str, Any]) -> dict[str, str]:
    mirror = base / "mirror"
    mirror.mkdir(exist_ok=True)
    config = base / "terraform.rc"
    config.write_text(_CLI_CONFIG.format(mirror=json.dumps(str(mirror))), encoding="utf-8")
    return {
        **_ENVIRONMENT,
        "HOME": str(base),
        "TMPDIR": str(base),
        "TF_CLI_CONFIG_FILE": str(config),
        "TF_REATTACH_PROVIDERS": json.dumps(reattach),
    }


def _is_module(folder: Path) -> bool:
    return folder.is_dir() and any(path.name.endswith((".tf", ".tf.json")) for path in folder.iterdir())
