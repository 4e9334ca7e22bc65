"""Terraform on the roots of a rendered folder, with the operator's credentials: the only path of live runs."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from python_terraform import IsFlagged

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, bounded
from groundplan.hcl.references import RootVariable
from groundplan.live import plugins
from groundplan.live.events import SIGNAL, SILENCE, WAITING, Event, event_of
from groundplan.live.interrupts import WORDS, Interrupts
from groundplan.live.log import logged
from groundplan.live.places import places, private
from groundplan.live.prepared import Inputs, is_prepared, prepared
from groundplan.live.program import LiveProgram
from groundplan.live.running import Call, Ended, Listener, follow
from groundplan.live.secrets import Secrets
from groundplan.live.silence import Silence
from groundplan.live.trace import Origin, Trace, read_trace
from groundplan.terraform.runner import SETTINGS, Program, Runner

LOCK_SECONDS = 300
LOCK_TIMEOUT = f"{LOCK_SECONDS}s"
"""How long Terraform waits for somebody else's lock."""
LOCK_FILE = ".terraform.lock.hcl"
DATA = ".data"
"""Folder of a copy that has Terraform's data for each root in it."""
_FAILED = {
    "init": "GP921",
    "plan": "GP922",
    "apply": "GP923",
    "state push": "GP926",
    "state rm": "GP926",
    "force-unlock": "GP926",
}
_CHANGES = 2
"""Exit code of a plan that has changes, under -detailed-exitcode."""
_LOCKED = "Error acquiring the state lock"
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
_CRASHED = "Plugin did not respond"
_FOREIGN = ("TF_CLI_ARGS", "TF_WORKSPACE", "TF_DATA_DIR", "TF_LOG")
"""Variables that would make of a command another one, or write secrets: with them all that begin like them."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a command on a root ended."""

    root: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    log: Path | None = None
    interrupted: bool = False
    changes: bool | None = None
    """Of a plan: whether it has any."""
    began: bool = False
    """Whether it came to look at a resource: what the root was prepared with fitted it."""


