"""Locks on states in files: the system's own, with what Terraform says of it in a file beside the state.

A process that has died holds nothing, whatever the file says:
https://github.com/hashicorp/terraform/blob/main/internal/states/statemgr/filesystem_lock_unix.go
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from groundplan.live.cloud import LOCK_BYTES, StateLock, lock_of
from groundplan.reading import UnreadableError, read_regular


def file_lock(state: Path) -> StateLock | None:
    """Who holds the state in a file; None for nobody, or where that cannot be asked."""
    try:
        descriptor = os.open(state, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return lock_of(_said(state))
    finally:
        os.close(descriptor)
    return None


def _said(state: Path) -> bytes:
    try:
        return read_regular(state.with_name(f".{state.name}.lock.info"), limit_bytes=LOCK_BYTES, within=state.parent)
    except UnreadableError:
        return b""
