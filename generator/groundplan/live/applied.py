"""What was applied: the lock of an environment and the spec that it is of, kept beside its states.

They lie under the digest of the lock, which the journal names, and are checked against it when they are read: who may
write to the bucket may write anything into it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan.environment.files import LOCK_FILE, digest
from groundplan.environment.outline import LOCK_BYTES
from groundplan.live.cloud import StateStore
from groundplan.reading import MIB, MalformedJSONError, UnreadableError, parse_json, read_regular

if TYPE_CHECKING:
    from groundplan.environment.lock import Lock

FORMAT = "1"
FOLDER = "groundplan/applied"
MOST_BYTES = 8 * MIB
_SPEC_BYTES = MIB
_DIGEST = "sha256:"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The text of a lock, and that of the files of its spec by their names in it; none where they were not there."""

    lock: str
    spec: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Of the lock, as the journal has it."""
        return f"{_DIGEST}{hashlib.sha256(self.lock.encode()).hexdigest()}"


class Snapshots:
    """Those of one environment in the bucket of its states."""

    def __init__(self, store: StateStore, environment: str) -> None:
        self._store = store
        self._prefix = f"{environment}/{FOLDER}/"

    def keep(self, one: Snapshot) -> None:
        """Writes it where it is not there yet."""
        fields = {"format_version": FORMAT, "lock": one.lock, "spec": dict(one.spec)}
        data = json.dumps(fields, indent=2, ensure_ascii=False).encode()
        if len(data) <= MOST_BYTES:
            self._store.write(self._key(one.digest), data, only_if_new=True)

    def read(self, lock_digest: str) -> Snapshot | None:
        """That of a lock; None where there is none, or what is there is something else."""
        if not lock_digest.startswith(_DIGEST) or not lock_digest.removeprefix(_DIGEST).isalnum():
            return None
        data = self._store.read(self._key(lock_digest))
        found = _snapshot(data) if data and len(data) <= MOST_BYTES else None
        return found if found is not None and found.digest == lock_digest else None

    def _key(self, lock_digest: str) -> str:
        return f"{self._prefix}{lock_digest.removeprefix(_DIGEST)}.json"


def snapshot_of(folder: Path, lock: Lock) -> Snapshot | None:
    """What is in the folder now; the spec is left out unless every file of it is the one that the lock is of."""
    text = _text(folder / LOCK_FILE, LOCK_BYTES, folder)
    if text is None:
        return None
    above = folder.resolve().parent
    spec = {one.file: _text(folder / one.file, _SPEC_BYTES, above) for one in lock.spec.sources}
    wanted = {one.file: one.sha256 for one in lock.spec.sources}
    known = {name: found for name, found in spec.items() if found is not None and digest(found) == wanted[name]}
    return Snapshot(text, known if len(known) == len(wanted) else {})


def _text(file: Path, limit_bytes: int, within: Path) -> str | None:
    try:
        return read_regular(file, limit_bytes=limit_bytes, within=within).decode("utf-8")
    except (UnreadableError, UnicodeDecodeError):
        return None


def _snapshot(data: bytes) -> Snapshot | None:
    try:
        found = parse_json(data.decode("utf-8"))
    except (MalformedJSONError, UnicodeDecodeError):
        return None
    if not isinstance(found, dict) or found.get("format_version") != FORMAT or not isinstance(found.get("lock"), str):
        return None
    return Snapshot(found["lock"], _texts(found.get("spec")))


def _texts(found: Any) -> Mapping[str, str]:
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: text for name, text in pairs if isinstance(text, str)}
