"""What a spec says of the place of Terraform's state."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Literal

from groundplan.spec.base import BucketName, Key, Model


class State(Model):
    """Where Terraform keeps its state."""

    backend: Literal["remote", "local"] = "remote"
    """`remote`: an encrypted, versioned, locked bucket; `local`: a file beside the root."""
    bucket: BucketName | None = None
    """An existing state bucket; default: a name made from the environment and a hash of the account."""


KEYS = (Key("state", State, "Where Terraform keeps its state.", always=True),)
