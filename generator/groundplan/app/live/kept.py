"""Saved plans in the bucket of an environment's states, from the job that plans to the one that applies.

They are named by the digest of their record, which has the digest of each plan: who may write there cannot put other
plans in the place of those that were shown, and who holds the digest gets exactly these.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from groundplan.app.live.connected import Connected
from groundplan.components.state_store.part import PLANS
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.cloud import StateStore
from groundplan.live.digests import PLAN_BYTES, PROVIDER_LOCK
from groundplan.live.roots import RootState
from groundplan.live.saved import RECORD_BYTES, RECORD_FILE, Record, read_record
from groundplan.reading import read_regular
from groundplan.stack.layers import IDENTITY, STATE
from groundplan.writing import write_file

_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(at: Connected, plans: Path) -> str:
    """Puts the plans and their record there; their digest. Raises GP817 where the states are in no bucket."""
    record = read_regular(plans / RECORD_FILE, limit_bytes=RECORD_BYTES, within=plans)
    digest = hashlib.sha256(record).hexdigest()
    store, prefix = _place(at)
    key = _key(at, store.bucket)
    for name in _files(read_record(plans)):
        data = read_regular(plans / name, limit_bytes=PLAN_BYTES, within=plans)
        store.write(f"{prefix}/{digest}/{name}", data, under=key)
    store.write(f"{prefix}/{digest}/{RECORD_FILE}", record, under=key)
    return digest


def _key(at: Connected, bucket: str) -> str:
    """The key of saved plans; empty where the bucket's own encrypts them.

    An environment without a pipeline has no key for them, and one whose jobs have no tokens may have one.
    """
    roots = {state.root for state in at.standing.states}
    if STATE not in roots:
        return ""
    try:
        return at.cloud.plans_key(bucket)
    except DiagnosticsError:
        if IDENTITY in roots:
            raise
        return ""


def fetched(at: Connected, digest: str, folder: Path) -> Path:
    """The plans of that digest in the folder, which is made. Raises GP416 where they are not there, or are others."""
    if not _DIGEST.fullmatch(digest):
        raise _refused("plans are named by 64 hexadecimal digits")
    store, prefix = _place(at)
    record = store.read(f"{prefix}/{digest}/{RECORD_FILE}")
    if record is None:
        raise _refused("no plans of that digest are kept: they may have expired")
    if hashlib.sha256(record).hexdigest() != digest:
        raise _refused("the record is not the one of that digest")
    folder.mkdir(mode=0o700)
    write_file(folder / RECORD_FILE, record, below=folder)
    for name in _files(read_record(folder)):
        data = store.read(f"{prefix}/{digest}/{name}")
        if data is None:
            raise _refused(f"{name} is not there")
        write_file(folder / name, data, below=folder)
    return folder


def _files(record: Record) -> Iterator[str]:
    """What lies beside the record, which has the digest of each."""
    for saved in record.roots:
        yield saved.file
        if saved.providers:
            yield f"{saved.root}{PROVIDER_LOCK}"


def _place(at: Connected) -> tuple[StateStore, str]:
    """The bucket and the prefix below which plans lie: beside the states."""
    state = next((one for one in reversed(at.standing.states) if one.bucket), None)
    if state is None:
        message = "the states are in files, so that plans can be kept nowhere"
        raise DiagnosticsError([Diagnostic("GP817", message, hint="set `state.backend: remote`, or use --out")])
    return at.store(state), _prefix(at, state)


def _prefix(at: Connected, state: RootState) -> str:
    return f"{at.key(state).rpartition(f'{state.root}/')[0]}{PLANS}"


def _refused(message: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP416", message, hint="plan again; nothing was applied")])
