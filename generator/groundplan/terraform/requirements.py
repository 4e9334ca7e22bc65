"""Which providers a text asks for, in which versions, and which of the major versions that there are those admit.

A scan like `usage`: what it names too much of is a provider that is served and not used.
https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Version = tuple[int, ...]

# Every pattern takes linear time on any text: a folder that is checked may hold megabytes of what comes nearest to one.
_QUOTED_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"?|(?:#|//)[^\n]*|/\*')
_SPACE = re.compile(r"\s+")
_REQUIRED = re.compile(r'"?\brequired_providers\b"? ?[:=]? ?\[? ?\{')
_ENTRY = re.compile(r'(?<![\w-])"?([A-Za-z][\w-]*)"? ?[=:] ?(?:\{([^{}]*)\}|"([^"]*)")')
_PROVIDER = re.compile(r'(?<![\w.-])"?provider"? ?(?:: ?\[? ?\{ ?)?"([A-Za-z][\w-]*)" ?:? ?\[? ?\{([^{}]*)')
_ARGUMENT = re.compile(r'"?\b(source|version)"? ?[=:] ?"([^"]*)"')
_META = re.compile(r'(?<![\w.-])"?provider"? ?[=:] ?"?([A-Za-z][\w-]*)')
_CLAUSE = re.compile(r"\s*(=|!=|>=|<=|~>|>|<)?\s*v?(\d+(?:\.\d+)*)[\w.+-]*\s*")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A provider by its local name, from where a `required_providers` says, in which versions."""

    name: str
    source: str | None = None
    """None where nothing says it: the provider of that name of hashicorp."""
    version: str = ""


def required_in(text: str, *, json: bool) -> Iterator[Requirement]:
    """What a file of Terraform asks for by name: requirements, provider blocks and `provider` arguments."""
    if "provider" not in text:
        return
    text = _SPACE.sub(" ", text if json else _without_comments(text))
    for body in _bodies(text):
        for name, arguments, version in _ENTRY.findall(body):
            given = dict(_ARGUMENT.findall(arguments))
            yield Requirement(name, given.get("source"), given.get("version", version))
    for name, arguments in _PROVIDER.findall(text):
        yield Requirement(name, None, dict(_ARGUMENT.findall(arguments)).get("version", ""))
    for name in _META.findall(text):
        yield Requirement(name)


def _without_comments(text: str) -> str:
    """The text with a blank in the place of each comment."""
    kept, end = [], 0
    while found := _QUOTED_OR_COMMENT.search(text, end):
        quoted = found.group()[0] == '"'
        kept.append(text[end : found.end() if quoted else found.start()])
        end = found.end()
        if found.group() == "/*":
            closed = text.find("*/", end)
            end = closed + 2 if closed >= 0 else len(text)
    return " ".join((*kept, text[end:])) if kept else text


def _bodies(text: str) -> Iterator[str]:
    """What stands between the braces of each `required_providers`."""
    end = 0
    while start := _REQUIRED.search(text, end):
        depth, end = 1, start.end()
        for brace in _BRACE.finditer(text, end):
            depth += 1 if brace.group() == "{" else -1
            end = brace.end()
            if depth == 0:
                break
        else:
            end = len(text)
        yield text[start.end() : end - 1]


_BRACE = re.compile(r"[{}]")


def admits(constraints: Iterable[str], major: int) -> bool:
    """Whether a version of that major may satisfy all of the constraints; one that cannot be read says nothing."""
    spans = list(_spans(constraints))
    low = max([_whole((major,)), *(least for least, _ in spans)])
    return low < min([_whole((major + 1,)), *(end for _, end in spans)])


def ends_before(constraints: Iterable[str], major: int) -> bool:
    """Whether all versions that satisfy the constraints are older than that major."""
    return any(end <= _whole((major,)) for _, end in _spans(constraints))


def _spans(constraints: Iterable[str]) -> Iterator[tuple[Version, Version]]:
    """For each clause, the first version that satisfies it and the first after it that does not."""
    for clause in (clause for constraint in constraints for clause in constraint.split(",")):
        found = _CLAUSE.fullmatch(clause)
        if found:
            yield _span(found[1] or "=", tuple(map(int, found[2].split("."))))


_FIRST: Version = (0, 0, 0)
_END: Version = (10**9, 0, 0)


def _span(operator: str, version: Version) -> tuple[Version, Version]:
    if operator == "~>":
        return _whole(version), _whole((*version[:-2], version[-2] + 1)) if len(version) > 1 else _END
    exact = _whole(version)
    after = (*exact[:-1], exact[-1] + 1)
    return {
        "=": (exact, after),
        ">=": (exact, _END),
        ">": (after, _END),
        "<=": (_FIRST, after),
        "<": (_FIRST, exact),
    }.get(operator, (_FIRST, _END))


def _whole(version: Version) -> Version:
    return version + (0,) * (3 - len(version))
