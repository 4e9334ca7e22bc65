"""One of the two environments of a change, as a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundplan.app.pipeline import Resolved
from groundplan.diagnostics import Diagnostic
from groundplan.environment.lock import Lock
from groundplan.spec.document import Document


@dataclass(frozen=True, slots=True)
class SideFolder:
    """An environment in a throwaway folder: bounded, without links that lead out, and screened for Terraform."""

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

    @property
    def is_empty(self) -> bool:
        """Whether there is no environment: what the other side has is created, or destroyed."""
        return not any(self.folder.iterdir())
