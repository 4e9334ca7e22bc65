"""The cache of providers, which Terraform does not lock: one `init` at a time writes there.

https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.interrupts import Interrupts

_LOOK_SECONDS = 0.05


@contextmanager
def locked(cache: Path, interrupts: Interrupts) -> Iterator[int | None]:
    """The descriptor of the lock of a cache, once it is ours; None where a signal came first.

    A program that is handed the descriptor holds the lock as long as it runs, even if groundplan is killed.
    """
    with interrupts.handled():
        descriptor = _opened(cache / ".groundplan-init.lock")
        try:
            yield descriptor if _acquired(descriptor, interrupts) else None
        finally:
            os.close(descriptor)


def _opened(file: Path) -> int:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DiagnosticsError([Diagnostic("GP818", f"cannot lock the cache of providers: {reason}")]) from None


def _acquired(descriptor: int, interrupts: Interrupts) -> bool:
    before = interrupts.count
    while interrupts.count == before:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_SECONDS)
        else:
            return True
    return False