class Live:
    """Runs one program on one rendered folder.

    `environment` is what the program sees, credentials included; nothing of it stands on a command line or in a log.
    Every event goes to `on_event` and into a log in `logs`, secrets hidden. A signal while something runs raises
    nothing: the result says `interrupted`.
    """

    def __init__(
        self,
        program: LiveProgram,
        folder: Path,
        environment: Mapping[str, str],
        logs: Path | None,
        on_event: Callable[[Event], None],
    ) -> None:
        self.program, self.folder = program, folder
        self.interrupts = Interrupts()
        self.secrets = Secrets(environment)
        self._places = places(folder, environment)
        self._copies: Mapping[str, Path] = {}
        self.refreshes = self._locks = self.writes = True
        self.logs = logs or self._places.logs
        _require_rendered_values(environment)
        self._environment = _cleaned(environment)
        self.left_out = sorted(environment.keys() - self._environment.keys())
        """Variables of the environment that a run does not see."""
        self._on_event = on_event
        self.clock: Callable[[], float] = time.monotonic
        """Measures how long a run has told nothing."""
        self._runner = Runner(Program(program.words), sandbox=None)

    @property
    def has_proxy(self) -> bool:
        """Whether Terraform and its providers reach others by a proxy."""
        return any(self._environment.get(name) for name in _PROXIES)

    def elsewhere(self, copies: Mapping[str, Path]) -> Live:
        """The same runs, of these roots in copies of the folder (`live/copied.py`), with data that lie there."""
        other = copy(self)
        other._copies = {**self._copies, **copies}
        return other

    def reading(self, *, refresh: bool, lock: bool) -> Live:
        """The same runs, whose plans read nothing of the cloud but states, or write no lock, as far as it is not so."""
        other = copy(self)
        other.refreshes, other._locks, other.writes = refresh, lock, False
        return other

    def halted(self, root: str) -> Diagnostic | None:
        """GP924 where a signal has come, after which no further root is begun; None where none has."""
        if not self.interrupts.count:
            return None
        return Diagnostic("GP924", f"{root}: interrupted before it was begun", hint="the same command goes on")

    def place(self, root: str) -> Path:
        """The folder that a root runs in."""
        return self._copies.get(root, self.folder) / root

    def init(self, root: str, *, reconfigure: bool = False) -> RunResult:
        """Prepares a root: its backend, modules and providers. `reconfigure` forgets the backend that it had before."""
        options: dict[str, object] = {"input": False, "no_color": IsFlagged, "json": IsFlagged}
        if (self.place(root) / LOCK_FILE).exists():
            options["lockfile"] = "readonly"
        options |= {"reconfigure": IsFlagged} if reconfigure else {}
        note, started = self._places.prepared(root), time.perf_counter()
        if root not in self._copies:
            note.unlink(missing_ok=True)

        def waits(text: str) -> None:
            self._on_event(Event(root, WAITING, text=f"{root}: {text}"))

        with plugins.locked(self._plugins, self.interrupts, waits) as lock:
            if lock is None:
                return RunResult(root, False, (_interrupted(root, "init"),), time.perf_counter() - started, None, True)
            ended = self._told(root, Call(self.place(root), "init", options=options, kept_open=(lock,)))
        if ended.ok and root not in self._copies:
            prepared(note, self._inputs(root))
        return ended

    def is_prepared(self, root: str) -> bool:
        """Whether `init` would find what it found the last time that it went through; never of a copy."""
        return root not in self._copies and is_prepared(self._places.prepared(root), self._inputs(root))

    def plan(  # noqa: PLR0913 - options of `terraform plan`
        self,
        root: str,
        out: Path,
        *,
        destroy: bool = False,
        refresh_only: bool = False,
        refresh: bool = True,
        lock: bool = True,
        targets: Sequence[str] = (),
        origin: Origin | None = None,
    ) -> RunResult:
        """Plans a root into the file `out`, for its owner alone.

        Without `refresh` from its state as it stands; without `lock` on the state nobody has to wait for it. With the
        `origin` a lock that it leaves behind when it is killed is known for its own (`planning`).
        """
        refresh, lock = refresh and self.refreshes, lock and self._locks
        flags = {"destroy": destroy, "refresh_only": refresh_only}
        options: dict[str, object] = {name: IsFlagged for name, wanted in flags.items() if wanted}
        options |= {"detailed_exitcode": IsFlagged, "out": str(out.absolute()), **_WORKING}
        options |= {name: False for name, wanted in {"refresh": refresh, "lock": lock}.items() if not wanted}
        options |= {"target": list(targets)} if targets else {}
        file = self._places.planning(root)
        file.unlink(missing_ok=True)
        trace = (file, origin) if origin and lock else None
        result = self._told(root, Call(self.place(root), "plan", options=options, private=True, trace=trace))
        if result.ok or ((told := self.planning(root)) and told.ended):
            file.unlink(missing_ok=True)
        return result

    def apply(self, root: str, plan_file: Path, origin: Origin) -> RunResult:
        """Applies a saved plan to the state, and nothing else; what it tells is kept until it ended by itself."""
        file, arguments = (self._places.trace(root), origin), (str(plan_file.absolute()),)
        result = self._told(root, Call(self.place(root), "apply", arguments, _WORKING, private=True, trace=file))
        if (trace := self.trace(root)) and trace.ended and not trace.owes:
            self.forget(root)
        return result

    def trace(self, root: str) -> Trace | None:
        """What applies of a root have told that did not end by themselves; None where all did."""
        return read_trace(self._places.trace(root))

    def planning(self, root: str) -> Trace | None:
        """What the last plan of a root has told that did not end by itself; None where it did."""
        return read_trace(self._places.planning(root), "plan")

    def forget(self, root: str) -> None:
        """Takes away what they have told."""
        self._places.trace(root).unlink(missing_ok=True)

    @contextmanager
    def copied(self, root: str) -> Iterator[Path]:
        """A folder for a copy, which goes with the context."""
        with tempfile.TemporaryDirectory(prefix=f"{root}-", dir=self._places.copies) as folder:
            yield Path(folder)

    def show(self, root: str, plan_file: Path) -> dict[str, Any]:
        """A saved plan as JSON; raises GP925."""
        plan = self._answer(root, "show", str(plan_file.absolute()), json=IsFlagged)
        self.secrets.learn_plan(plan)
        return plan

    def output(self, root: str) -> dict[str, Any]:
        """The outputs of a root by name, each with `value`, `type` and `sensitive`; raises GP925."""
        outputs = self._answer(root, "output", json=IsFlagged)
        self.secrets.learn_outputs(outputs)
        return outputs

    def state_pull(self, root: str) -> dict[str, Any] | None:
        """The state of a root; None where there is none yet; raises GP925."""
        return self._answer(root, "state pull") or None

    def state_push(self, root: str, file: Path) -> RunResult:
        """Writes a state; Terraform refuses one of another lineage or with a lower serial."""
        options = {"lock_timeout": LOCK_TIMEOUT}
        return self._told(root, Call(self.place(root), "state push", (str(file.absolute()),), options, private=True))

    def state_rm(self, root: str, addresses: Sequence[str]) -> RunResult:
        """Forgets resources, which stay where they are."""
        options = {"lock_timeout": LOCK_TIMEOUT}
        return self._told(root, Call(self.place(root), "state rm", tuple(addresses), options, private=True))

    def force_unlock(self, root: str, lock_id: str) -> RunResult:
        """Removes the lock with that id."""
        call = Call(self.place(root), "force-unlock", ("--", lock_id), {"force": IsFlagged})
        return self._told(root, call)

    @property
    def _plugins(self) -> Path:
        """The cache of providers, or where the lock of the one that the operator's own configuration names is."""
        named = self._environment.get("TF_PLUGIN_CACHE_DIR")
        return Path(named) if named else self._places.plugins

    @property
    def _cache(self) -> dict[str, str]:
        """The variable that names the cache, which would win over the operator's own configuration."""
        if plugins.is_configured(self.program.name, self._environment):
            return {}
        return {"TF_PLUGIN_CACHE_DIR": str(self._plugins)}

    def _inputs(self, root: str) -> Inputs:
        program = (*self.program.words, self.program.title)
        configuration = plugins.configuration(self.program.name, self._environment)
        return Inputs(self.folder, self.place(root), program, configuration, {**self._environment, **self._cache})

    def _of(self, root: str) -> dict[str, str]:
        """The whole environment of a run."""
        data = private(self._copies[root] / DATA / root) if root in self._copies else self._places.data(root)
        return {
            **self._environment,
            **SETTINGS,
            "TF_DATA_DIR": str(data),
            **self._cache,
        }

    def _told(self, root: str, call: Call) -> RunResult:
        """Runs a command whose lines are events."""
        with logged(self.logs, root, call.command) as (file, log):
            heard: list[Event] = []
            began = False

            def hear(event: Event) -> None:
                nonlocal began
                hidden = self._hidden(event)
                began = began or (event.problem is None and event.address is not None)
                log.add(hidden)
                if hidden.problem is not None or hidden.kind == "text":
                    heard.append(hidden)
                    del heard[:-_MOST_HEARD]
                self._on_event(hidden)

            ended = self._follow(root, call, hear)
        return replace(_result(root, call, ended, heard, file), began=began)

    def _answer(self, root: str, command: str, *arguments: str, **options: object) -> dict[str, Any]:
        """What a command prints, as JSON; its stderr alone is heard, for the reason of a failure."""
        heard: list[str] = []
        options = {"no_color": IsFlagged, **options} if command != "state pull" else options
        call = Call(self.place(root), command, arguments, options, answers=True)
        ended = self._follow(root, call, lambda event: heard.append(event.text))
        if ended.code == 0 and not ended.stdout.strip():
            return {}
        try:
            value = json.loads(ended.stdout) if ended.code == 0 else None
        except (ValueError, RecursionError):
            value = None
        if not isinstance(value, dict):
            reason = _one_line(self.secrets.hide("\n".join(heard))) or f"exit code {ended.code}"
            code = "GP924" if ended.interrupted else "GP925"
            raise DiagnosticsError([Diagnostic(code, f"{root}: terraform {command}: {reason}")])
        return value

    def _follow(self, root: str, call: Call, hear: Callable[[Event], None]) -> Ended:
        silence = Silence(self.clock)

        def line(text: str) -> None:
            silence.broken()
            event = event_of(root, text)
            if event is not None:
                hear(event)

        def signal(count: int) -> None:
            hear(Event(root, SIGNAL, text=WORDS[min(count, max(WORDS))]))

        def look() -> None:
            if not call.answers and (seconds := silence.news()) is not None:
                text = f"terraform {call.command} still runs and has told nothing for {seconds:.0f} s"
                hear(Event(root, SILENCE, seconds=seconds, text=text))

        return follow(self._runner, call, self._of(root), self.interrupts, Listener(line, signal, look))

    def _hidden(self, event: Event) -> Event:
        hide, problem = self.secrets.hide, event.problem
        if problem is not None:
            problem = replace(problem, summary=hide(problem.summary), detail=hide(problem.detail))
        return replace(event, text=hide(event.text), problem=problem)


