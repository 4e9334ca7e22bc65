"""Texts with wildcards, as policies have them: `*` for any characters, `?` for one."""

from __future__ import annotations

from functools import lru_cache

MOST = 512
"""Characters of a pattern that is understood; a longer one equals itself alone."""

WILDCARDS = ("*", "?")


@lru_cache(maxsize=8192)
def covers(outer: str, inner: str) -> bool:
    """Whether every text that `inner` stands for is one of `outer`; both may have wildcards."""
    if outer in ("*", inner):
        return True
    if max(len(outer), len(inner)) > MOST or not wild(outer):
        return False
    return _matches(outer.split("*"), inner) if "*" in outer else _alike(outer, inner)


def overlap(first: str, second: str) -> bool:
    """Whether a text may be both; True also where that is not told by their beginnings and ends."""
    if covers(first, second) or covers(second, first):
        return True
    if not (wild(first) and wild(second)):
        return False
    return _compatible(_fixed(first), _fixed(second)) and _compatible(_fixed(first[::-1]), _fixed(second[::-1]))


def wild(pattern: str) -> bool:
    """Whether it stands for more than itself."""
    return any(one in pattern for one in WILDCARDS)


def _fixed(pattern: str) -> str:
    return pattern.partition("*")[0].partition("?")[0]


def _compatible(first: str, second: str) -> bool:
    return first.startswith(second) or second.startswith(first)


def _alike(outer: str, inner: str) -> bool:
    """Of the same length; a `?` of `outer` takes any character but the wildcard for many."""
    return len(outer) == len(inner) and all(
        mine == theirs or (mine == "?" and theirs != "*") for mine, theirs in zip(outer, inner, strict=True)
    )


def _matches(parts: list[str], inner: str) -> bool:
    """Parts between wildcards in their order, the first at the start and the last at the end."""
    first, last = parts[0], parts[-1]
    if len(first) + len(last) > len(inner) or not _alike(first, inner[: len(first)]):
        return False
    end = len(inner) - len(last)
    if not _alike(last, inner[end:]):
        return False
    at = len(first)
    for part in parts[1:-1]:
        at = _find(part, inner, at, end)
        if at < 0:
            return False
    return True


def _find(part: str, inner: str, start: int, end: int) -> int:
    """Where the part ends at the earliest; -1 when it does not occur."""
    if "?" not in part:
        at = inner.find(part, start, end)
        return at if at < 0 else at + len(part)
    for at in range(start, end - len(part) + 1):
        if _alike(part, inner[at : at + len(part)]):
            return at + len(part)
    return -1
