"""The check stage of a pipeline as a runner plays it: groundplan from a folder of wheels, then the job's lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from groundplan.render.pipelines.github import INSTALL
from groundplan.render.pipelines.jobs import jobs
from groundplan.render.pipelines.model import Given
from groundplan.render.pipelines.text import shell
from tests.benchmarks.measure import Run, worked

REPOSITORY = Path(__file__).resolve().parents[2]
LOCK = REPOSITORY / "requirements" / "demo.txt"
WHEELS = REPOSITORY / "build" / f"wheels-{sha256(LOCK.read_bytes()).hexdigest()[:12]}"
"""Those of this lock: pip takes whatever fits the ranges of pyproject.toml."""
BACKEND = Path(sys.prefix) / "build-backend"
ENVIRONMENT = "prod"
CORES = 2


def check_stage(top: Path) -> tuple[Run, Run]:
    """The installation and the check of one environment of environments/, each timed, on two cores at the most."""
    folder = Path(shutil.copytree(REPOSITORY / "environments", top / "repository"))
    _fill(WHEELS)
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, set(sorted(before)[:CORES]))
    try:
        venv = top / "venv"
        offline = f"PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INDEX=1 PIP_FIND_LINKS={WHEELS}"
        pip = f"PATH={venv}/bin:$PATH {offline} {INSTALL}"
        installed = worked(["sh", "-ec", f"{sys.executable} -m venv {venv} && {pip}"], folder)
        return installed, worked(["sh", "-ec", f"PATH={venv}/bin:$PATH\n{_lines()}"], folder)
    finally:
        os.sched_setaffinity(0, before)


def _lines() -> str:
    """What the job `check` runs, line by line."""
    given = {Given.FOLDER: ENVIRONMENT, Given.SPEC: f"{ENVIRONMENT}/groundplan.yaml"}
    check = next(job for job in jobs("sarif") if job.name == "check")
    return "\n".join(shell(call, given) for call in check.calls)


def _fill(wheels: Path) -> None:
    """A wheel of every package of the lock, fetched once, and one of groundplan as it is now."""
    wheel = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wheel += ["--no-build-isolation", "--wheel-dir", str(wheels)]
    environment = {**os.environ, "PYTHONPATH": str(BACKEND)}
    if not wheels.is_dir():
        new = Path(tempfile.mkdtemp(dir=_made(wheels.parent)))
        subprocess.run([*wheel[:-1], str(new), "--require-hashes", "-r", str(LOCK)], env=environment, check=True)
        new.rename(wheels)
    for old in wheels.glob("groundplan-*.whl"):
        old.unlink()
    subprocess.run([*wheel, str(REPOSITORY)], env=environment, check=True)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder
