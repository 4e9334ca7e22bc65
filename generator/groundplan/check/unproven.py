"""What a plan does not prove because of the schemas that there are, and where in the source that is."""

from __future__ import annotations

from dataclasses import replace

from groundplan.check.report import NotChecked
from groundplan.diagnostics import Diagnostic
from groundplan.hcl.sources import Sources
from groundplan.terraform.archive import full_address
from groundplan.terraform.assumed import users
from groundplan.terraform.providers import Unmet
from groundplan.terraform.reports import MISSING

_NAMED = 3
"""How many resources a line names before it counts."""


def without_schema(diagnostic: Diagnostic, sources: Sources, root: str) -> Diagnostic:
    """A missing schema (GP507) where the provider is used, with what of the root it leaves open."""
    found = MISSING.search(diagnostic.message)
    if diagnostic.code != "GP507" or found is None:
        return diagnostic
    blocks = list(users(sources, root, full_address(found[1])))
    used = [block for block in blocks if block.type != "provider"]
    if not blocks:
        return diagnostic
    names = [".".join((*(["data"] if block.type == "data" else []), *block.labels)) for block in used]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    unproven = f"not proven: the arguments of {', '.join(names[:_NAMED])}{more}" if names else "it has no resource"
    message = f"{diagnostic.message}; {unproven}; the rest of the root is checked"
    return replace(diagnostic, message=message, place=diagnostic.place or (used or blocks)[0].place)


def other_version(unmet: Unmet, root: str) -> NotChecked:
    """A provider whose schema is of another major version than the root asks for."""
    name = unmet.source.partition("/")[2]
    return NotChecked(
        f"arguments of {name} {unmet.asked} in {root}", f"the schema nearest to it is that of {unmet.served}"
    )
