"""The files of an environment as text by relative path, their digests, and the seal of those that carry their own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

LOCK_FILE = "groundplan.lock.json"
SPEC_FILE = "groundplan.yaml"

FileSet = Mapping[str, str]
"""Text by path relative to the environment."""

_SEAL = re.compile(r"<!-- Rendered by groundplan; (sha256:[0-9a-f]{64}) of the text above\. -->\n")


def digest(text: str) -> str:
    """SHA-256 of a file's text in the form the lock uses."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def seal(text: str) -> str:
    """`text` of Markdown with its own digest below it, for a file that changes while its environment stays the same.

    The lock names such a file without a digest, so a new text leaves the lock as it is, and a hand edit still shows.
    """
    return f"{text}<!-- Rendered by groundplan; {digest(text)} of the text above. -->\n"


def is_sealed(text: str) -> bool:
    """Whether `text` ends in the seal of exactly what stands above it."""
    above, mark, below = text.rpartition("<!-- ")
    found = _SEAL.fullmatch(f"{mark}{below}")
    return found is not None and found[1] == digest(above)
