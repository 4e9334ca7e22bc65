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


_LOST = {
    "access of pods": ("pods of", "lose access to the cloud"),
    "access to the cluster": ("", "loses access to the cluster"),
    "access to a bucket": ("somebody who could reach bucket", "loses access to it"),
    "access to a repository": ("somebody who could reach repository", "loses access to it"),
    "access to a secret": ("somebody who could read secret", "loses access to it"),
    "use of a key": ("", "loses use of a key"),
    "use of a subnet": ("", "loses use of a subnet"),
}
"""Nouns of a right that somebody has: who loses it stands before the names, what is lost behind them."""
_RIGHT_ENDS = {"is destroyed": "", "is replaced": " until it is given again"}


def _right(noun: str, names: Sequence[str], what: str) -> str:
    """What the end of a right means for who has it."""
    before, lost = _LOST[noun]
    verb, _, rest = lost.partition(" ")
    words = lost if before or len(names) == 1 else f"{_PLURALS.get(verb, verb)} {rest}"
    return f"{before} {spoken(names)} {words}{_RIGHT_ENDS[what]}".strip()


def sentence(noun: str, names: Sequence[str], what: str) -> str:
    """`bucket a is destroyed`, `subnets a and b are replaced`, `pods of a lose access to the cloud`."""
    if noun in _LOST and what in _RIGHT_ENDS:
        return _right(noun, names, what)
    if len(names) == 1:
        return f"{noun} {names[0]} {what}"
    verb, _, rest = what.partition(" ")
    return f"{plural(noun)} {spoken(names)} {_PLURALS.get(verb, verb)} {rest}"
