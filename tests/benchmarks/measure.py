"""Wall time and memory of a cold process with everything it starts."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_SAMPLE_SECONDS = 0.05


class CommandError(Exception):
    """A measured command did not do what it was measured for; carries its output."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds from start to end, and the peak of the proportional set size of the process tree in MB.

    Proportional means that a page shared by several processes counts once. 0 when memory was not sampled: sampling
    costs time, so a run measures one or the other. The seconds of CPU are those of each process that it starts, as last
    seen before its end: the kernel's own sum leaves out those that were killed or are nobody's children any more.
    """

    seconds: float
    peak_mb: float = 0.0
    cpu_seconds: float = 0.0


def timed(command: Sequence[str], cwd: Path) -> Run:
    """The wall time of a command that must end with exit code 0."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=_environment(cwd), stdout=output, stderr=output)
        _finish(process, command, output.fileno())
        return Run(time.perf_counter() - started)


def worked(command: Sequence[str], cwd: Path) -> Run:
    """The wall time and the CPU of a command that must end with exit code 0."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=_environment(cwd), stdout=output, stderr=output)
        seen: dict[int, float] = {}
        while process.poll() is None:
            seen |= {pid: used for pid in _tree(process.pid) if (used := _cpu_seconds(pid)) is not None}
            time.sleep(_SAMPLE_SECONDS)
        _finish(process, command, output.fileno())
        return Run(time.perf_counter() - started, cpu_seconds=sum(seen.values()))


def sampled(command: Sequence[str], cwd: Path) -> Run:
    """The peak memory of a command that must end with exit code 0."""
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=_environment(cwd), stdout=output, stderr=output)
        peak = peak_mb(process)
        _finish(process, command, output.fileno())
        return Run(time.perf_counter() - started, peak)


def peak_mb(process: subprocess.Popen[bytes]) -> float:
    """The peak of a process and of all that it starts, until it ends."""
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_proportional_mb(pid) for pid in _tree(process.pid)))
        time.sleep(_SAMPLE_SECONDS)
    return peak


def _cpu_seconds(pid: int) -> float | None:
    """What a process has used itself; https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def median_seconds(runs: int, once: Callable[[], Run]) -> float:
    """The median of several runs."""
    return median(once().seconds for _ in range(runs))


def _finish(process: subprocess.Popen[bytes], command: Sequence[str], output: int) -> None:
    if process.wait() != 0:
        os.lseek(output, 0, os.SEEK_SET)
        said = os.read(output, 100_000).decode(errors="replace")
        raise CommandError(f"{' '.join(command)} ended with {process.returncode}\n{said}")


def _environment(cwd: Path) -> dict[str, str]:
    """No cloud variables, no settings: what a fresh login has."""
    return {"PATH": os.environ["PATH"], "HOME": str(cwd), "LANG": "C.UTF-8"}


def _tree(root: int) -> list[int]:
    found = [root]
    for pid in found:
        try:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += map(int, children.read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _proportional_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("Pss:")), 0.0)
