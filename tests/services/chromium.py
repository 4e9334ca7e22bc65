"""A Chromium for tests: the one on PATH, or Debian's and all it needs, unpacked beside the virtual environment."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.monitoring.programs import SERVICES, UnavailableError, must_be_had, own_lists

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium-headless-shell", "fontconfig-config", "fonts-dejavu-core")


@dataclass(frozen=True)
class Chromium:
    """The program, and the variables that it needs to find its libraries and fonts."""

    program: Path
    environment: dict[str, str]


def chromium() -> Chromium:
    """The browser; without it the test fails in CI and is skipped elsewhere, with the reason."""
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    if installed:
        return Chromium(Path(installed), {})
    try:
        return unpacked()
    except UnavailableError as reason:
        if must_be_had():
            pytest.fail(str(reason))
        pytest.skip(str(reason))


def unpacked() -> Chromium:
    """Debian's packages, fetched once. Waits for another process that is fetching them."""
    SERVICES.mkdir(parents=True, exist_ok=True)
    target = SERVICES / "chromium"
    with (SERVICES / "chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            _fetch(target)
    libraries = sorted({str(path.parent) for path in target.glob("**/*-linux-gnu*/**/*.so*")})
    return Chromium(
        target / "usr" / "lib" / "chromium" / "chromium-headless-shell",
        {"LD_LIBRARY_PATH": ":".join(libraries), "FONTCONFIG_FILE": str(_fonts(target))},
    )


def _fetch(target: Path) -> None:
    missing = [tool for tool in ("apt-get", "dpkg-deb") if shutil.which(tool) is None]
    if missing:
        raise UnavailableError(f"no browser on PATH, and without {' and '.join(missing)} none can be fetched")
    work = SERVICES / "chromium.new"
    shutil.rmtree(work, ignore_errors=True)
    (work / "files").mkdir(parents=True)
    options = [*own_lists(work), "-o", "Debug::NoLocking=1"]
    _apt(work, [*options, "update"])
    wanted = _apt(work, [*options, "install", "--print-uris", "--yes", "--no-install-recommends", *PACKAGES])
    files = [line.split()[1] for line in wanted.splitlines() if line.startswith("'")]
    _apt(work, [*options, "download", *(file.split("_")[0] for file in files)])
    for archive in sorted(work.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", archive, work / "files"], check=True, timeout=120)
    (work / "files").replace(target)
    shutil.rmtree(work)


def _apt(work: Path, arguments: list[str]) -> str:
    done = subprocess.run(
        ["apt-get", "-qq", *arguments], cwd=work, capture_output=True, text=True, timeout=600, check=False
    )
    if done.returncode:
        raise UnavailableError(f"no browser on PATH, and apt-get cannot fetch one: {done.stderr.strip()}")
    return done.stdout


def _fonts(root: Path) -> Path:
    """A configuration of fontconfig that knows the unpacked fonts and those of the machine."""
    file = root / "fonts.conf"
    folders = "".join(f"<dir>{path}</dir>" for path in (root / "usr/share/fonts", Path("/usr/share/fonts")))
    edit = '<edit name="family" mode="append" binding="same"><string>DejaVu Sans</string></edit>'
    file.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>{folders}'
        f'<match target="pattern">{edit}</match>'
        f"<cachedir>{root / 'font-cache'}</cachedir></fontconfig>\n",
        encoding="utf-8",
    )
    return file
