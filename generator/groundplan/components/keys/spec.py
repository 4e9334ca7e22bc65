"""What a spec says of encryption keys: which of them are there already."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated

from pydantic import StringConstraints

from groundplan.spec.base import LINE_PATTERN, Key, Model

KeyId = Annotated[str, StringConstraints(pattern=LINE_PATTERN, min_length=1, max_length=400)]


class EncryptionKey(Model):
    """The key for one purpose."""

    existing: KeyId
    """A key that is there already: Terraform imports it, and it keeps its name. AWS: `alias/<name>`, imported with the
    key that it names, or the ARN of a key, which gets an alias. GCP:
    projects/<project>/locations/<region>/keyRings/<ring>/cryptoKeys/<key>."""


class Keys(Model):
    """Keys that are there already; every other one is made when something needs it."""

    storage: EncryptionKey | None = None
    """Of buckets and image repositories."""
    database: EncryptionKey | None = None
    """Of databases and secrets."""
    alerts: EncryptionKey | None = None
    """Of alerts on their way."""
    cluster: EncryptionKey | None = None
    """Of Kubernetes secrets and the nodes' volumes."""
    logs: EncryptionKey | None = None
    """Of logs."""


KEYS = (Key("keys", Keys, "Encryption keys that are there already."),)
