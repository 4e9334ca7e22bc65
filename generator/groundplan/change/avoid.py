"""What the user can do instead."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.change.model import Edit
from groundplan.change.spec_paths import NAMED
from groundplan.change.wording import spoken

_MOST_KEPT = 3
"""Edits that are named one by one; of more it is not plain which one matters."""


def avoidance(edits: Sequence[Edit], steps: Sequence[str], every: Sequence[Edit]) -> str:
    """A rename said as such, else the edits taken back; then the steps to take where the change is wanted.

    `edits` lead to it, `every` is what they are among.
    """
    first = _renamed(edits, every) or _taken_back(edits)
    ways = [way for way in (first, *steps) if way]
    return "; or ".join(dict.fromkeys(ways))


def _renamed(edits: Sequence[Edit], every: Sequence[Edit]) -> str:
    """That an entry which came is one which went, where that can be said."""
    for block in NAMED:
        gone = [edit.path for edit in every if edit.after is None and _block(edit.path) == block]
        gone = [path for path in gone if not any(_claims(edit, path) for edit in every)]
        come = [edit.path for edit in every if edit.before is None and _block(edit.path) == block and not _told(edit)]
        if len(gone) == len(come) == 1 and gone[0] in {edit.path for edit in edits}:
            old = gone[0].removeprefix(f"{block}.")
            return f"if it is the same one under another name, write `renamed_from: {old}` at `{come[0]}`"
    return ""


def _told(edit: Edit) -> bool:
    """Whether what came says already what it was called, or that it is another one."""
    return any(key in (edit.after or "") for key in ("renamed_from", "existing"))


def _claims(edit: Edit, gone: str) -> bool:
    """Whether an entry of the same block says already that it is the one which went."""
    block, _, name = gone.rpartition(".")
    return edit.path.startswith(f"{block}.") and f'"renamed_from": "{name}"' in (edit.after or "")


def _taken_back(edits: Sequence[Edit]) -> str:
    if not edits or len(edits) > _MOST_KEPT:
        return ""
    return spoken([_kept(edit) for edit in edits])


def _kept(edit: Edit) -> str:
    if edit.before is None:
        return f"leave out `{edit.path}`"
    whole = edit.after is None and edit.before[:1] in ("{", "[")
    return f"keep `{edit.path}`" if whole else f"keep `{edit.path}` at {edit.before}"


def _block(path: str) -> str:
    return path.rpartition(".")[0]
