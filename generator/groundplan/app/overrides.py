"""What is asked beside the spec itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundplan.app.target import OWN, Target
from groundplan.prices.book import PurchaseOption


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a caller sets in place of what the spec, the last render and the shipped price books say."""

    target: Target = OWN
    purchase_option: PurchaseOption | None = None
    """The purchase option of all machines; None leaves each pool as set in the spec."""
    books: tuple[Path, ...] = ()
    """The user's price books, laid over the cloud's own."""
    upgrade: bool = False
    """Whether what the last render decided is decided anew."""
    forget: bool = False
    """Whether the environment is not what the last render says: never applied, or changed by other means."""


NO_OVERRIDES = Overrides()
