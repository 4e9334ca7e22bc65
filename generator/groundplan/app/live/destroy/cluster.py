"""What controllers in the cluster have made in the cloud: found, deleted and waited for before the cluster goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.live.kube import Kube, Made, Retained, Thing, kube

COMPONENT = "cluster"
LOOKS, LOOK_SECONDS = 120, 5.0
"""How often it is looked whether all is gone: ten minutes, the time that clouds take to delete load balancers."""
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Inside:
    """What there is in the cluster that stands for something outside."""

    there: bool
    """Whether there is a cluster, and it was asked."""
    things: Sequence[Thing] = ()
    retained: Sequence[Retained] = ()


UNASKED = Inside(there=False)


@dataclass(frozen=True)
class Controllers:
    """The environment's cluster. With `ignored` it is not asked, as if it were gone."""

    at: Connected
    tell: Callable[[str], None]
    ignored: bool = False
    looks: int = LOOKS
    look_seconds: float = LOOK_SECONDS
    deleted: list[Thing] = field(default_factory=list)
    """What is gone by now."""

    @property
    def root(self) -> str:
        """The root that makes the cluster; empty where none does."""
        calls = self.at.standing.lock.calls
        return next((root for root in sorted(calls) if any(c.component == COMPONENT for c in calls[root].values())), "")

    def stays(self, roots: Collection[str]) -> bool:
        """Whether the cluster is there, and no root that makes it is among those that are to go."""
        return self.root not in ("", *roots) and self.at.cloud.cluster(self.at.standing.name) is not None

    def inside(self) -> Inside:
        """What there is now. Raises GP824 where the cluster is there and does not answer."""
        with self._asked() as asked:
            return Inside(True, asked.things(), asked.retained()) if asked else Inside(there=False)

    def clear(self, made: Made) -> None:
        """Deletes what stands for such things and waits until all is gone. Raises GP943 where something is not."""
        with self._asked() as asked:
            things = [one for one in asked.things() if one.kind.made is made] if asked else []
            for thing in things:
                self.tell(f"deleting {thing.title}")
                asked.delete(thing) if asked else None
            left = self._waited(asked, things) if asked else []
            self.deleted.extend(one for one in things if one not in left)
        if left:
            raise DiagnosticsError([_not_gone(left)])

    def _waited(self, asked: Kube, things: Sequence[Thing]) -> Sequence[Thing]:
        """Those that are not gone after all looks."""
        left = [one for one in things if asked.is_there(one)]
        for _ in range(self.looks):
            if not left:
                break
            time.sleep(self.look_seconds)
            left = [one for one in left if asked.is_there(one)]
        return left

    @contextmanager
    def _asked(self) -> Iterator[Kube | None]:
        cluster = None if self.ignored or not self.root else self.at.cloud.cluster(self.at.standing.name)
        if cluster is None or not cluster.endpoint:
            yield None
            return
        with kube(cluster, lambda: self.at.cloud.token(cluster)) as asked:
            yield asked


def _not_gone(left: Sequence[Thing]) -> Diagnostic:
    more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
    message = f"not gone yet: {shortened(', '.join(one.title for one in left[:_MOST_NAMED]))}{more}"
    hint = "`kubectl describe` shows what keeps it, such as a pod that uses it or a controller that does not run"
    return Diagnostic("GP943", message, hint=hint)
