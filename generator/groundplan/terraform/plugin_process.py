"""The plugin server as a child process, and how Terraform is told about it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from groundplan.terraform.archive import SchemaSource


class PluginProcess:
    """The plugin process; its sockets are named before it runs, so that Terraform can start at the same time."""

    def __init__(self, base: Path, sources: Sequence[SchemaSource], used: Mapping[str, frozenset[str]]) -> None:
        self.sources = sources
        self._base = base
        self._servers = [
            {"socket": str(base / f"{number}.sock"), "source": source.about.source, "file": str(source.path.absolute())}
            for number, source in enumerate(sources)
        ]
        self._used = {kind: sorted(names) for kind, names in used.items()}
        self._lock = threading.Lock()
        self._ready = False
        self.reattach: dict[str, Any] = {}

    def __enter__(self) -> PluginProcess:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "groundplan.terraform.plugin.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._write({"servers": self._servers, "used": self._used, "folder": str(self._base)})
        for server in self._servers:
            self.reattach |= _reattach(server["source"], server["socket"], self._process.pid)
        return self

    def __exit__(self, *_exception: object) -> None:
        self._process.kill()
        self._process.communicate()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait(self) -> None:
        """Returns when the sockets are open."""
        with self._lock:
            if not self._ready:
                self._read()
                self._ready = True

    def secrets(self) -> frozenset[str]:
        """What ephemeral resources gave out and write-only arguments took in so far."""
        self.wait()
        with self._lock:
            self._write({"secrets": None})
            return frozenset(self._read()["secrets"])

    def _write(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the plugin server ended with exit code {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _reattach(source: str, socket: str, pid: int) -> dict[str, Any]:
    """Entries of TF_REATTACH_PROVIDERS: the provider's own address and, for the default host, OpenTofu's."""
    entry = {
        "Protocol": "grpc",
        "ProtocolVersion": 6,
        "Pid": pid,
        "Test": True,
        "Addr": {"Network": "unix", "String": socket},
    }
    host, _, rest = source.partition("/")
    addresses = {source, f"registry.opentofu.org/{rest}"} if host == "registry.terraform.io" else {source}
    return dict.fromkeys(addresses, entry)
