"""The evaluators there are, by the name that the spec has for the cloud."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from groundplan.access.aws.cluster import EksCluster
from groundplan.access.aws.engine import Aws
from groundplan.access.engine import Engine
from groundplan.access.gcp.cluster import GkeCluster
from groundplan.access.gcp.engine import Gcp
from groundplan.access.kubernetes.engine import Kubernetes
from groundplan.access.model import Given

ENGINES: Mapping[str, Callable[[Sequence[Given]], Engine]] = {"aws": Aws, "gcp": Gcp}


def engines(resources: Sequence[Given]) -> tuple[Engine, ...]:
    """One of each cloud that somebody has an identity on, all of them where nobody has any; and that of clusters."""
    every = tuple(made(resources) for made in ENGINES.values())
    inside = cluster(resources, next((one for one in every if isinstance(one, Gcp)), None))
    return (*(tuple(one for one in every if not one.is_empty) or every), *(() if inside.is_empty else (inside,)))


def cluster(resources: Sequence[Given], gcp: Gcp | None = None) -> Kubernetes:
    """What is asked about objects of clusters, on whichever cloud they are; `gcp` knows the jobs that it was asked."""
    return Kubernetes(resources, (EksCluster(resources), GkeCluster(resources, gcp or Gcp(resources))))
