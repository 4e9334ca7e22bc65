"""This interpreter as a confined program: a module run by its name, which imports what groundplan imports."""

from __future__ import annotations

import os
import site
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path


def module_words(module: str) -> list[str]:
    """Runs a module; neither the working directory nor a folder of the user's is imported from."""
    return [sys.executable, "-P", "-s", "-m", module]


def import_folders(*packages: str) -> list[Path]:
    """The folders this interpreter has the packages from, where they are not its own."""
    specs = [find_spec(package) for package in packages]
    folders = [Path(spec.origin).parents[1] for spec in specs if spec is not None and spec.origin]
    own = {os.path.realpath(folder) for folder in site.getsitepackages()}
    return [folder for folder in dict.fromkeys(folders) if os.path.realpath(folder) not in own]


def module_environment(home: Path, folders: list[Path]) -> Mapping[str, str]:
    """All that the module sees: nothing of the caller's, and `home` for what it may write."""
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(home), "TMPDIR": str(home)}
    return environment | ({"PYTHONPATH": os.pathsep.join(map(str, folders))} if folders else {})
