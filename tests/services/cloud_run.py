"""Runs the two containers of the rendered Cloud Run service as processes: same programs, arguments and environment.

What differs are addresses, as in `pods`: folders, ports and where Google's services are; and the user, who is this one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.services.processes import answers, free_port, running

Json = dict[str, Any]


@dataclass(frozen=True)
class Instance:
    """One instance of the service in a folder of its own, on ports of its own."""

    containers: Mapping[str, Json]
    folder: Path
    environment: Mapping[str, str]
    nginx: Path
    ports: dict[str, int] = field(default_factory=lambda: {"proxy": free_port(), "server": free_port()})

    @property
    def url(self) -> str:
        """Where the proxy takes HTTP/2 without TLS."""
        return f"http://127.0.0.1:{self.ports['proxy']}"

    @property
    def server_url(self) -> str:
        """Where the server behind it takes HTTP/1."""
        return f"http://127.0.0.1:{self.ports['server']}"

    def server(self) -> list[str]:
        """What the server's container runs."""
        _, directories, scripts, *command = self.containers["server"]["args"]
        here = {name: self._here(path) for name, path in json.loads(directories).items()}
        Path(here["scratch"]).mkdir(exist_ok=True)
        first = [sys.executable, *self.containers["server"]["command"][1:]]
        return [*first, str(os.getuid()), json.dumps(here), scripts, *map(self._here, command)]

    def proxy(self) -> list[str]:
        """What the proxy's container runs; nginx before 1.25 says `http2` in another place."""
        container = self.containers["proxy"]
        text = [self._here(part) for part in container["command"] + container["args"]]
        version = subprocess.run([self.nginx, "-v"], capture_output=True, text=True, check=True).stderr
        (major, minor) = map(int, re.findall(r"nginx/(\d+)\.(\d+)", version)[0])
        assert "http2 on;" in text[-1]
        if (major, minor) < (1, 25):
            text[-1] = re.sub(r"listen ([^;]+);\s+http2 on;", r"listen \1 http2;", text[-1])
        return text

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Runs the server, and when it is ready the proxy, until the block ends."""
        probe = self.containers["server"]["startup_probe"][0]["http_get"][0]["path"]
        path = f"{Path(sys.executable).parent}:{self.nginx.parent}:/usr/bin:/bin"
        rendered = {entry["name"]: self._here(entry["value"]) for entry in self.containers["server"]["env"]}
        variables = {"PATH": path, "LANG": "C.UTF-8", **rendered, **self.environment}
        server = running(
            self.server(), self.folder / "server.log", answers(self.server_url + probe), environment=variables
        )
        with server, running(self.proxy(), self.folder / "proxy.log", self._listens, environment={"PATH": path}):
            yield

    def _listens(self) -> bool:
        """What the proxy's own probe asks: is the port open?"""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.ports["proxy"]), timeout=1):
            return True
        return False

    def _here(self, text: str) -> str:
        paths = r"(?<![\w/])(/run/mlflow/secrets|/etc/mlflow|/tmp)(?=[/;\s]|$)"
        text = re.sub(paths, lambda found: str(self.folder / found[1].rpartition("/")[2]), text)
        proxy, server = self.ports["proxy"], self.ports["server"]
        places = {
            "--host=0.0.0.0": "--host=127.0.0.1",
            "--port=5000": f"--port={server}",
            "listen 8080;": f"listen 127.0.0.1:{proxy};",
            "127.0.0.1:5000": f"127.0.0.1:{server}",
        }
        for rendered, here in places.items():
            text = text.replace(rendered, here)
        return text
