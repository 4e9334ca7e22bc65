"""Nothing else goes online: the other commands reach no preflight and no cloud's client library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from groundplan.cli import COMMANDS
from tests.architecture.sources import REPOSITORY, module_name, parsed
from tests.architecture.test_imports import imported

ONLINE = ("boto3", "botocore", "google.cloud", "google.auth", "google.api_core", "requests")
SPEC = "blueprints/gpu-training/blueprint.yaml"


def imports() -> dict[str, set[str]]:
    return {module_name(path): imported(tree, module_name(path)) for path, tree in parsed()}


def reached(start: str) -> set[str]:
    """Modules that importing `start` and calling anything in it can import, names of other packages included."""
    known, found, left = imports(), set[str](), [start]
    while left:
        module = left.pop()
        if module not in found:
            found.add(module)
            left += known.get(module, ())
    return found


@pytest.mark.parametrize("command", ["validate", "resolve", "explain", "render", "check", "cost", "build", "rehearse"])
def test_commands_that_work_offline_reach_no_client(command: str) -> None:
    assert command in COMMANDS
    modules = reached(f"groundplan.cli.{command}")
    assert "groundplan.cli.common" in modules
    online = [name for name in modules if any(name == one or name.startswith(f"{one}.") for one in ONLINE)]
    assert not online
    assert not [name for name in modules if name.startswith("groundplan.preflight") or name.endswith(".preflight")]


def test_preflight_reaches_what_it_is_made_of() -> None:
    modules = reached("groundplan.cli.preflight")
    assert {"groundplan.preflight.model", "groundplan.compose.needs", "groundplan.views.preflight"} <= modules


@pytest.mark.parametrize("arguments", [("validate", SPEC), ("preflight", SPEC, "--offline")], ids=lambda a: a[0])
def test_nothing_online_is_loaded(arguments: tuple[str, ...]) -> None:
    code = (
        "import sys\nfrom groundplan.cli import run\n"
        f"code = run({list(arguments)!r})\n"
        f"print(code, *[name for name in {ONLINE!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "0"
