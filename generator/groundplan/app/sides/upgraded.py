"""What another release has made of the environment, where the two sides are of two."""

from __future__ import annotations

from groundplan import paths
from groundplan.app.sides.model import SideFolder
from groundplan.change.upgrade.model import Upgrade
from groundplan.change.upgrade.read import upgrade
from groundplan.environment.lock import Lock


def upgrade_of(before: SideFolder, after: SideFolder, *, asked: bool = False) -> Upgrade | None:
    """What differs by the release alone or by its tables; None where both are of one, unless it is `asked` for."""
    if before.lock is None or after.lock is None:
        return None
    if not asked and not _of_two_releases(before.lock, after.lock):
        return None
    changelog = paths.CHANGELOG.read_text(encoding="utf-8")
    ends = (before.folder, before.lock), (after.folder, after.lock)
    return upgrade(*ends, changelog, _migrations(before, after))


def _of_two_releases(old: Lock, new: Lock) -> bool:
    """Whether the numbers differ, or a module does: no spec changes what is in one."""
    common = old.modules.keys() & new.modules.keys()
    return old.groundplan != new.groundplan or any(old.modules[name] != new.modules[name] for name in common)


def _migrations(before: SideFolder, after: SideFolder) -> list[str]:
    """What was read differently than it is written, on either side, each once."""
    notices = [notice.message for side in (before, after) for notice in side.notices if notice.code == "GP728"]
    return list(dict.fromkeys(notices))
