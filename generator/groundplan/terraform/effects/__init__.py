"""What a change of a resource does that no schema tells: it forces a replacement, interrupts, or loses data.

Tables with a source in every row, for each type that the modules make: `docs/offline-terraform.md`.
"""

from groundplan.terraform.effects.keeping import keep_blocks
from groundplan.terraform.effects.model import Effect, Loss, Path, Pattern
from groundplan.terraform.effects.reader import Effects, effects

__all__ = ["Effect", "Effects", "Loss", "Path", "Pattern", "effects", "keep_blocks"]
