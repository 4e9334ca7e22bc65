"""Disks of an environment that stands: no cloud takes room away from one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from groundplan.diagnostics import Diagnostic
from groundplan.stack.work import Work

_GIB = re.compile(r"[1-9]\d{0,5}", re.ASCII)
FORGOTTEN = "--forget if it was never applied"


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk that the spec sizes: where it says so, what it is in words, and the steps that lead to a smaller one."""

    path: str
    name: str
    default_gib: int
    reason: str
    smaller: str


def disk_gib(work: Work, disk: Disk, said: int | None) -> int:
    """Its size: as the spec says, else as it is, else the default. GP311 where it would have to shrink."""
    before = standing_gib(work, disk.path)
    if said is not None and said < before:
        message = f"{said} GiB wanted; {disk.name} of `{work.spec.name}` has {before}, and no disk shrinks"
        hint = f"use {disk.path}: {before}; for a smaller one: {disk.smaller}; {FORGOTTEN}"
        work.diagnostics.append(Diagnostic("GP311", message, hint=hint, path=disk.path))
    reason = "as large as it is" if before > disk.default_gib else disk.reason
    return work.choose(disk.path, said, max(before, disk.default_gib), reason)


def standing_gib(work: Work, path: str) -> int:
    """Size of the disk as the last render has it, in GiB; 0 where there is none."""
    text = work.kept.standing(path)
    return int(text) if _GIB.fullmatch(text) else 0
