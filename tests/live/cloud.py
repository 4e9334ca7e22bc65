"""The test cloud: its process, what is in it, and how Terraform finds its providers."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from groundplan.terraform.archive import SchemaSource, schema_sources
from groundplan.terraform.plugin_process import reattach_entries
from groundplan.terraform.providers import newest
from groundplan.terraform.usage import scan
from tests.live.faults import Fault, Faults
from tests.live.store import Store

_REPOSITORY = Path(__file__).resolve().parents[2]


class Cloud:
    """Providers for all types of an environment, in a process that can crash and start again; the objects stay."""

    def __init__(self, folder: Path, environment: Path, servers: Mapping[str, str]) -> None:
        """`folder` is its own and has a short path, `servers` the variables that say where buckets are made."""
        self._folder = folder
        self._environment = environment
        self._sources: tuple[SchemaSource, ...] = newest(schema_sources(())).sources
        self._servers = servers
        self._process: subprocess.Popen[str] | None = None
        self.store = Store(folder / "objects")
        self._faults = Faults(folder / "faults.json")

    def fail(self, *faults: Fault) -> None:
        """What goes wrong from now on, in place of what went wrong before; nothing without any."""
        self._faults.write(*faults)

    def hangs(self) -> bool:
        """Whether a call hangs now."""
        return self._faults.hangs()

    def start(self) -> None:
        """Starts the process, or starts it again after a crash; the sockets stay where they were.

        It serves the types that the environment has by then.
        """
        self.crash()
        for socket in self._folder.glob("*.sock"):
            socket.unlink()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.provider", str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(_REPOSITORY), **self._servers},
            start_new_session=True,
        )
        self._tell(self._process)

    def _tell(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin and process.stdout
        used = {kind: sorted(names) for kind, names in scan([self._environment]).types.items()}
        request = {"servers": self._asked(), "used": used, "versions": True}
        process.stdin.write(json.dumps(request) + "\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline() or "{}") == {"ready": True}, "the test cloud did not start"

    def crash(self) -> None:
        """Ends the process at once, as a provider that crashes does."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @property
    def reattach(self) -> str:
        """TF_REATTACH_PROVIDERS."""
        entries: dict[str, Any] = {}
        for server in self._asked():
            entries |= reattach_entries(server["source"], server["sockets"][0], os.getpid())
        return json.dumps(entries)

    def _asked(self) -> list[dict[str, Any]]:
        return [
            {
                "sockets": [str(self._folder / f"{number}.sock")],
                "source": source.about.source,
                "file": str(source.path.absolute()),
            }
            for number, source in enumerate(self._sources)
        ]


@contextlib.contextmanager
def cloud(folder: Path, environment: Path, servers: Mapping[str, str]) -> Iterator[Cloud]:
    """An empty test cloud that runs; its process ends with the block."""
    made = Cloud(folder, environment, servers)
    made.start()
    try:
        yield made
    finally:
        made.crash()
