"""What every producer of files is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.clouds.base import Cloud
from groundplan.compose.compose import Composition
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Place
from groundplan.environment.files import FileSet


@dataclass(frozen=True, slots=True)
class SpecSource:
    """The spec's files as they were read, for the lock: paths relative to the environment, places of its values."""

    files: Mapping[str, str]
    """Text by relative path, the spec itself first, then what it extends."""
    places: Mapping[str, Place]
    """Place by dotted path, for the paths that module calls name."""
    copy: bool
    """Whether the environment gets a copy of the spec, because the spec lies elsewhere."""

    @property
    def name(self) -> str:
        """The spec itself, relative to the environment."""
        return next(iter(self.files))


@dataclass(frozen=True, slots=True)
class Context:
    """An environment that is to be rendered."""

    composition: Composition
    cloud: Cloud
    source: SpecSource
    cost: CostReport
    modules: Path
    """The folder that the module sources stand in."""


Producer = Callable[[Context], FileSet]
"""Makes some of an environment's files: text by path relative to it, the same for the same context."""
