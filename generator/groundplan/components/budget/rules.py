"""What the keys of `budget` mean beside the rest of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec import declared
from groundplan.spec.declared import keys
from groundplan.spec.document import Document, dotted
from groundplan.spec.near import closest

NEVER_BILLED = ("apiVersion", "budget", "cloud", "labels", "owner")


def _parts(document: Document) -> Iterator[Diagnostic]:
    """A part is a place that the spec has, a section that is always there, or a component."""
    at, billed = document.lookup, declared.billed()
    always = ("name", *(key.name for key in keys() if key.always))
    for part in at.mapping("budget", "components"):
        if part in (*billed, *always) or at.value(*str(part).split(".")) is not None:
            continue
        places = {dotted(path) for path in document.places if path[0] not in NEVER_BILLED}
        near = closest(str(part), [*billed, *sorted(places)])
        suggestion = f"did you mean `{near}`? " if near else ""
        hint = f"{suggestion}a key of the spec such as `training`, or one of {', '.join(billed)}"
        message = f"`{part}` is neither a key of this spec nor a component"
        yield document.diagnostic("GP207", message, ("budget", "components", part), hint=hint, on_key=True)


def _tells_nothing(document: Document) -> Iterator[Diagnostic]:
    """Alerts at no percentage are none."""
    said = document.lookup.mapping("budget", "enforce")
    if said.get("alert_percent") == [] and said.get("forecast_percent") == []:
        message = "a budget without a percentage tells nobody anything"
        hint = "remove `alert_percent` or `forecast_percent` to have its default"
        yield document.diagnostic("GP208", message, ("budget", "enforce", "alert_percent"), hint=hint, on_key=True)


RULES = (_parts, _tells_nothing)
