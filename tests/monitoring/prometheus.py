"""A real Prometheus on loopback, for as long as a test takes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.services import processes


@contextlib.contextmanager
def prometheus(program: Path, folder: Path, config: Mapping[str, Any]) -> Iterator[str]:
    """The address of a Prometheus with that configuration; what it keeps and says is in `folder`."""
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    url = f"http://127.0.0.1:{processes.free_port()}"
    command: list[str | Path] = [
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address={url.removeprefix('http://')}",
    ]
    with processes.running(command, folder / "log", processes.answers(f"{url}/-/ready")):
        yield url


def ask(url: str) -> Any:
    """The `data` of an answer of Prometheus."""
    return processes.ask(url).json()["data"]
