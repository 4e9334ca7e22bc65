"""What an earlier render decided: choices that a later one keeps, and what the environment cannot change any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from groundplan.stack.assets import Asset, AssetKind, Left


@dataclass(frozen=True, slots=True)
class Kept:
    """Decisions of the last render, as text by path in the spec, and the region they were made for.

    Two questions are asked of them. `value` and `names` are choices: new tables must not replace running nodes by
    themselves, `--upgrade` makes them anew. `standing` is what a running environment is made of, whatever is asked
    for: a cloud refuses to change it, or replaces everything.
    """

    region: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    environment: str = ""
    """Account and name they were made for; empty in a lock of a release that did not say."""
    choose_anew: bool = False
    """Whether choices are made anew."""
    binding: bool = True
    """Whether the environment stands as the last render has it: it may never have been applied."""
    assets: tuple[Asset, ...] = ()
    """What it has in the cloud; none in a lock of a release that did not say."""
    left: tuple[Left, ...] = ()
    """What has left the spec before."""

    def path_of(self, kind: AssetKind, name: str) -> str:
        """Where the last spec asked for an asset by its name in the cloud; empty where nobody knows."""
        return next((asset.path for asset in self.assets if asset.identity == (kind, name)), "")

    def value(self, path: str) -> str:
        """The choice at `path`, empty when there was none or it is made anew."""
        return "" if self.choose_anew else self.values.get(path, "")

    def names(self, path: str) -> tuple[str, ...]:
        """The choice at `path` as the list of names it is."""
        return _listed(self.value(path))

    def standing(self, path: str) -> str:
        """What the environment has at `path`, empty when it stands nowhere."""
        return self.values.get(path, "") if self.binding else ""

    def standing_names(self, path: str) -> tuple[str, ...]:
        """What the environment has at `path` as the list of names it is."""
        return _listed(self.standing(path))


def _listed(value: str) -> tuple[str, ...]:
    return tuple(name for name in value.split(", ") if name)


NOTHING = Kept()
"""For a first render, or to decide everything anew."""
