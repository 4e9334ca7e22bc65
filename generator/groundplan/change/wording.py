"""Sentences about one thing or several of a kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLURALS = {"is": "are", "loses": "lose", "keeps": "keep", "gets": "get", "changes": "change", "encrypts": "encrypt"}
_PLURALS |= {
    "deletes": "delete",
    "takes": "take",
    "locks": "lock",
    "lets": "let",
    "limits": "limit",
    "has": "have",
    "renews": "renew",
    "goes": "go",
    "restarts": "restart",
    "follows": "follow",
    "runs": "run",
    "answers": "answer",
}
_MOST_NAMED = 4


def spoken(names: Sequence[str], most: int = _MOST_NAMED) -> str:
    """`a, b and c`; how many more there are beyond the first few."""
    shown = [*names[: most - 1], f"{len(names) - most + 1} more"] if len(names) > most else list(names)
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def plural(noun: str) -> str:
    """The noun of several: `policies`, `addresses`, `pools`; what follows `of` or `to` stays, and so does `rules`."""
    head, between, rest = [*re.split(r"( of | to )", noun, maxsplit=1), "", ""][:3]
    if head.endswith("s") and not head.endswith("ss"):
        return noun
    if head.endswith("y") and head[-2:-1] not in "aeiou":
        head = f"{head[:-1]}ies"
    else:
        head += "es" if head.endswith(("s", "x", "ch")) else "s"
    return f"{head}{between}{rest}"


def sentence(noun: str, names: Sequence[str], what: str) -> str:
    """`bucket a is destroyed`, `subnets a and b are replaced`."""
    if len(names) == 1:
        return f"{noun} {names[0]} {what}"
    verb, _, rest = what.partition(" ")
    return f"{plural(noun)} {spoken(names)} {_PLURALS.get(verb, verb)} {rest}"
