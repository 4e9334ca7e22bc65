"""What was run on an environment: one small object for each run of a root, beside its states in the bucket.

Nothing in it is secret and nothing rests on it: who may write to the bucket may write anything, so it is only shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from groundplan.diagnostics import shortened
from groundplan.live.cloud import StateStore, time_of
from groundplan.reading import MalformedJSONError, parse_json

FORMAT = "1"
FOLDER = "groundplan/journal"
RECORD_BYTES = 16 * 1024
MOST_RECORDS = 50
"""The newest, which are read one by one."""
_TEXTS = ("run", "root", "action", "result", "who", "commit", "plan_digest", "lock_digest", "groundplan", "roots")
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9._-]")
_LATEST = 10**16 - 1
"""Microseconds of 1970 and later, so many that all of them have as many digits."""
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Record:
    """One run of one root: what was done by whom, with which plan of which commit, and how it ended.

    A run that writes leaves two: one when it begins, and one when it has ended, unless it was killed.
    """

    run: str
    root: str
    action: str
    result: str
    who: str
    ended: datetime
    commit: str = ""
    plan_digest: str = ""
    lock_digest: str = ""
    serial: int | None = None
    groundplan: str = ""
    edited: bool = False
    """Whether the folder was another than in the commit."""
    roots: str = ""
    """Those that the run was asked for, separated by spaces; empty for all of them."""


class Journal:
    """The records of one environment in the bucket of its states."""

    def __init__(self, store: StateStore, environment: str) -> None:
        self._store = store
        self._prefix = f"{environment}/{FOLDER}/"

    def append(self, record: Record) -> bool:
        """Whether it was written: never over another."""
        moment = record.ended.astimezone(UTC)
        name = _NOT_IN_KEYS.sub("-", f"{_countdown(moment)}-{moment:%Y%m%dT%H%M%SZ}-{record.run}")
        fields = {"format_version": FORMAT, **asdict(record), "ended": moment.isoformat()}
        key = f"{self._prefix}{record.root}/{name}.json"
        return self._store.write(key, json.dumps(fields, indent=2).encode(), only_if_new=True)

    def of(self, root: str, most: int = MOST_RECORDS) -> Iterator[Record]:
        """Those of one root, the newest first, each read when it is asked for; what is no record is left out."""
        found = self._read(self._store.first_keys(f"{self._prefix}{root}/", most))
        return (record for record in found if record.root == root)

    def _read(self, names: Sequence[str]) -> Iterator[Record]:
        found = (_record(self._store.read(name)) for name in names)
        return (record for record in found if record is not None)


def _countdown(moment: datetime) -> str:
    """Less the later it is: buckets list by name, and the newest are to come first, however many there are."""
    return f"{_LATEST - (moment - _EPOCH) // _TICK:016}"


def _record(data: bytes | None) -> Record | None:
    if data is None or len(data) > RECORD_BYTES:
        return None
    try:
        found = parse_json(data.decode("utf-8"))
    except (MalformedJSONError, UnicodeDecodeError):
        return None
    ended = time_of(_text(found, "ended")) if isinstance(found, dict) else None
    if ended is None or found.get("format_version") != FORMAT:
        return None
    serial = found.get("serial")
    texts = {name: _text(found, name) for name in _TEXTS}
    edited = found.get("edited") is True
    return Record(**texts, ended=ended, serial=serial if type(serial) is int else None, edited=edited)


def _text(found: dict[str, Any], name: str) -> str:
    value = found.get(name)
    return shortened(value, 200) if isinstance(value, str) else ""
