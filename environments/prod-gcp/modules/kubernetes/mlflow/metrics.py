"""Serves the metrics that the server's workers leave in a folder, on a port that no Ingress leads to.

The server's own /metrics asks for a password like everything else there.
"""

import os
import signal

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector


def main() -> None:
    """Serve until told to stop."""
    signals = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=os.environ["METRICS_DIR"])
    start_http_server(int(os.environ["METRICS_PORT"]), registry=registry)
    signal.sigwait(signals)


if __name__ == "__main__":
    main()
