"""What is read and imported while Terraform works: it takes as long as a small plan, and nobody waits for it so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from groundplan.allowances import Allowance
from groundplan.app.live.connected import Connected
from groundplan.app.live.past import Past

if TYPE_CHECKING:
    from groundplan.app.live.plan import Tell
    from groundplan.app.live.telling import Teller


def teller_of(  # noqa: PLR0913, PLR0917 - what plans are told by
    at: Connected,
    past: Past,
    words: Sequence[Allowance],
    today: date,
    environment: Mapping[str, str],
    roots: tuple[str, ...] = (),
    also: Callable[[], None] = lambda: None,
) -> Teller:
    """Who tells plans of these roots, with all that can be known before there is one; `also` is done with it."""
    from groundplan.app.live.commit import commit_of
    from groundplan.app.live.telling import Teller

    commit = commit_of(at.standing.folder, at.standing.lock, environment)
    teller = Teller(at, past, today, words, commit)
    teller.prepare(roots)
    also()
    return teller


def told_by(telling: Callable[[], Teller], *, whole: bool) -> Tell:
    """What tells plans as soon as it can; `whole` where they are all that there is to plan."""
    return lambda roots: telling().change(roots, whole=whole)
