"""The cache of providers, which Terraform does not lock: one `init` at a time writes there.

https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.interrupts import Interrupts
from groundplan.reading import MIB, UnreadableError, is_file, read_regular

_LOOK_SECONDS = 0.05
TELLING_LOOK, LAST_LOOK = 60, 12_000
"""Which look says that something is waited for, after 3 seconds, and which one is the last, after 10 minutes."""
NAME = ".groundplan-init.lock"
_CACHE = re.compile(r"^\s*plugin_cache_dir\s*=", re.MULTILINE)


def is_configured(program: str, environment: Mapping[str, str]) -> bool:
    """Whether the operator's configuration of Terraform or OpenTofu names a cache, and no variable does.

    https://opentofu.org/docs/cli/config/config-file/
    """
    if environment.get("TF_PLUGIN_CACHE_DIR"):
        return False
    return bool(_CACHE.search(configuration(program, environment)))


def configuration(program: str, environment: Mapping[str, str]) -> str:
    """What the operator's configuration files say, one after the other."""
    return "\n".join(_text(file) for file in _configurations(program, environment))


def _configurations(program: str, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The file that it reads: the one that is named, else the first of its own that is there, and more beside it."""
    if named := environment.get("TF_CLI_CONFIG_FILE") or environment.get("TERRAFORM_CONFIG"):
        return (Path(named),)
    home = Path(environment.get("HOME") or "/")
    names = (".tofurc", ".terraformrc") if program == "tofu" else (".terraformrc",)
    first = next((home / name for name in names if is_file(home / name)), home / ".terraformrc")
    return (first, *sorted((home / ".terraform.d").glob("*.tfrc")))


def _text(file: Path) -> str:
    try:
        return read_regular(file, limit_bytes=MIB).decode("utf-8", errors="replace")
    except UnreadableError:
        return ""


@contextmanager
def locked(cache: Path, interrupts: Interrupts, waits: Callable[[str], None]) -> Iterator[int | None]:
    """The descriptor of the lock of a cache, once it is ours; None where a signal came first.

    `waits` is told once what is waited for; raises GP818 where that takes too long. A program that is handed the
    descriptor holds the lock as long as it runs, even if groundplan is killed.
    """
    with interrupts.handled():
        descriptor = _opened(cache / NAME)
        try:
            yield descriptor if _acquired(cache, descriptor, interrupts, waits) else None
        finally:
            os.close(descriptor)


def _opened(file: Path) -> int:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise DiagnosticsError([Diagnostic("GP818", f"cannot lock the cache of providers: {reason}")]) from None


def _acquired(cache: Path, descriptor: int, interrupts: Interrupts, waits: Callable[[str], None]) -> bool:
    before = interrupts.count
    for look in range(LAST_LOOK):
        if interrupts.count != before:
            return False
        if look == TELLING_LOOK:
            waits(f"waiting for another `init`, which holds the cache of providers ({cache / NAME})")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOK_SECONDS)
        else:
            return True
    message = f"another `init` holds the cache of providers for {LAST_LOOK * _LOOK_SECONDS / 60:.0f} minutes"
    hint = f"end it (`fuser {cache / NAME}` shows who), or set TF_PLUGIN_CACHE_DIR to a folder of your own"
    raise DiagnosticsError([Diagnostic("GP818", message, hint=hint)])
