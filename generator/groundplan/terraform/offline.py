"""Real Terraform without a network: validate, plan, rehearse and test configurations against made-up providers."""

from __future__ import annotations

import contextlib
import json
import os
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan.diagnostics import Diagnostic, DiagnosticsError, close_matches, has_errors
from groundplan.hcl.sources import Sources
from groundplan.reading import MIB, UnreadableError, read_regular
from groundplan.sandbox.sandbox import Sandbox, best_sandbox
from groundplan.terraform import reports
from groundplan.terraform.archive import KINDS, SchemaFile, SchemaSource, full_address, read_schema_file, schema_sources
from groundplan.terraform.assumed import assumed_schemas
from groundplan.terraform.intake import MAX_SOURCE_BYTES
from groundplan.terraform.plugin.files import NO_FILES, READERS, Files
from groundplan.terraform.plugin_process import PluginProcess
from groundplan.terraform.providers import Choice, Unmet, chosen, newest
from groundplan.terraform.rehearsal import Rehearsal
from groundplan.terraform.results import PlanResult, RehearsalResult, RootResult, TestResult
from groundplan.terraform.root_folders import find_roots, is_module
from groundplan.terraform.runner import Completed, Program, Runner, embedded_program, installed_program
from groundplan.terraform.usage import Usage, scan
from groundplan.terraform.workspace import (
    LOCAL_BACKEND,
    Workspace,
    common_folder,
    copy_configuration,
    override_backend,
    socket_folder,
    throwaway_folder,
)

if TYPE_CHECKING:
    from groundplan.terraform.state_server import StateServer

__all__ = [
    "Inputs",
    "OfflineSession",
    "PlanResult",
    "RehearsalResult",
    "RootResult",
    "TestResult",
    "find_roots",
    "format_check",
    "offline_session",
]

_UNKNOWN_TYPE = re.compile(
    r'The provider (\S+) does not support (resource|data source|ephemeral resource) (?:type )?"(\w+)"'
)
_TIMEOUT_SECONDS = 300.0
_STATE_BYTES = 512 * MIB

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

_NO_PROXY_LISTENS = "http://127.0.0.1:9"
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "GIT_ALLOW_PROTOCOL": "file",
    "HTTP_PROXY": _NO_PROXY_LISTENS,
    "HTTPS_PROXY": _NO_PROXY_LISTENS,
    "GOGC": "400",
}
"""All that Terraform sees. Module sources on the web fail at once; rarer garbage collection saves a fifth of CPU."""


@dataclass(frozen=True)
class Inputs:
    """What Terraform gets beside the folder; the arguments of `offline_session` by their names."""

    schema_files: tuple[Path, ...] = ()
    terraform_bin: str | None = None
    var_files: tuple[Path, ...] = ()
    sandbox: Sandbox | None = None
    """What all that is started runs in; None for the best there is."""


@contextlib.contextmanager
def offline_session(  # noqa: PLR0913 - `Inputs` by name
    folder: Path,
    roots: Sequence[str] | None = None,
    *,
    schema_files: Sequence[Path] = (),
    terraform_bin: str | None = None,
    var_files: Sequence[Path] = (),
    sandbox: Sandbox | None = None,
    assume_unknown: bool = False,
    apart: bool = False,
) -> Iterator[OfflineSession]:
    """A session on a folder; everything it starts or writes is gone when it ends.

    Without `roots`, the sub-folders named `NN-…` that hold Terraform files are the roots, or else the folder itself
    (`.`) if it has some. `schema_files` are outputs of `terraform providers schema -json`; `var_files` give values to
    the variables of every root. All that it starts runs in `sandbox`, by default the best there is. With
    `assume_unknown` a root with providers that have no schema is planned all the same, with their arguments taken as
    they stand, and has GP507 for each. `apart` gives each root providers that no other root configures. Raises
    DiagnosticsError when one of these files or `terraform_bin` cannot be used.

    The folder is trusted: Terraform acts on it. One that is not is taken in (`intake.take_in`) and screened
    (`screen.screen`) first.
    """
    program = installed_program(terraform_bin) if terraform_bin else embedded_program()
    sandbox = sandbox or best_sandbox()
    with contextlib.ExitStack() as stack:
        base = stack.enter_context(throwaway_folder())
        shipped = schema_sources(schema_files)
        usage = scan([folder])
        for source in shipped:
            if isinstance(source, SchemaFile):
                source.load(usage.types)  # what is no schema is refused here, with its place, not in another process
        named = [(folder / root).resolve() for root in roots or ()]
        choices = _choices(usage, named or usage.folders, shipped)
        sources = list(dict.fromkeys(source for choice in choices.values() for source in choice.sources))
        sockets = stack.enter_context(socket_folder(base))
        found = tuple(roots) if roots is not None else find_roots(folder)
        files = _files(usage, folder, base / "work", found)
        process = PluginProcess(sockets, sources, usage.types, sandbox, files)
        server = stack.enter_context(process.apart(found if apart else ()))
        workspace = copy_configuration(folder, usage.module_folders, base / "work")
        runner = Runner(
            program,
            _environment(base, {}),
            timeout_seconds=_TIMEOUT_SECONDS,
            sandbox=sandbox,
            write=tuple(dict.fromkeys((base, sockets))),
        )
        session = OfflineSession(found, folder, workspace, runner, server)
        session.choices = choices
        session.values = _var_files(var_files, base)
        session.assume_unknown = assume_unknown
        with session.services:
            yield session


