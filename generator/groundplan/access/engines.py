"""The evaluators there are, by the name that the spec has for the cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from groundplan.access.aws.engine import Aws
from groundplan.access.engine import Engine
from groundplan.access.gcp.engine import Gcp
from groundplan.access.model import Given

ENGINES: Mapping[str, Callable[[Sequence[Given]], Engine]] = {"aws": Aws, "gcp": Gcp}


def engines(resources: Sequence[Given]) -> tuple[Engine, ...]:
    """One of each cloud that somebody has an identity on; all of them where nobody has any."""
    every = tuple(made(resources) for made in ENGINES.values())
    return tuple(one for one in every if not one.is_empty) or every
