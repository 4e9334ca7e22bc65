"""Accesses that values of a chart ask for; what a chart does without being asked is not seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from groundplan.change.access.atoms import Glob
from groundplan.change.access.model import Access, Resource, Scope, Severity
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import texts
from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.yaml_file import parse_yaml

MOST_VALUES = 5_000
"""Of one release that are looked at."""
MOST_BYTES = 262_144

_INSIDE = ("internal", "true")
_OPEN = {("type", "LoadBalancer"), ("scheme", "internet-facing")}
_LOOSE = {("type", "NodePort"), ("hostNetwork", "True"), ("hostPID", "True"), ("privileged", "True")}


def release(resource: Resource, side: Side) -> Iterator[Access]:
    """Load balancers and rights on nodes that the values of a release ask for."""
    scope = Scope("chart", resource.address, side.name(resource))
    for text in texts(resource.values, "values"):
        for path, public in islice(_found(parsed(text), "", inside=False), MOST_VALUES):
            severity = Severity.PUBLIC if public else Severity.UNPROTECTED
            words = "sets {value}" + (", which is on the internet" if public else "")
            yield Access(scope, (("value", (Glob(path),)),), words, "values", resource.address, severity=severity)


def parsed(text: str) -> object:
    """Values of a release; None for what is too large or no YAML."""
    if len(text) > MOST_BYTES:
        return None
    try:
        return parse_yaml(text, "values").values
    except DiagnosticsError:
        return None


def _found(value: object, path: str, *, inside: bool) -> Iterator[tuple[str, bool]]:
    """Paths with their values, and whether they put something on the internet."""
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _found(one, f"{path}[{index}]", inside=inside)
    if not isinstance(value, Mapping):
        return
    within = inside or _kept_inside(value)
    for key, one in value.items():
        name = str(key).rsplit("-", 1)[-1] if "scheme" in str(key) else str(key)
        pair, shown = (name, str(one)), f"{path}.{key} = {one}".lstrip(".")
        if pair in _OPEN | _LOOSE:
            yield shown, pair in _OPEN and not (within and pair[0] == "type")
        else:
            yield from _found(one, f"{path}.{key}", inside=within)


def _kept_inside(value: Mapping[str, object]) -> bool:
    """Whether annotations beside it keep a load balancer in its network."""
    notes = value.get("annotations")
    if not isinstance(notes, Mapping):
        return False
    marks = ("load-balancer-scheme", "load-balancer-internal", "load-balancer-type")
    return any(str(key).endswith(marks) and str(one).lower() in _INSIDE for key, one in notes.items())


READERS: Mapping[str, tuple[Reader, ...]] = {"helm_release": (release,)}
"""By resource type, what reads its accesses."""
