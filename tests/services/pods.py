"""Runs the containers of a rendered Deployment as processes: same programs, arguments, environment and files.

What differs are addresses: the folders of the volumes, the ports, and where the AWS services are.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.services.processes import answers, free_port, running

Json = dict[str, Any]


@dataclass(frozen=True)
class Pod:
    """One pod of a Deployment in a folder of its own, on ports of its own."""

    deployment: Json
    config_maps: Mapping[str, Mapping[str, str]]
    folder: Path
    environment: Mapping[str, str]
    ports: dict[str, int] = field(default_factory=lambda: {"http": free_port(), "metrics": free_port()})

    @property
    def spec(self) -> Json:
        spec: Json = self.deployment["spec"]["template"]["spec"]
        return spec

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['http']}"

    @property
    def metrics_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['metrics']}/metrics"

    def volume(self, name: str) -> Path:
        """The folder that stands for a volume, filled if it is a config map."""
        path = self.folder / name
        if not path.exists():
            path.mkdir(parents=True)
            (volume,) = (v for v in self.spec["volumes"] if v["name"] == name)
            for file, text in self.config_maps.get(volume.get("configMap", {}).get("name"), {}).items():
                (path / file).write_text(text, encoding="utf-8")
        return path

    def container(self, name: str) -> Json:
        """A container, init containers too, by name."""
        (found,) = (c for c in self.spec["initContainers"] + self.spec["containers"] if c["name"] == name)
        container: Json = found
        return container

    def command(self, name: str) -> list[str]:
        """What the container runs, with this machine's Python and this pod's folders and ports."""
        container = self.container(name)
        parts = [self._here(container, part) for part in container["command"] + container.get("args", [])]
        assert parts[0] == "python"
        return [sys.executable, *parts[1:]]

    def variables(self, name: str) -> dict[str, str]:
        """The environment of the container, and nothing of this process's own."""
        container = self.container(name)
        rendered = {entry["name"]: self._here(container, entry["value"]) for entry in container["env"]}
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        return {"PATH": path, "LANG": "C.UTF-8", **rendered, **self.environment}

    def initialise(self) -> None:
        """Runs the init containers, in order, to their end."""
        for container in self.spec["initContainers"]:
            self.run(container["name"])

    def run(self, name: str) -> None:
        """Runs one container to its end; fails with what it said."""
        done = self.start(name)
        output, _ = done.communicate(timeout=120)
        assert done.returncode == 0, f"{name} ended with {done.returncode}:\n{output[-4000:]}"

    def start(self, name: str) -> subprocess.Popen[str]:
        """Starts one container and does not wait for it."""
        return subprocess.Popen(
            self.command(name),
            env=self.variables(name),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @contextlib.contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Runs the containers until the block ends; ready is what their probes call ready."""
        started = {}
        with contextlib.ExitStack() as stack:
            for container in self.spec["containers"]:
                name, probe = container["name"], container["readinessProbe"]["httpGet"]
                ready = answers(f"http://127.0.0.1:{self.ports[probe['port']]}{probe['path']}")
                log = self.folder / f"{name}.log"
                server = running(self.command(name), log, ready, environment=self.variables(name))
                started[name] = stack.enter_context(server)
            yield started["server"]

    def _here(self, container: Json, text: str) -> str:
        mounts = {m["mountPath"]: str(self.volume(m["name"])) for m in container["volumeMounts"]}
        paths = sorted(mounts, key=len, reverse=True)
        text = re.sub("|".join(rf"(?<![\w/]){re.escape(path)}(?=/|$)" for path in paths), lambda m: mounts[m[0]], text)
        text = text.replace("--host=0.0.0.0", "--host=127.0.0.1")
        numbers = {
            port["containerPort"]: self.ports[port["name"]] for c in self.spec["containers"] for port in c["ports"]
        }
        return re.sub(r"^(--port=)?(\d+)$", lambda m: f"{m[1] or ''}{numbers.get(int(m[2]), m[2])}", text)


def descendants(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    found = [pid]
    for parent in found:
        tasks = Path(f"/proc/{parent}/task")
        with contextlib.suppress(FileNotFoundError):
            for task in tasks.iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def command_lines(pid: int) -> str:
    """What anybody on the machine can read of a process and its children."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return "\n".join(os.fsdecode(Path(f"/proc/{p}/cmdline").read_bytes()) for p in descendants(pid))
    return ""
