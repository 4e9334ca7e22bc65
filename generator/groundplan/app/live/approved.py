"""What was approved as saved plans, and what a root that is planned anew does beyond it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groundplan.app.live.plan import RootPlan

if TYPE_CHECKING:
    from groundplan.change.model import Change, Entry
    from groundplan.live.saved import Record, SavedRoot


@dataclass(frozen=True, slots=True)
class Approved:
    """Plans that were shown and approved together, and the roots that could not be planned by then."""

    plans: Mapping[str, RootPlan]
    later: Mapping[str, str]
    """Each with the root that had to be applied before."""

    @classmethod
    def of(cls, shown: Sequence[RootPlan] | None, record: Record | None) -> Approved | None:
        """None where nothing was saved, so that each root is asked about by itself."""
        if shown is None or record is None:
            return None
        return cls({one.root: one for one in shown}, record.later)

    def saved(self, root: str) -> SavedRoot | None:
        """The plan of a root."""
        return self.plans[root].saved if root in self.plans else None

    def beyond(
        self, now: RootPlan, entries: Callable[[RootPlan], Sequence[Entry]], hide: Callable[[str], str]
    ) -> list[str]:
        """What the plan does that was not approved, a line each; none where it does what was."""
        before = self.plans.get(now.root)
        if before is None or before.plan is None or now.plan is None:
            after = self.later.get(now.root)
            why = f"it could be planned only after {after} was applied" if after else "it was not planned then"
            return [f"{now.root} is no part of what was approved: {why}"]
        from groundplan.change.approved import Shown, differences

        found = differences(Shown(before.plan, entries(before)), Shown(now.plan, entries(now)))
        return [hide(line) for line in found]


def unnamed(planned: Sequence[RootPlan], change: Change) -> list[str]:
    """Addresses of what is destroyed or replaced without an entry, unless what it belongs to may be, by a word."""
    from groundplan.change.classify import is_nothing_outside
    from groundplan.change.planned import call_of, read_plan

    named = {(one.root, one.address) for one in change.entries}
    passed = {(one.root, call_of(one.address)) for one in change.entries if one.gone and one.allowed_by}
    gone = [one for root in planned for one in read_plan(root.root, root.plan or {}) if one.gone]
    return [
        one.address
        for one in gone
        if (one.root, one.address) not in named
        and (one.root, one.call) not in passed
        and not is_nothing_outside(one.type)
    ]
