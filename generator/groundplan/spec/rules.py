"""What the keys of a spec mean together: references and contradictions. Rules about a component stand in its folder.

The rules read the raw values and pass over anything absent or of the wrong type, so that they report beside the
problems of single values and not only once those are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from groundplan.diagnostics import Diagnostic
from groundplan.spec import declared
from groundplan.spec.document import Document, dotted
from groundplan.spec.model import keys
from groundplan.spec.near import closest

_NEVER_BILLED = ("apiVersion", "budget", "cloud", "labels", "owner")


def broken_rules(document: Document) -> Iterator[Diagnostic]:
    """The findings of all rules."""
    rules = (_asks_for_something, *declared.rules(), _budget_parts, _listed_twice)
    return chain.from_iterable(rule(document) for rule in rules)


def _asks_for_something(document: Document) -> Iterator[Diagnostic]:
    wanted = [key.name for key in keys() if key.asks]
    if not any(key in document.values for key in wanted):
        hint = f"add at least one of {', '.join(wanted)}"
        yield document.diagnostic("GP208", "the spec asks for nothing", (), hint=hint)


def _budget_parts(document: Document) -> Iterator[Diagnostic]:
    """A part is a place that the spec has, a section that is always there, or a component."""
    at, billed = document.lookup, declared.billed()
    always = ("name", *(key.name for key in keys() if key.always))
    for part in at.mapping("budget", "components"):
        if part in (*billed, *always) or at.value(*str(part).split(".")) is not None:
            continue
        places = {dotted(path) for path in document.places if path[0] not in _NEVER_BILLED}
        near = closest(str(part), [*billed, *sorted(places)])
        suggestion = f"did you mean `{near}`? " if near else ""
        hint = f"{suggestion}a key of the spec such as `training`, or one of {', '.join(billed)}"
        message = f"`{part}` is neither a key of this spec nor a component"
        yield document.diagnostic("GP207", message, ("budget", "components", part), hint=hint, on_key=True)


def _listed_twice(document: Document) -> Iterator[Diagnostic]:
    lists = sorted({path[:-1] for path in document.places if isinstance(path[-1], int)}, key=str)
    for path in lists:
        seen: set[str] = set()
        for item, text in document.lookup.texts(*path):
            if text in seen:
                message = f"`{text}` is listed twice in `{dotted(path)}`"
                yield document.diagnostic("GP208", message, item, hint="keep one")
            seen.add(text)