_WORKING: Mapping[str, object] = {
    "json": IsFlagged,
    "input": False,
    "no_color": IsFlagged,
    "lock_timeout": LOCK_TIMEOUT,
}
_MOST_HEARD = 200
"""Problems, or last lines of a crash, that a result is made of."""
_LONGEST_REASON = 1_000


def _require_rendered_values(environment: Mapping[str, str]) -> None:
    """Raises GP823 for variables that would apply the environment to another place than the spec's."""
    wrong = sorted(environment.keys() & {f"TF_VAR_{name}" for name in get_args(RootVariable)})
    if wrong:
        message = f"{', '.join(wrong)} would be used instead of what the spec says"
        raise DiagnosticsError([Diagnostic("GP823", message, hint="unset it, or change the spec and render again")])


def _cleaned(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith(_FOREIGN)}


def _result(root: str, call: Call, ended: Ended, heard: list[Event], log: Path) -> RunResult:
    plans = call.command == "plan"
    ok = ended.code in ((0, _CHANGES) if plans else (0,))
    found = tuple(bounded(_diagnostics(root, call.command, ended, heard, ok=ok)))
    changes = ended.code == _CHANGES if plans and ok else None
    return RunResult(root, ok, found, ended.seconds, log, ended.interrupted, changes)


