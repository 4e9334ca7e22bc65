"""The cache of providers, which Terraform does not lock: one `init` at a time writes there.

https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
"""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.interrupts import Interrupts
from groundplan.reading import MIB, UnreadableError, is_file, read_regular

_LOOK_SECONDS = 0.05
_CACHE = re.compile(r"^\s*plugin_cache_dir\s*=", re.MULTILINE)


def is_configured(program: str, environment: Mapping[str, str]) -> bool:
    """Whether the operator's configuration of Terraform or OpenTofu names a cache, and no variable does.

    https://opentofu.org/docs/cli/config/config-file/
    """
    if environment.get("TF_PLUGIN_CACHE_DIR"):
        return False
    return any(_CACHE.search(_text(file)) for file in _configurations(program, environment))


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
