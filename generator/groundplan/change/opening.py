"""What the plan of a root opens, as entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.change.attribution import Attribution
from groundplan.change.avoid import avoidance
from groundplan.change.model import Entry, Kind
from groundplan.change.opens import openings


def opened(root: str, plan: Mapping[str, Any], attribution: Attribution) -> Iterator[Entry]:
    """An entry for each thing that lets in more than before, the heaviest first."""
    for one in openings(plan.get("resource_changes") or ()):
        origin = attribution.origin(root, one.address)
        yield Entry(
            kind=Kind.UNKNOWN if one.unknown else Kind.OPENS,
            what=one.what,
            component=origin.component,
            root=root,
            address=one.address,
            path=origin.path,
            edits=tuple(origin.edits),
            forced_by=tuple(filter(None, one.path.split(", "))),
            reason=one.detail,
            source=one.source,
            avoid=avoidance(origin.edits, (), attribution.edits.every),
        )
