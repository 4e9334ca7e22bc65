"""Names under which secrets stand."""

from __future__ import annotations

import re

SHORTEST = 4
"""Shorter words are modes and placeholders, not secrets."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SECRET = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|secret_string|secret_key|token|api_key|apikey|private_key|access_key"
    r"|credentials)(_wo)?$"
)
_NAMES_ONE = re.compile(r"^(existing|image_pull|pull)_secret$")
"""Names under which the name of a secret stands."""


def holds_secrets(name: str) -> bool:
    """Whether a value of this name is a secret: `db_password`, `adminPassword`, `GRAFANA_TOKEN`, `auth.api-key`."""
    plain = _CAMEL.sub("_", name.rpartition(".")[2]).replace("-", "_").lower()
    return bool(_SECRET.search(plain)) and not _NAMES_ONE.match(plain)
