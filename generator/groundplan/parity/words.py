"""What a cloud says about itself for the parity report: words, and the wishes that hold otherwise than they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Literal, TypeAlias, get_args

from groundplan.clouds.base import Cloud
from groundplan.stack.model import Stack

Aspects: TypeAlias = Mapping[str, str]
"""What a cloud gives in one component: a few words for each aspect, such as `way out`. Every cloud that says anything
about a component says it about the same aspects, so that like stands beside like."""

Effect: TypeAlias = Literal["none", "part", "otherwise"]
"""What becomes of a wish: nothing, some of it, or the same end by other means."""
EFFECTS: tuple[str, ...] = get_args(Effect)


@dataclass(frozen=True, slots=True)
class Note:
    """A wish that holds otherwise on this cloud than its words suggest.

    `paths` gives the paths of the spec at which the stack has that wish; none: the note does not apply.
    """

    component: str
    effect: Effect
    words: str
    paths: Callable[[Stack], Iterable[str]]


@dataclass(frozen=True, slots=True)
class CloudWords:
    """All words of one cloud: aspects by component, from the wishes of a stack, and its notes."""

    gives: Mapping[str, Callable[[Stack], Aspects]] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


SILENT = CloudWords()
"""A cloud without words of its own: modules, prices and decisions are compared all the same."""

SHARED: Mapping[str, Aspects] = {
    "workspaces": {
        "namespaces": "one for training, one for serving; a service account per pool",
        "bounds": "network policies, Pod Security, a quota of GPUs",
    }
}
"""What a component gives wherever it runs, because it is made on the cluster alone."""


def gives(cloud: Cloud, component: str, stack: Stack) -> Aspects:
    """What the cloud gives in the component for the wishes of the stack; empty when it has no words for it."""
    own = words_of(cloud).gives.get(component)
    return own(stack) if own else SHARED.get(component, {})


def words_of(cloud: Cloud) -> CloudWords:
    """The words of the cloud, imported when asked for."""
    return _load(cloud.parity) if cloud.parity else SILENT


@cache
def _load(place: str) -> CloudWords:
    module, attribute = place.split(":")
    words: CloudWords = getattr(import_module(module), attribute)
    return words
