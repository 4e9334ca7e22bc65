"""The plugin process: gRPC servers for each provider, each on its own unix socket, until its standard input ends.

The parent writes one JSON line, `{"servers": [{"sockets", "source", "file"}], "used": {kind: [type, …]}, "files": {},
"versions": true}` and reads `{"ready": true}`. Every further line it writes is answered with the secrets seen so far,
`{"secrets": […]}`. A parent that ends a session stops this process; one that was killed only closes standard input.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

import grpc

from groundplan.terraform.archive import SchemaArchive, SchemaSource, read_schema_file
from groundplan.terraform.plugin.files import Files
from groundplan.terraform.plugin.ledger import Ledger
from groundplan.terraform.plugin.protocol import handlers, pb, plugin
from groundplan.terraform.plugin.provider import OfflineProvider

_UNLIMITED = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
_THREADS = 4


def serve(
    commands: TextIO, answers: TextIO, make: Callable[..., OfflineProvider] = OfflineProvider, threads: int = _THREADS
) -> None:
    """Serves what the first line of `commands` asks for until `commands` ends; `make` takes what the class takes."""
    request = json.loads(commands.readline())
    executor = ThreadPoolExecutor(threads)
    ledger = Ledger()
    files = Files.from_request(request.get("files", {}))
    servers = []
    for wanted in request["servers"]:
        schemas = _source(wanted["source"], wanted["file"]).load(request["used"])
        provider = make(schemas, ledger, files, versions=request["versions"])
        servers += [_start(provider.another(), socket, executor) for socket in wanted["sockets"]]
    _say(answers, {"ready": True})
    for _ in commands:
        _say(answers, {"secrets": ledger.secrets()})
    for server in servers:
        server.stop(None)


def _source(address: str, file: str) -> SchemaSource:
    path = Path(file)
    if path.suffix == ".zip":
        return SchemaArchive(path)
    return next(provider for provider in read_schema_file(path) if provider.about.source == address)


def _start(provider: OfflineProvider, socket: str, executor: ThreadPoolExecutor) -> Any:
    server = grpc.server(executor, options=_UNLIMITED)
    server.add_generic_rpc_handlers(
        (
            handlers(pb, "Provider", provider.methods()),
            handlers(plugin, "GRPCController", {"Shutdown": lambda _request: plugin.Empty()}),
            handlers(plugin, "GRPCStdio", {"StreamStdio": _no_output}),
        )
    )
    server.add_insecure_port(f"unix:{socket}")
    server.start()
    return server


def _no_output(_request: Any) -> Iterator[Any]:
    """Nothing: what a plugin prints would come here."""
    return iter(())


def _say(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def main() -> None:
    """Entry of `python -m groundplan.terraform.plugin.server`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides when this ends
    serve(sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
