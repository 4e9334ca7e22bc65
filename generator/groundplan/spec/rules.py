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


def broken_rules(document: Document) -> Iterator[Diagnostic]:
    """The findings of all rules."""
    rules = (_asks_for_something, *declared.rules(), _listed_twice)
    return chain.from_iterable(rule(document) for rule in rules)


def _asks_for_something(document: Document) -> Iterator[Diagnostic]:
    wanted = [key.name for key in keys() if key.asks]
    if not any(key in document.values for key in wanted):
        hint = f"add at least one of {', '.join(wanted)}"
        yield document.diagnostic("GP208", "the spec asks for nothing", (), hint=hint)


def _listed_twice(document: Document) -> Iterator[Diagnostic]:
    lists = sorted({path[:-1] for path in document.places if isinstance(path[-1], int)}, key=str)
    for path in lists:
        seen: set[str] = set()
        for item, text in document.lookup.texts(*path):
            if text in seen:
                message = f"`{text}` is listed twice in `{dotted(path)}`"
                yield document.diagnostic("GP208", message, item, hint="keep one")
            seen.add(text)
