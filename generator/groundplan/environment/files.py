"""The files of an environment as text by relative path, and their digests."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

FileSet = Mapping[str, str]
"""Text by path relative to the environment."""


def digest(text: str) -> str:
    """SHA-256 of a file's text in the form the lock uses."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
