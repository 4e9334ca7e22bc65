"""What `make bench` measures with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.benchmarks.budgets import Row
from tests.benchmarks.measure import CommandError, sampled, timed, worked

SLEEP = "import time; time.sleep(0.4)"
CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(80_000_000); {SLEEP}'])"


def test_time_is_wall_time(tmp_path: Path) -> None:
    assert timed([sys.executable, "-c", SLEEP], tmp_path).seconds >= 0.4


def test_time_of_cpu_is_that_of_all_it_starts_and_not_of_waiting(tmp_path: Path) -> None:
    spin = "import time; [None for _ in iter(lambda: time.process_time() < 0.5, False)]"
    start = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {spin!r}])"
    assert worked([sys.executable, "-c", f"{start}; child.wait()"], tmp_path).cpu_seconds >= 0.4
    killed = f"{start}; import time; time.sleep(1); child.kill(); import os; os._exit(0)"
    assert worked([sys.executable, "-c", killed], tmp_path).cpu_seconds >= 0.4
    assert worked([sys.executable, "-c", SLEEP], tmp_path).cpu_seconds < 0.4


def test_memory_counts_what_a_command_starts(tmp_path: Path) -> None:
    assert 80 <= sampled([sys.executable, "-c", CHILD], tmp_path).peak_mb < 300


def test_a_failing_command_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="went wrong"):
        timed([sys.executable, "-c", "raise SystemExit('went wrong')"], tmp_path)


@pytest.mark.parametrize(("measured", "verdict"), [(0.4, "kept"), (0.5, "kept"), (0.6, "EXCEEDED")])
def test_a_row_says_whether_its_bound_is_kept(measured: float, verdict: str) -> None:
    row = Row("a command", measured, 0.5, "s")
    assert row.kept == (verdict == "kept")
    assert verdict in str(row)
