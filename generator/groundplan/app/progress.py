"""What a use case needs of the process that runs it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """The process that a use case runs in: it tells what is done, and may have to follow a folder."""

    def step(self, what: str) -> AbstractContextManager[None]:
        """Around work that may take long: announces it."""

    def counted(self, what: str, total: int) -> AbstractContextManager[Callable[[str], None]]:
        """Around work in `total` steps: announces it, and how far it is whenever it is told what was done last."""

    def replacing_folder(self) -> AbstractContextManager[None]:
        """Around a step that may replace the folder that the process stands in."""
