"""Whether a root is prepared already: then `init`, which reads all of the providers again, is left out.

What `init` depends on is kept as a digest when it has gone through: the files of the folder, the lock of the providers,
the program, its configuration and the variables that lead it. Where any of that is another by now, it runs again. It
is no proof that what it has made is still there: that is Terraform's, which compares backend, modules and providers
with the configuration and the checksums of the lock before a plan begins, and refuses what differs.
https://developer.hashicorp.com/terraform/cli/commands/init
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import DiagnosticsError
from groundplan.live.digests import PROVIDER_LOCK, file_digest, tree_digest
from groundplan.reading import KIB, UnreadableError, read_regular
from groundplan.writing import UnwritableError, write_file

_OF_VALUES = ("TF_VAR_", "TF_TOKEN_")
"""Variables that prepare nothing, and are secrets."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What `init` of one root depends on."""

    folder: Path
    place: Path
    """The folder of the root."""
    program: Sequence[str]
    configuration: str
    """The program's own, as text."""
    environment: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Empty where something cannot be read."""
        led = {
            k: v for k, v in sorted(self.environment.items()) if k.startswith("TF_") and not k.startswith(_OF_VALUES)
        }
        try:
            files = [tree_digest(self.folder), file_digest(self.place / PROVIDER_LOCK, self.place)]
        except DiagnosticsError:
            return ""
        told = json.dumps([files, str(self.place.resolve()), list(self.program), self.configuration, led])
        return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()


def is_prepared(note: Path, inputs: Inputs) -> bool:
    """Whether `init` went through with the same inputs, as the file says."""
    try:
        noted = read_regular(note, limit_bytes=KIB, within=note.parent).decode("ascii", "replace")
    except UnreadableError:
        return False
    return bool(noted) and noted == inputs.digest


def prepared(note: Path, inputs: Inputs) -> None:
    """Notes that it did; what cannot be noted is prepared once more the next time."""
    try:
        write_file(note, inputs.digest.encode(), below=note.parent)
    except UnwritableError:
        note.unlink(missing_ok=True)
