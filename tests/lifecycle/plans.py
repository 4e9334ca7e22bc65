"""The plans that a check makes, kept: so that nothing is planned twice for tests that want to see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from groundplan.terraform.offline import OfflineSession
from groundplan.terraform.providers import Unmet
from groundplan.terraform.results import PlanResult, RootResult

Plans = dict[str, Mapping[str, Any]]
"""By root."""
Open = Callable[..., AbstractContextManager[OfflineSession]]


class _Keeping:
    """A session that keeps its plans."""

    def __init__(self, session: OfflineSession, plans: Plans) -> None:
        self._session, self._plans = session, plans

    def validate(self, root: str) -> RootResult:
        return self._session.validate(root)

    def unmet(self, root: str) -> tuple[Unmet, ...]:
        return self._session.unmet(root)

    def plan(self, root: str) -> PlanResult:
        result = self._session.plan(root)
        if result.plan is not None:
            self._plans[root] = result.plan
        return result


def keeping(opened: Open, kept: Plans) -> Callable[..., AbstractContextManager[_Keeping]]:
    """Opens sessions as `opened` does, whose plans are found in `kept`."""

    @contextmanager
    def open_(folder: Path, roots: Sequence[str], **settings: Any) -> Iterator[_Keeping]:
        with opened(folder, roots, **settings) as session:
            yield _Keeping(session, kept)

    return open_
