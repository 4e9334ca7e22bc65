"""The wheel, installed into an empty environment elsewhere, does the main job from any folder.

Dependencies are not downloaded again: the new environment sees the packages of the one that runs the tests, but not
its groundplan, which is an editable install and reached only through a .pth file that is not read there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import REPOSITORY

BUILD_BACKEND = Path(sys.prefix) / "build-backend"
LARGEST_WHEEL = 5_000_000
LARGEST_TABLES = 2_500_000
"""Of the wheel, in it: prices, offers and provider schemas, which grow unseen; code and modules are what is left."""


def execute(*arguments: str | Path, cwd: Path, **environment: str) -> str:
    variables = {"PATH": os.defpath, "HOME": str(cwd), "LANG": "C.UTF-8", **environment}
    words = [str(argument) for argument in arguments]
    done = subprocess.run(words, cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built without a network, by the backend that `make` puts beside the environment's packages."""
    if not BUILD_BACKEND.is_dir():
        pytest.skip("no build backend beside this environment; `make test` installs one")
    folder = tmp_path_factory.mktemp("wheel")
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-index", "--no-deps")
    execute(*build, "--wheel-dir", folder, REPOSITORY, cwd=folder, PYTHONPATH=str(BUILD_BACKEND))
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` folder of a new environment with the wheel in it."""
    top = tmp_path_factory.mktemp("installed")
    execute(sys.executable, "-m", "venv", "--without-pip", top / "venv", cwd=top)
    python = top / "venv" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    execute(*pip, "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=top)
    site = Path(execute(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=top).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return python.parent


def test_wheel_holds_everything_that_is_shipped(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("modules", "blueprints"):
        kept = {
            path
            for path in (REPOSITORY / folder).rglob("*")
            if path.is_file() and path.suffix in (".tf", ".yaml", ".md")
        }
        assert kept
        assert {f"groundplan/_data/{path.relative_to(REPOSITORY).as_posix()}" for path in kept} <= names
    package = REPOSITORY / "generator" / "groundplan"
    shipped = {path for path in package.rglob("*") if path.suffix in (".py", ".csv", ".zip", ".j2", ".json")}
    assert {path.relative_to(package.parent).as_posix() for path in shipped} <= names
    assert not {name for name in names if "__pycache__" in name or ".terraform" in name or name.endswith(".tfstate")}
    print(f"{wheel.name}: {wheel.stat().st_size / 1000:.0f} kB")
    with zipfile.ZipFile(wheel) as archive:
        tables = sum(entry.compress_size for entry in archive.infolist() if entry.filename.endswith((".csv", ".zip")))
    assert wheel.stat().st_size < LARGEST_WHEEL
    assert tables < LARGEST_TABLES


def test_installed_package_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = execute(installed / "python", "-c", "import groundplan; print(groundplan.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parent)


@pytest.fixture(scope="module")
def alone() -> tuple[str, ...]:
    """What starts a command without any network; nothing where the machine does not allow that."""
    unshare = shutil.which("unshare") or "unshare"
    words = (unshare, "--net", "--map-root-user")
    possible = shutil.which("unshare") and subprocess.run([*words, "true"], capture_output=True, check=False)
    return words if possible and possible.returncode == 0 else ()


def test_main_job_from_another_folder(installed: Path, alone: tuple[str, ...], tmp_path: Path) -> None:
    """Without any network, where that is possible: the next test says so."""
    groundplan = (*alone, installed / "groundplan")
    execute(*groundplan, "init", "demo", "--blueprint", "gpu-training", "--cloud", "aws", cwd=tmp_path)
    report = json.loads(
        execute(*groundplan, "build", "demo/groundplan.yaml", "-o", "out", "--format", "json", cwd=tmp_path)
    )
    assert report["ok"], report["diagnostics"]
    assert (tmp_path / "out" / "10-foundation" / "main.tf").is_file()
    assert (tmp_path / "out" / "groundplan.lock.json").is_file()
    assert "Terraform v" in execute(installed / "groundplan-terraform", "version", cwd=tmp_path)


def test_the_main_job_had_no_network(alone: tuple[str, ...], tmp_path: Path) -> None:
    if not alone:
        pytest.skip("this machine does not let us make a network namespace")
    interfaces = execute(*alone, sys.executable, "-c", "import socket; print(socket.if_nameindex())", cwd=tmp_path)
    assert re.findall(r"'(\w+)'", interfaces) == ["lo"]
