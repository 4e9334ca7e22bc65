"""`make bench`: measures the promises about time and memory, prints a table, exits 1 when a bound is exceeded.

Cold processes, the median of several runs; what is compared runs alternately, on the same folder. Run it on an idle
machine: the load at the start is printed because it explains most odd results.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from groundplan.clouds import CLOUDS
from tests.benchmarks import hostile, live, stage
from tests.benchmarks.measure import CommandError, Run, median_seconds, sampled, timed, worked
from tests.benchmarks.plans import plan_text
from tests.sizes import spec_text

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent
SPEC = REPOSITORY / "environments" / "prod" / "groundplan.yaml"
PLAN_MB = 20
CHANGED = {
    "cost-center: '4711'": "cost-center: '4712'",
    "disk_gib: 150": "disk_gib: 250",
    "logs_retention_days: 180": "logs_retention_days: 365",
}
"""Of the largest spec, what is written otherwise: a tag of everything, in each root, and what makes new versions."""
MANY = 5
"""Environments that are checked in one process."""


@dataclass(frozen=True, slots=True)
class Row:
    """A budget and what was measured; `unit` is `s`, `MB`, `kB` or `x`."""

    what: str
    measured: float
    bound: float
    unit: str
    remark: str = ""

    @property
    def kept(self) -> bool:
        """Whether the bound holds."""
        return self.measured <= self.bound

    def __str__(self) -> str:
        digits = 0 if self.unit in ("MB", "kB") else 2
        cells = (f"{value:.{digits}f} {self.unit}" for value in (self.measured, self.bound))
        verdict = "kept" if self.kept else "EXCEEDED"
        ratio = f"{self.measured / self.bound:4.2f}"
        return "  ".join(
            (f"{self.what:<48}", *(f"{cell:>8}" for cell in cells), ratio, f"{verdict:<8}", self.remark)
        ).rstrip()


def main() -> int:
    """Prints the table; 0 when every bound is kept, 1 when one is not or a measured command fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs per row; the median counts")
    parser.add_argument("--spec", type=Path, default=SPEC, help="the spec that is built")
    parser.add_argument("--change", action="store_true", help="only the rows of `groundplan change`")
    parser.add_argument("--live", action="store_true", help="only the rows of `groundplan plan` and `apply`")
    parser.add_argument("--stage", action="store_true", help="only the row of the check stage of a pipeline")
    parser.add_argument("--check-many", type=Path, nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.check_many:
        return check_many(arguments.check_many)
    print(
        f"python {sys.version.split()[0]}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {arguments.runs} runs"
    )
    print(f"{'':<48}  measured     bound  ratio")
    kept = True
    with tempfile.TemporaryDirectory(prefix="groundplan-bench-") as folder:
        try:
            measured = rows(arguments.spec.resolve(), Path(folder), arguments.runs)
            if arguments.change:
                measured = change_rows(Path(folder) / "change", arguments.runs)
            elif arguments.live:
                measured = live_rows(Path(folder) / "live", arguments.runs)
            elif arguments.stage:
                measured = stage_rows(Path(folder) / "stage")
            for row in measured:
                print(row, flush=True)
                kept = kept and row.kept
        except CommandError as error:
            print(error, file=sys.stderr)
            return 1
    return 0 if kept else 1


def rows(spec: Path, top: Path, runs: int) -> Iterator[Row]:
    """One row after the other, as they are measured."""
    groundplan = str(PROGRAMS / "groundplan")
    yield Row("groundplan --help", median_seconds(runs, lambda: timed([groundplan, "--help"], top)), 0.25, "s")
    validate = [groundplan, "validate", str(spec)]
    yield Row("groundplan validate", median_seconds(runs, lambda: timed(validate, top)), 0.5, "s")
    fresh = (str(top / f"rendered-{number}") for number in range(1000))

    def rendered(cloud: str) -> Run:
        return timed([groundplan, "render", str(spec), "-o", next(fresh), "--cloud", cloud], top)

    yield from hostile_rows(top)
    yield from plan_rows(top, runs)
    yield from schema_rows(runs)
    for cloud in CLOUDS:
        yield Row(f"groundplan render, {cloud}", median_seconds(runs, partial(rendered, cloud)), 0.8, "s")
        yield from build_rows(spec, top / cloud, runs, cloud)
    yield from many_rows(top)
    yield from change_rows(top / "change", runs)
    yield from live_rows(top / "live", runs)
    yield from stage_rows(top / "stage")


def hostile_rows(top: Path) -> Iterator[Row]:
    """Specs that are large, deep or wrong throughout, each refused by a process of its own; the slowest counts."""
    refuse = [sys.executable, str(Path(hostile.__file__))]
    seconds = {name: timed([*refuse, name], top).seconds for name in hostile.HOSTILE}
    slowest = max(seconds, key=lambda name: seconds[name])
    yield Row(f"slowest of {len(seconds)} hostile specs", seconds[slowest], 6.0, "s", slowest)


def plan_rows(top: Path, runs: int) -> Iterator[Row]:
    """Pricing a plan that groundplan did not render, of thousands of resources."""
    plan = top / "plan.json"
    plan.write_text(plan_text(PLAN_MB), encoding="utf-8")
    cost = [str(PROGRAMS / "groundplan"), "cost", "--plan", str(plan)]
    what = f"groundplan cost --plan, {PLAN_MB} MB"
    yield Row(what, median_seconds(runs, lambda: timed(cost, top)), 2.0, "s")
    yield Row(f"{what}, peak memory", sampled(cost, top).peak_mb, 400, "MB")


def schema_rows(runs: int) -> Iterator[Row]:
    """Reading what a root needs of the largest archive of provider schemas."""
    from groundplan.terraform.archive import SCHEMA_FOLDER, SchemaArchive

    names = SchemaArchive(SCHEMA_FOLDER / "aws.zip").names("resource")
    wanted = [name for name in names if name.startswith(("aws_eks", "aws_vpc", "aws_iam", "aws_kms"))][:60]

    def loaded() -> Run:
        started = time.perf_counter()
        SchemaArchive(SCHEMA_FOLDER / "aws.zip").load({"resource": wanted})
        return Run(time.perf_counter() - started)

    yield Row(f"schemas of {len(wanted)} resource types", median_seconds(runs, loaded), 0.05, "s")


def compare_rows(spec: Path, top: Path, runs: int) -> Iterator[Row]:
    """Ten regions and three purchase options; every region and four; and the page of the latter."""
    from groundplan.clouds import CLOUDS, find_cloud

    catalogs = [cloud.catalog for name in CLOUDS if (cloud := find_cloud(name))]
    ten = ",".join(region for catalog in catalogs for region in list(catalog.regions)[:5])
    compare = [str(PROGRAMS / "groundplan"), "compare", str(spec), "--regions"]
    few = [*compare, ten, "--capacity", "on_demand,spot,commit_1y"]
    seconds = median_seconds(runs, lambda: timed(few, top))
    yield Row("groundplan compare, 2 clouds x 5 regions x 3", seconds, 1.0, "s")
    everything = [*compare, "all", "--capacity", "on_demand,spot,commit_1y,commit_3y"]
    count = sum(len(catalog.regions) for catalog in catalogs)
    seconds = median_seconds(runs, lambda: timed(everything, top))
    yield Row("groundplan compare, 2 clouds x all regions x 4", seconds, 3.0, "s", f"{count} regions")
    page = top / "page.html"
    timed([*everything, "--format", "html", "-o", str(page)], top)
    yield Row("  its page", page.stat().st_size / 1000, 2000, "kB")


def build_rows(spec: Path, top: Path, runs: int, cloud: str) -> Iterator[Row]:
    """The main job against the plain scan of what it wrote."""
    top.mkdir()
    out = top / "out"
    build = [str(PROGRAMS / "groundplan"), "build", str(spec), "-o", str(out), "--cloud", cloud]
    # Without --skip-download checkov waits for a server first; with it the comparison is harder on groundplan.
    checkov = [str(PROGRAMS / "checkov"), "-d", str(out), "--skip-download"]

    def built(measure: Callable[[Sequence[str], Path], Run]) -> Run:
        shutil.rmtree(out, ignore_errors=True)
        return measure(build, top)

    pairs = [(built(timed).seconds, timed(checkov, top).seconds) for _ in range(runs)]
    ours, theirs = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    yield Row(f"groundplan build / checkov -d, {cloud}", ours / theirs, 1.0, "x", f"{ours:.2f} s / {theirs:.2f} s")
    yield Row(f"groundplan build, peak memory, {cloud}", built(sampled).peak_mb, 700, "MB")


def many_rows(top: Path) -> Iterator[Row]:
    """Further environments in one process, on one core."""
    folders = [top / f"environment-{number}" for number in range(MANY)]
    for folder in folders:
        shutil.copytree(top / next(iter(CLOUDS)) / "out", folder)
    command = [sys.executable, "-m", "tests.benchmarks.budgets", "--check-many", *map(str, folders)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    seconds = [float(word) for word in done.stdout.split()]
    further = seconds[1:]
    remark = f"first {seconds[0]:.2f} s, further {', '.join(f'{value:.2f}' for value in further)} s"
    yield Row(f"check of each further environment ({MANY}), one core", median(further), 0.8, "s", remark)
    yield Row("  growth: the last one / the second", further[-1] / further[0], 1.3, "x")


def change_rows(top: Path, runs: int) -> Iterator[Row]:
    """The largest environment of one team, changed all over, against a check of it."""
    top.mkdir()
    groundplan, spec, out = str(PROGRAMS / "groundplan"), top / "groundplan.yaml", top / "out"
    spec.write_text(spec_text("small-team", next(iter(CLOUDS)), "maximal"), encoding="utf-8")
    timed([groundplan, "render", str(spec), "-o", str(out)], top)
    check = [groundplan, "check", str(shutil.copytree(out, top / "checked"))]
    copy = out / "groundplan.yaml"
    text = copy.read_text(encoding="utf-8")
    for before, after in CHANGED.items():
        assert before in text
        text = text.replace(before, after)
    copy.write_text(text, encoding="utf-8")
    change = [groundplan, "change", str(out)]
    pairs = [(worked(change, top), worked(check, top)) for _ in range(runs)]
    for what, part in (("", "seconds"), (", CPU", "cpu_seconds")):
        ours, theirs = (median(getattr(pair[side], part) for pair in pairs) for side in (0, 1))
        remark = f"{ours:.2f} s / {theirs:.2f} s"
        yield Row(f"groundplan change / groundplan check{what}", ours / theirs, 1.5, "x", remark)
    yield Row("groundplan change, peak memory", sampled(change, top).peak_mb, 700, "MB")


def live_rows(top: Path, runs: int) -> Iterator[Row]:
    """Real runs against Terraform alone, on the test cloud."""
    top.mkdir()
    for cloud in CLOUDS:
        for pair in live.pairs(cloud, top / cloud, runs):
            what, ours, plain = f"groundplan {pair.what} beside Terraform, {cloud}", pair.ours, pair.plain
            yield Row(what, ours.seconds - plain.seconds, 0.5, "s", _both(ours, plain))
            if pair.without_init != plain:
                alone = pair.without_init
                yield Row("  beside Terraform without init", ours.seconds - alone.seconds, 0.5, "s", _both(ours, alone))
            yield Row("  its memory", ours.peak_mb - plain.peak_mb, 100, "MB", f"{ours.peak_mb:.0f} MB in all")


def _both(ours: Run, plain: Run) -> str:
    elapsed = f"{ours.seconds:.2f} s - {plain.seconds:.2f} s = {ours.seconds / plain.seconds:.2f} x"
    return f"{elapsed}; CPU {ours.cpu_seconds:.2f} s - {plain.cpu_seconds:.2f} s"


def stage_rows(top: Path) -> Iterator[Row]:
    """The check of a proposed change on two cores: groundplan from cached wheels, then the job's own lines."""
    installed, checked = stage.check_stage(top)
    parts = (
        f"{what} {run.seconds:.1f} s, CPU {run.cpu_seconds:.1f} s"
        for what, run in (("pip", installed), ("check", checked))
    )
    remark = "; ".join(parts)
    yield Row("check stage of a pipeline, installation included", installed.seconds + checked.seconds, 60, "s", remark)


def check_many(folders: list[Path]) -> int:
    """Checks the folders in this process, on one core, and prints the seconds each one took."""
    from groundplan.check.run import Checker

    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with Checker() as checker:
        for folder in folders:
            started = time.perf_counter()
            report = checker.check(folder)
            print(f"{time.perf_counter() - started:.3f}", flush=True)
            if not report.ok:
                raise SystemExit("\n".join(d.message for d in report.diagnostics))
    return 0


if __name__ == "__main__":
    sys.exit(main())
