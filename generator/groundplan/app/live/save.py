"""Keeping the plans of an environment, to be applied as they are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan import __version__
from groundplan.app.live.connected import Connected
from groundplan.app.live.plan import EnvironmentPlan
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.digests import lock_digest, tree_digest

if TYPE_CHECKING:
    from groundplan.app.live.commit import Commit


@dataclass(frozen=True, slots=True)
class Made:
    """By which run and program plans were made, when, and from which commit."""

    run: str
    terraform: str
    at: datetime
    commit: Commit | None = None


def save(plans: Path, at: Connected, planned: EnvironmentPlan, made: Made) -> None:
    """Writes into the folder of the plans what they may be applied to."""
    from groundplan.live.saved import Record, write_record

    folder = at.standing.folder
    record = Record(
        run=made.run,
        made=made.at.isoformat(timespec="seconds"),
        groundplan=__version__,
        terraform=made.terraform,
        environment=at.standing.name,
        account=at.caller.account,
        commit=made.commit.id if made.commit else "",
        edited=made.commit is not None and made.commit.edited,
        tree=tree_digest(folder),
        lock=lock_digest(folder),
        roots=tuple(root.saved for root in planned.roots if root.saved),
        later={root.root: root.after for root in planned.roots if root.after},
    )
    write_record(plans, record)


@contextmanager
def plans_folder(out: Path | None) -> Iterator[Path]:
    """A folder for plans, for its owner alone: the new one `out`, kept if they were saved, else one that goes.

    Raises GP403 where it cannot be made or is there already.
    """
    if out is None:
        with tempfile.TemporaryDirectory(prefix="groundplan-plans-") as folder:
            yield Path(folder)
        return
    from groundplan.live.saved import RECORD_FILE

    try:
        out.mkdir(mode=0o700)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        found = Diagnostic("GP403", f"cannot make {out}: {reason}", hint="name a new folder")
        raise DiagnosticsError([found]) from None
    try:
        yield out
    finally:
        if not (out / RECORD_FILE).exists():
            shutil.rmtree(out)
