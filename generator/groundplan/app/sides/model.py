"""One of the two environments of a change, as a folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.app.pipeline import Resolved
from groundplan.diagnostics import Diagnostic
from groundplan.environment.lock import Lock
from groundplan.spec.document import Document


@dataclass(frozen=True, slots=True)
class SideFolder:
    """An environment in a throwaway folder: of bounded size, and without links that lead out."""

    folder: Path
    label: str
    """What the user calls it: the folder, the revision or the spec."""
    release: str
    """The groundplan that rendered it; empty for a folder that none has."""
    lock: Lock | None
    document: Document | None = None
    """The spec that it was rendered from, with places as the user has them; None where nobody has it any more."""
    resolved: Resolved | None = None
    """That spec with everything decided; None where this release cannot."""
    notices: tuple[Diagnostic, ...] = ()
    """What is to be known about it."""
    shown: Callable[[str], str] = str
    """Names a file of the folder, given relative to it, as the user can find it."""

    def located(self, found: Diagnostic) -> Diagnostic:
        """A finding about a file of the folder, which the user has elsewhere; any other as it is."""
        file = os.path.realpath(found.place.file) if found.place else ""
        if not found.place or not Path(file).is_relative_to(self.folder):
            return found
        return replace(found, place=replace(found.place, file=self.shown(os.path.relpath(file, self.folder))))

    @property
    def is_empty(self) -> bool:
        """Whether there is no environment: what the other side has is created, or destroyed."""
        return not any(self.folder.iterdir())
