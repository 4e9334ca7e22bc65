"""What `groundplan plan` and `groundplan apply` cost beside Terraform itself, on the same root of the test cloud.

Both prepare the root, plan it and apply it, as whoever types the commands does, and both have done so before: what a
first `init` fetches is the provider's. Runs alternate, and the quickest of each side counts: what others do on the
machine makes a run longer and never shorter. Elapsed seconds are what the bound is about; CPU tells what of them is
groundplan's own work, since some of it is done beside Terraform, on another core or while Terraform waits.
"""

from __future__ import annotations

import resource
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.measure import CommandError, Run, peak_mb
from tests.live.grounds import Ground
from tests.live.kills import GROUNDPLAN, ROOT
from tests.live.world import NAME, ROOTS, World, programs, render, world

PENDING = 6
"""Exit code of a plan that has something to apply."""
INIT, PLAN, APPLY = "init", "plan", "apply"


@dataclass(frozen=True)
class Pair:
    """The same work by groundplan and by Terraform, and by Terraform on a root that needs no `init`."""

    what: str
    ours: Run
    plain: Run
    without_init: Run


@dataclass
class Bench:
    """One environment in the test cloud, `00-state` applied."""

    ground: Ground
    plain: Path
    """Folder for plans that Terraform makes alone."""
    plans: Path
    """That of the plans that groundplan saves."""
    inits: list[Run] = field(default_factory=list)
    samples: bool = False
    """Whether memory is measured and not time, of which that takes some."""

    @property
    def operator(self) -> World:
        """Who runs it."""
        return self.ground.operator

    def pair(self, what: str, runs: int, ours: Callable[[], Run], plain: Callable[[], Sequence[Run]]) -> Pair:
        """The quickest run of each side; `plain` gives the run of each command. A first one measures memory alone."""
        self.samples = True
        memory = (ours().peak_mb, _sum(plain()).peak_mb)
        self.samples = False
        both = [(ours(), plain()) for _ in range(runs)]
        whole = [_sum(commands) for _, commands in both]
        alone = [_sum([one for one in commands if one not in self.inits]) for _, commands in both]
        best = (_best([one for one, _ in both], memory[0]), _best(whole, memory[1]), _best(alone, memory[1]))
        return Pair(what, *best)

    def groundplan(self, command: str, *arguments: str) -> Run:
        """A command of ours to its end."""
        program = ("--terraform-bin", str(self.operator.program))
        words = [str(GROUNDPLAN), command, str(self.operator.folder), *program, *arguments]
        return self._run(words, self.operator.folder)

    def saved(self) -> None:
        """Plans the root as it is without it, and keeps the plan."""
        self.ground.again()
        shutil.rmtree(self.plans, ignore_errors=True)
        self.groundplan(PLAN, "--root", ROOT, "--out", str(self.plans))

    def terraform(self, root: str, *steps: str) -> Sequence[Run]:
        """Commands of Terraform in a root, one after the other."""
        return [self._step(root, step) for step in steps]

    def _step(self, root: str, step: str) -> Run:
        file = self.plain / f"{root}.tfplan"
        arguments = {INIT: (), PLAN: ("-no-color", f"-out={file}"), APPLY: ("-no-color", str(file))}[step]
        words = [str(self.operator.program), step, "-input=false", *arguments]
        ran = self._run(words, self.operator.folder / root)
        self.inits += [ran] if step == INIT else []
        return ran

    def _run(self, words: Sequence[str], folder: Path) -> Run:
        before, started = _cpu_seconds(), time.perf_counter()
        process = self.operator.start_words(words, cwd=folder)
        peak = peak_mb(process) if self.samples else 0.0
        process.wait()
        seconds = time.perf_counter() - started
        ran = self.operator.ended(process)
        if ran.code not in (0, PENDING):
            raise CommandError(f"{' '.join(words)} ended with {ran.code}\n{ran.output}")
        return Run(seconds, peak, _cpu_seconds() - before)


def pairs(provider: str, top: Path, runs: int) -> Iterator[Pair]:
    """A plan and an apply of a root that is not applied, an apply of its saved plan, and a plan of the whole folder."""
    for folder in (top, top / "world", top / "plain"):
        folder.mkdir()
    with world(provider, render(provider, top), top / "world") as operator:
        operator.program = programs().get("terraform", operator.program)
        bench = Bench(Ground.made(operator), top / "plain", top / "plans")
        yield bench.pair(PLAN, runs, lambda: _again(bench, PLAN), lambda: _plain(bench, INIT, PLAN))
        yield bench.pair(APPLY, runs, lambda: _again(bench, APPLY, "--confirm", NAME), lambda: _plain(bench, *_ALL))
        yield bench.pair("apply of a saved plan", runs, lambda: _kept(bench), lambda: _plain(bench, *_ALL)[-1:])
        everything = [(root, step) for root in ROOTS for step in (INIT, PLAN)]
        yield bench.pair(
            f"plan of {len(ROOTS)} roots",
            runs,
            lambda: bench.groundplan(PLAN),
            lambda: [ran for root, step in everything for ran in bench.terraform(root, step)],
        )


_ALL = (INIT, PLAN, APPLY)


def _again(bench: Bench, command: str, *arguments: str) -> Run:
    bench.ground.again()
    return bench.groundplan(command, "--root", ROOT, *arguments)


def _plain(bench: Bench, *steps: str) -> Sequence[Run]:
    bench.ground.again()
    return bench.terraform(ROOT, *steps)


def _kept(bench: Bench) -> Run:
    bench.saved()
    return bench.groundplan(APPLY, "--plans", str(bench.plans), "--confirm", NAME)


def _cpu_seconds() -> float:
    """Of all that was waited for, with what that has waited for; servers of the test cloud still run."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _sum(commands: Sequence[Run]) -> Run:
    seconds, cpu = sum(one.seconds for one in commands), sum(one.cpu_seconds for one in commands)
    return Run(seconds, max(one.peak_mb for one in commands), cpu)


def _best(runs: Sequence[Run], peak_mb: float) -> Run:
    return Run(min(run.seconds for run in runs), peak_mb, min(run.cpu_seconds for run in runs))
