"""The plugin server as a child process, and how Terraform is told about it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import threading
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from groundplan.sandbox.processes import end, running
from groundplan.sandbox.python import import_folders, module_environment, module_words
from groundplan.sandbox.sandbox import NO_SANDBOX, Needs, Sandbox
from groundplan.terraform.archive import SchemaSource
from groundplan.terraform.plugin.files import NO_FILES, Files

_INIT_PID = 1
"""A process that lives as long as its namespace: the plugin server has no number in Terraform's."""


class PluginProcess:
    """The plugin process; its sockets are named before it runs, so that Terraform can start at the same time."""

    def __init__(
        self,
        folder: Path,
        sources: Sequence[SchemaSource],
        used: Mapping[str, frozenset[str]],
        sandbox: Sandbox = NO_SANDBOX,
        files: Files = NO_FILES,
    ) -> None:
        """`folder` takes the sockets; their names have to fit into 108 bytes. `files` are what its providers read."""
        self.sources = sources
        self.folder = folder
        self._users: Mapping[str, int] = {}
        self._used = {kind: sorted(names) for kind, names in used.items()}
        self._sandbox = sandbox
        self._files = files
        self._stack = contextlib.ExitStack()
        self._lock = threading.Lock()
        self._ready = False

    def apart(self, users: Sequence[str]) -> PluginProcess:
        """The same, not started yet, with providers for each user, such as a root, that it alone configures.

        They take each other's states, whatever release of a provider wrote them.
        """
        self._users = {user: number for number, user in enumerate(users)}
        return self

    @property
    def _servers(self) -> list[dict[str, Any]]:
        """What is asked for: the sockets of each provider, one for each user."""
        return [
            {
                "sockets": [str(self.folder / f"{n}-{user}.sock") for user in self._users.values() or (0,)],
                "source": source.about.source,
                "file": str(source.path.absolute()),
            }
            for n, source in enumerate(self.sources)
        ]

    def __enter__(self) -> PluginProcess:
        imports = import_folders("groundplan", "grpc", "msgpack", "google.protobuf")
        schemas = dict.fromkeys(Path(server["file"]) for server in self._servers)
        read = (self._files.top,) if self._files.top else ()
        needs = Needs((*imports, *schemas, *read), (self.folder,), input=True)
        self._process = subprocess.Popen(
            self._sandbox.command(module_words("groundplan.terraform.plugin.server"), needs),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=self.folder,
            env=module_environment(self.folder, imports),
            start_new_session=True,
        )
        self._stack.enter_context(running(self._process))
        self._write(
            {
                "servers": self._servers,
                "used": self._used,
                "files": self._files.request(),
                "versions": not self._users,
            }
        )
        return self

    @property
    def reattach(self) -> dict[str, Any]:
        """TF_REATTACH_PROVIDERS for all of its providers; of several versions of one, that of the last."""
        return self.reattach_for(self.sources)

    def reattach_for(self, sources: Collection[SchemaSource], user: str = "") -> dict[str, Any]:
        """TF_REATTACH_PROVIDERS for some of its providers; without users of its own they are everybody's."""
        number = _INIT_PID if self._sandbox.walls.processes else self._process.pid
        own = self._users.get(user, 0)
        entries: dict[str, Any] = {}
        for server, source in zip(self._servers, self.sources, strict=True):
            if source in sources:
                entries |= reattach_entries(server["source"], server["sockets"][own], number)
        return entries

    def __exit__(self, *_exception: object) -> None:
        end(self._process)
        self._process.communicate()
        self._stack.close()

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


def reattach_entries(source: str, socket: str, pid: int) -> dict[str, Any]:
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