def _diagnostics(root: str, command: str, ended: Ended, heard: list[Event], *, ok: bool) -> list[Diagnostic]:
    found = [_diagnostic(command, event) for event in _once(heard) if event.problem is not None]
    if not ok and ended.interrupted:
        found.append(_interrupted(root, command))
    elif not ok and not any(each.severity is Severity.ERROR for each in found):
        told = _one_line("\n".join(event.text for event in heard)) or _how(command, ended.code)
        found.append(Diagnostic(_code(command, told), f"{root}: terraform {command}: {told}"))
    return list(dict.fromkeys(found))


def _once(heard: list[Event]) -> Iterator[Event]:
    """The events, of a provider that has crashed the first complaint alone: every other call fails for the same."""
    crashed = False
    for event in heard:
        told = event.problem is not None and event.problem.summary == _CRASHED
        if not (told and crashed):
            yield event
        crashed = crashed or told


def _how(command: str, code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    left = ": what it made last is in no state; the same command again takes it over" if command == "apply" else ""
    return f"was killed by signal {-code}{left}"


def _diagnostic(command: str, event: Event) -> Diagnostic:
    problem = event.problem
    assert problem is not None
    message = _one_line(f"{event.root}: {problem.summary}: {problem.detail}".rstrip(": "))
    severity = Severity.ERROR if problem.severity == "error" else Severity.WARNING
    code = _code(command, problem.summary)
    hint = "somebody else is at work, or was stopped: `groundplan unlock` shows who" if code == "GP927" else None
    if problem.summary == _CRASHED:
        hint = "a provider has crashed: the same command again; if it does so every time, take another version of it"
    return Diagnostic(code, message, severity, hint, place=problem.place, address=event.address)


def _code(command: str, summary: str) -> str:
    return "GP927" if _LOCKED in summary else _FAILED[command]


def _interrupted(root: str, command: str) -> Diagnostic:
    return Diagnostic("GP924", f"{root}: terraform {command} was interrupted")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]