def check_roots(folder: Path, roots: Sequence[str]) -> tuple[str, ...]:
    """The named roots in the form that reports use; raises DiagnosticsError (GP101) for one that is none."""
    wanted = tuple(os.path.normpath(root) for root in roots)
    problems = [
        Diagnostic("GP101", f"no Terraform files in {root}, which is to be a root", hint="paths are relative to DIR")
        for root in wanted
        if root.startswith(("/", "..")) or not is_module(folder / root)
    ]
    if problems:
        raise DiagnosticsError(problems)
    return wanted


def format_check(
    folder: Path, *, terraform_bin: str | None = None, sandbox: Sandbox | None = None
) -> tuple[Diagnostic, ...]:
    """One GP501 for every file that `terraform fmt` would change or cannot read, with the change as the hint."""
    program: Program = installed_program(terraform_bin) if terraform_bin else embedded_program()
    with throwaway_folder() as base:
        runner = Runner(
            program,
            _environment(base, {}),
            timeout_seconds=_TIMEOUT_SECONDS,
            sandbox=sandbox or best_sandbox(),
            write=(base,),
        )
        completed = runner.run(folder, "fmt", "-check", "-recursive", "-diff", "-no-color")
    return reports.from_format(completed)


class OfflineSession:
    """Terraform on a copy of one folder, with a plugin server that knows the types the folder uses."""

    def __init__(
        self,
        roots: tuple[str, ...],
        folder: Path,
        workspace: Workspace,
        runner: Runner,
        server: PluginProcess,
    ) -> None:
        self.roots = roots
        self.choices: Mapping[Path, Choice] = {}
        """What each folder is served that was there when the session began."""
        self.assume_unknown = False
        self.values: tuple[str, ...] = ()
        """Arguments of `plan` and `apply` that give values to variables."""
        self._folder = folder
        self._workspace = workspace
        self._runner = runner
        self._server = server
        self._sandbox = runner.sandbox
        self._assumed: dict[str, tuple[PluginProcess, tuple[Diagnostic, ...]]] = {}
        self.services = contextlib.ExitStack()
        self._states: StateServer | None = None
        self._locks = {root: threading.Lock() for root in roots}
        self._initialised: dict[str, RootResult] = {}
        self._backends: dict[str, str] = {}
        self._state_files: dict[str, Path] = {}
        self._followed: dict[str, str] = {}

    def validate(self, root: str) -> RootResult:
        """`init` and `validate` of one root."""
        started = time.perf_counter()
        ready, missing = self.ready(root)
        if not ready.ok:
            return ready
        completed = self.run(root, "validate", "-json", "-no-color")
        diagnostics = (*missing, *self._validation(root, completed))
        return RootResult(root, not has_errors(diagnostics), diagnostics, time.perf_counter() - started)

    def plan(self, root: str) -> PlanResult:
        """`init` if needed, `plan` and `show -json` of one root."""
        started = time.perf_counter()
        ready, missing = self.ready(root)
        if not ready.ok:
            return PlanResult(root, False, ready.diagnostics, ready.seconds)
        options = ("-json", "-input=false", "-lock=false", "-out=groundplan.tfplan", *self.values)
        completed = self.run(root, "plan", *options)
        diagnostics = (*missing, *reports.from_messages(completed, "GP504", self.locator(root)))
        plan = None
        if completed.returncode == 0:
            shown = self.run(root, "show", "-json", "groundplan.tfplan")
            if shown.returncode == 0:
                plan = json.loads(shown.stdout)
            else:
                diagnostics = (*diagnostics, reports.failure(shown, "GP504"))
        ok = plan is not None and not has_errors(diagnostics)
        return PlanResult(root, ok, diagnostics, time.perf_counter() - started, plan)

    def settle(self, root: str) -> Mapping[str, Any]:
        """The state after the plan of a root of `keep_state` is applied; what could not be applied is not in it."""
        self.run(root, "apply", "-json", "-input=false", "-lock=false", "groundplan.tfplan")
        return self.kept_state(root)

    def rehearse(self, root: str, secrets: Sequence[str] = ()) -> RehearsalResult:
        """Applies a root, plans it again, searches plan and state for secrets, and destroys it.

        Searched for are `secrets`, the values ephemeral resources gave out, and those write-only arguments took in.
        `prevent_destroy` is honoured until the destroy, for which it is switched off in the copy.
        """
        return Rehearsal(self, root, secrets).run()

    def test(self, folder: str | Path) -> TestResult:
        """`init` and `terraform test` of a module folder, given relative to the session's folder."""
        started = time.perf_counter()
        name = Path(folder).as_posix()
        ready = self._initialise(name, None)
        if not ready.ok:
            return TestResult(name, False, ready.diagnostics, ready.seconds)
        completed = self.run(name, "test", "-json", "-no-color")
        summaries = [message["test_summary"] for message in completed.messages() if "test_summary" in message]
        counts = summaries[-1] if summaries else {}
        diagnostics = reports.from_messages(completed, "GP509", self.locator(name))
        return TestResult(
            name,
            completed.returncode == 0,
            diagnostics,
            time.perf_counter() - started,
            **{key: counts.get(key, 0) for key in ("passed", "failed", "errored", "skipped")},
        )

    def unmet(self, root: str) -> tuple[Unmet, ...]:
        """Providers of a root that are served in another version than it asks for."""
        return self._choice(root).unmet

    def follow(self, root: str, before: str) -> None:
        """Serves a root, of what it does not name itself, what another one is served, whose state it gets."""
        self._followed[root] = before

    def _choice(self, root: str) -> Choice:
        return self.choices.get((self._folder / root).resolve()) or newest(self._server.sources)

    def ready(self, root: str) -> tuple[RootResult, tuple[Diagnostic, ...]]:
        """`init` of one root, and what is missing where it is only assumed."""
        ready = self.initialise(root)
        errors = [diagnostic for diagnostic in ready.diagnostics if has_errors([diagnostic])]
        if self.assume_unknown and errors and all(error.code == "GP507" for error in errors):
            with self._lock_of(root):
                self._assume(root, ready.diagnostics)
                del self._initialised[root]
            ready = self.initialise(root)
        return ready, self._assumed[root][1] if root in self._assumed else ()

    def _assume(self, root: str, missing: tuple[Diagnostic, ...]) -> None:
        """Starts a server for the providers that are missing, of which only the source says anything."""
        addresses = {full_address(found[1]) for one in missing if (found := reports.MISSING.search(one.message))}
        document = assumed_schemas(Sources(self._folder, self.roots), os.path.normpath(root), addresses)
        folder = self._server.folder / f"assumed-{len(self._assumed)}"
        folder.mkdir(mode=0o700)
        (folder / "schemas.json").write_text(json.dumps(document), encoding="utf-8")
        sources: list[SchemaSource] = [*read_schema_file(folder / "schemas.json")]
        types = {kind: frozenset(n for source in sources for n in source.names(kind)) for kind in KINDS}
        process = PluginProcess(folder, sources, types, self._sandbox or best_sandbox())
        self._assumed[root] = self.services.enter_context(process), missing

    def initialise(self, root: str, *, state: Path | None = None) -> RootResult:
        """`init` of one root, once in a session; `state` is the file for a state that will be written often."""
        served = self._state_server().backend(state) if state else None
        return self._initialise(root, served or self._backends.get(root, LOCAL_BACKEND))

    def keep_state(self, *roots: str) -> None:
        """Has the roots, none of them initialised yet, share a state that is kept as long as the session."""
        block = self._state_server().backend()
        if block is None:
            file = self.work_folder / f"{len(self._backends)}.tfstate"
            block = f'terraform {{\n  backend "local" {{\n    path = {json.dumps(str(file))}\n  }}\n}}\n'
            self._state_files |= dict.fromkeys(roots, file)
        self._backends |= dict.fromkeys(roots, block)

    def kept_state(self, root: str) -> Mapping[str, Any]:
        """The state of a root of `keep_state`, as Terraform writes it; nothing where there is none that can be read."""
        block = self._backends[root]
        file = self._state_files.get(root)
        try:
            found = _read_state(file, self.work_folder) if file else self._state_server().read(block)
            state: Mapping[str, Any] = json.loads(found)
        except (OSError, UnreadableError, ValueError):
            return {}
        return state

    def _state_server(self) -> StateServer:
        with self._lock_of(""):
            if self._states is None:
                from groundplan.terraform.state_server import StateServer

                relayed = self._runner.sandbox if self._runner.sandbox and self._runner.sandbox.walls.network else None
                self._states = self.services.enter_context(StateServer(self._server.folder, relayed))
                self._runner = replace(self._runner, relay=self._states.socket)
            return self._states

    def _initialise(self, root: str, backend: str | None) -> RootResult:
        with self._lock_of(root):
            if root not in self._initialised:
                folder = self.copy_of(root)
                if backend:
                    override_backend(folder, backend)
                completed = self.run(root, "init", "-json", "-input=false", "-no-color")
                found = reports.from_messages(completed, "GP502", self.locator(root))
                diagnostics = reports.explain_offline(found)
                self._initialised[root] = RootResult(root, not has_errors(diagnostics), diagnostics, completed.seconds)
            return self._initialised[root]

    def issued_secrets(self) -> frozenset[str]:
        """What ephemeral resources gave out and write-only arguments took in so far, in any root of the session."""
        return self._server.secrets()

    def _validation(self, root: str, completed: Completed) -> tuple[Diagnostic, ...]:
        try:
            entries = json.loads(completed.stdout)["diagnostics"]
        except (ValueError, KeyError):
            return (reports.failure(completed, "GP503"),)
        return self._with_suggestions(reports.from_json(entries, "GP503", self.locator(root)))

    def _with_suggestions(self, diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
        """The same, with names that exist as the hint of every type that does not: Terraform sees only types in use."""
        return tuple(
            replace(diagnostic, hint=self._suggestion(*unknown.groups())) if unknown else diagnostic
            for diagnostic in diagnostics
            for unknown in [_UNKNOWN_TYPE.search(diagnostic.message)]
        )

    def _suggestion(self, provider: str, kind: str, name: str) -> str | None:
        keyword = {"resource": "resource", "data source": "data", "ephemeral resource": "ephemeral"}[kind]
        sources = [source for source in self._server.sources if source.about.source.endswith(f"/{provider}")]
        names = dict.fromkeys(known for source in sources for known in source.names(keyword))
        near = close_matches(name, names, most=3)
        return f"did you mean {' or '.join(near)}?" if near else None

    def _lock_of(self, root: str) -> threading.Lock:
        return self._locks.setdefault(root, threading.Lock())

    @property
    def server_pid(self) -> int:
        """Process id of the plugin server, which ends with the session."""
        return self._server.pid

    @property
    def work_folder(self) -> Path:
        """The top of the copy that Terraform works in."""
        return self._workspace.top

    def copy_of(self, root: str) -> Path:
        """The folder Terraform works in for a root."""
        return self._workspace.copy_of(self._folder / root)

    def locator(self, root: str) -> reports.Locate:
        """Turns file names Terraform reports for a root into names relative to the session's folder."""
        return reports.locator(self._folder, self.copy_of(root), self._workspace.original_of)

    def run(self, root: str, command: str, *arguments: str) -> Completed:
        """Runs one Terraform command in the copy of a root."""
        if command != "init":  # which only looks up where providers are, while the server is still starting
            self._server.wait()
        reattach: dict[str, Any] = {}
        for one in filter(None, (self._followed.get(root), root)):
            reattach |= self._server.reattach_for(self._choice(one).sources, root)
            if one in self._assumed:
                assumed = self._assumed[one][0]
                assumed.wait()
                reattach |= assumed.reattach
        environment = {**self._runner.environment, "TF_REATTACH_PROVIDERS": json.dumps(reattach)}
        return replace(self._runner, environment=environment).run(self.copy_of(root), command, *arguments)


def _read_state(file: Path, folder: Path) -> bytes:
    """What Terraform left as a state, if that is a file: it acted on what nobody trusts."""
    return read_regular(file, limit_bytes=_STATE_BYTES, within=folder)


def _files(usage: Usage, folder: Path, top: Path, roots: Sequence[str]) -> Files:
    """What the providers may read of the copy in `top`, which is to be made: nothing unless a data source asks."""
    if not usage.types["data"] & READERS:
        return NO_FILES
    top.mkdir()
    workspace = Workspace(top, common_folder(folder, usage.module_folders))
    return Files(top, tuple(workspace.copy_of(folder / root) for root in roots))


def _choices(usage: Usage, roots: Iterable[Path], shipped: Sequence[SchemaSource]) -> dict[Path, Choice]:
    """What each of the folders is served as a root, with the tests beside it."""
    found: dict[Path, Choice] = {}
    for root in roots:
        tests = [usage.folders[root / "tests"]] if root / "tests" in usage.folders else []
        found[root] = chosen([*usage.reached(root), *tests], shipped)
    return found


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


def _var_files(files: Sequence[Path], base: Path) -> tuple[str, ...]:
    """Copies of the files in the session's folder, as arguments; raises DiagnosticsError (GP101)."""
    arguments = []
    for number, file in enumerate(files):
        copy = base / f"{number}{'.tfvars.json' if file.name.endswith('.json') else '.tfvars'}"
        try:
            copy.write_bytes(read_regular(file, limit_bytes=MAX_SOURCE_BYTES))
        except UnreadableError as error:
            raise DiagnosticsError([Diagnostic("GP101", f"cannot read {file}: {error.reason}")]) from None
        arguments.append(f"-var-file={copy}")
    return tuple(arguments)
