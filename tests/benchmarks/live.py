"""What `groundplan plan` and `groundplan apply` cost beside Terraform itself, on the same root of the test cloud."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks.measure import CommandError, Run, peak_mb
from tests.live.grounds import Ground
from tests.live.kills import GROUNDPLAN, ROOT
from tests.live.world import NAME, World, programs, render, world

PLAIN = ("init", "-input=false"), ("plan", "-input=false", "-no-color")
PENDING = 6
"""Exit code of a plan that has something to apply."""


@dataclass(frozen=True)
class Pair:
    """The same work by groundplan and by Terraform; both prepare the root, as whoever types the commands does."""

    what: str
    ours: Run
    plain: Run


def pairs(provider: str, top: Path, runs: int) -> Iterator[Pair]:
    """A plan of a root that is not applied, and its apply, each the median of several runs that alternate."""
    top.mkdir()
    (top / "world").mkdir()
    with world(provider, render(provider, top), top / "world") as operator:
        operator.program = programs().get("terraform", operator.program)
        ground = Ground.made(operator)
        for what in ("plan", "apply"):
            both = [(_ours(ground, what), _plain(ground, what)) for _ in range(runs)]
            yield Pair(what, _median([ours for ours, _ in both]), _median([plain for _, plain in both]))


def _ours(ground: Ground, what: str) -> Run:
    ground.again()
    words = [str(GROUNDPLAN), what, str(ground.operator.folder), "--root", ROOT]
    words += ["--terraform-bin", str(ground.operator.program)]
    return _run(ground.operator, [words + (["--confirm", NAME] if what == "apply" else [])], ground.operator.folder)


def _plain(ground: Ground, what: str) -> Run:
    ground.again()
    operator = ground.operator
    shutil.rmtree(operator.home / "data", ignore_errors=True)
    file, program = operator.home / "plain.tfplan", str(operator.program)
    steps = [[program, *step, *([f"-out={file}"] if step[0] == "plan" else [])] for step in PLAIN]
    apply = [[program, "apply", "-input=false", "-no-color", str(file)]] if what == "apply" else []
    return _run(operator, [*steps, *apply], operator.folder / ROOT)


def _run(operator: World, commands: Sequence[Sequence[str]], folder: Path) -> Run:
    started, peak = time.perf_counter(), 0.0
    for words in commands:
        process = operator.start_words(words, cwd=folder)
        peak = max(peak, peak_mb(process))
        ran = operator.ended(process)
        if ran.code not in (0, PENDING):
            raise CommandError(f"{' '.join(words)} ended with {ran.code}\n{ran.output}")
    return Run(time.perf_counter() - started, peak)


def _median(runs: Sequence[Run]) -> Run:
    return Run(median(run.seconds for run in runs), median(run.peak_mb for run in runs))
