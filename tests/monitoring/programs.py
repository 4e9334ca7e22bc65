"""Prometheus and Alertmanager from Debian's packages: unpacked beside the virtual environment, never installed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

SERVICES = Path(__file__).resolve().parents[2] / ".venv" / "services"


class UnavailableError(Exception):
    """The package can be had neither from this machine nor from its package index; the message says why."""


def program(package: str, name: str) -> Path:
    """A program: the one on PATH, or else the one in the Debian package of that name, fetched once."""
    installed = shutil.which(name)
    return Path(installed) if installed else unpacked(package) / "usr" / "bin" / name


def unpacked(package: str) -> Path:
    """Where the package's files are. Waits for another process that is fetching it."""
    SERVICES.mkdir(parents=True, exist_ok=True)
    target = SERVICES / package
    with (SERVICES / f"{package}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            _fetch(package, target)
    return target


def _fetch(package: str, target: Path) -> None:
    missing = [tool for tool in ("apt-get", "dpkg-deb") if shutil.which(tool) is None]
    if missing:
        raise UnavailableError(f"{package}: not on PATH, and without {' and '.join(missing)} it cannot be fetched")
    work = SERVICES / f"{package}.new"
    shutil.rmtree(work, ignore_errors=True)
    (work / "files").mkdir(parents=True)
    own = own_lists(work)
    tries = (["apt-get", "download", package], ["apt-get", *own, "update"], ["apt-get", *own, "download", package])
    said = ""
    for command in tries:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=180, check=False)
        said = done.stderr.strip()
        if archives := sorted(work.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", archives[0], work / "files"], check=True, timeout=120)
            (work / "files").replace(target)
            shutil.rmtree(work)
            return
    shutil.rmtree(work)
    raise UnavailableError(f"{package}: not on PATH, and apt-get cannot fetch it: {said or 'no such package'}")


def own_lists(work: Path) -> list[str]:
    """Options with which apt-get keeps its lists in a folder of ours, so that a fresh machine needs no root."""
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    return [
        "-o",
        f"Dir::State={work / 'state'}",
        "-o",
        "Dir::State::status=/var/lib/dpkg/status",
        "-o",
        f"Dir::Cache={work / 'cache'}",
    ]


def had(package: str, name: str) -> Path:
    """The program; without it the test fails in CI and is skipped elsewhere, with the reason."""
    try:
        return program(package, name)
    except UnavailableError as reason:
        if must_be_had():
            pytest.fail(str(reason))
        pytest.skip(str(reason))


def must_be_had() -> bool:
    """In CI a program that is unavailable is a failure; elsewhere its tests are skipped with the reason."""
    return bool(os.environ.get("CI"))
