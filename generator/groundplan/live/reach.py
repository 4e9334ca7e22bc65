"""Whether a cluster can be reached from here, before a root needs it."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from groundplan.live.cloud import ClusterAccess

SECONDS = 5.0
HTTPS = 443


def reachable(cluster: ClusterAccess, seconds: float = SECONDS) -> bool:
    """Whether the address of its API takes a connection; nothing is sent."""
    try:
        address = urlsplit(cluster.endpoint)
        with socket.create_connection((address.hostname or "", address.port or HTTPS), timeout=seconds):
            return True
    except (OSError, ValueError):
        return False
