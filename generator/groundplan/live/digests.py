"""Digests of what Terraform reads, and of what it is to apply: what saved plans and prepared roots are good for."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.files import LOCK_FILE
from groundplan.reading import MIB, UnreadableError, read_regular

PLAN_BYTES = 512 * MIB
FILE_BYTES = 16 * MIB
PROVIDER_LOCK = ".terraform.lock.hcl"
"""Of a root: what `init` writes, and no part of what was rendered."""
_READ_BY_TERRAFORM = (".tf", ".tf.json", ".tfvars", ".tfvars.json", PROVIDER_LOCK)


def tree_digest(folder: Path) -> str:
    """Of every file that Terraform reads there and below, with its name; state, data and documents are left out.

    So are lock files of providers, which the first `init` writes.

    Raises GP411 for a file that cannot be read or is too large for one.
    """
    total = hashlib.sha256()
    for name in read_by_terraform(folder):
        if name.endswith(PROVIDER_LOCK):
            continue
        total.update(f"{name}\0{_digest(folder / name, FILE_BYTES, folder)}\n".encode(errors="surrogateescape"))
    return f"sha256:{total.hexdigest()}"


def lock_digest(folder: Path) -> str:
    """Of the environment's lock, which has the digest of every rendered file."""
    return _digest(folder / LOCK_FILE, FILE_BYTES, folder)


def plan_digest(file: Path) -> str:
    """Of a saved plan."""
    return _digest(file, PLAN_BYTES, file.parent)


def read_by_terraform(folder: Path) -> list[str]:
    """Names of the files that Terraform may read in a folder of roots and modules, sorted."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".terraform"]
        found += [(Path(parent) / name).relative_to(folder).as_posix() for name in names]
    return sorted(filter(is_read_by_terraform, found))


def is_read_by_terraform(name: str) -> bool:
    """Whether Terraform may read it: its own files, and whatever lies with a module, but for documents."""
    return name.endswith(_READ_BY_TERRAFORM) or (name.startswith("modules/") and not name.endswith(".md"))


def file_digest(file: Path, within: Path) -> str:
    """Of a small file; empty where there is none. Raises GP411 for one that cannot be read."""
    return _digest(file, FILE_BYTES, within)


def _digest(file: Path, limit_bytes: int, within: Path) -> str:
    try:
        return f"sha256:{hashlib.sha256(read_regular(file, limit_bytes=limit_bytes, within=within)).hexdigest()}"
    except UnreadableError as error:
        if error.missing:
            return ""
        hint = "plan again; nothing was applied"
        raise DiagnosticsError([Diagnostic("GP411", f"cannot read {file}: {error.reason}", hint=hint)]) from None
