"""What a spec says of the place of Terraform's state."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, Literal

from pydantic import StringConstraints

from groundplan.spec.base import Key, Model


class State(Model):
    """Where Terraform keeps its state."""

    backend: Literal["remote", "local"] = "remote"
    """`remote`: an encrypted, versioned, locked bucket; `local`: a file beside the root."""
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] | None = None
    """An existing state bucket; default: a name made from the environment and a hash of the account."""


KEYS = (Key("state", State, "Where Terraform keeps its state.", always=True),)

PATTERNS = {
    r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$": "use 3 to 63 lower-case letters, digits, dots and hyphens",
}
