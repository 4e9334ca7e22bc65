"""Modules that call modules: in a circle, or each the next one twice, which Terraform would follow without end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundplan.diagnostics import Diagnostic, Place
from groundplan.terraform.screen.findings import MAX_MODULE_CALLS, MAX_NESTED_MODULES, TOO_MUCH, finding

_ENOUGH = 1_000_000
"""Not counted further: the number doubles with each module."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a module: the folder it stands in, the folder called under each of its names, and where."""

    caller: str
    called: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class _Below:
    """What a folder calls, and what that calls: how many modules in all, and how deep they nest."""

    calls: int = 0
    depth: int = 0


_NOTHING = _Below()


def refused_calls(calls: Sequence[Call]) -> Iterator[Diagnostic]:
    """One finding for each call that closes a circle, and for each folder from which too many modules are called."""
    by_caller: dict[str, list[Call]] = {}
    for call in calls:
        by_caller.setdefault(call.caller, []).append(call)
    below: dict[str, _Below] = {}
    for folder in by_caller:
        if folder not in below:
            yield from _follow(folder, by_caller, below)


def _follow(start: str, calls: Mapping[str, list[Call]], below: dict[str, _Below]) -> Iterator[Diagnostic]:
    """Fills `below` for a folder and all that is called from it; without recursion, since chains may be long."""
    path = [(start, _called(start, calls))]
    open_folders = {start}
    while path:
        folder, rest = path[-1]
        for call, target in rest:
            if target in open_folders:
                yield finding(TOO_MUCH, "modules call each other in a circle", call.place)
            elif target not in below:
                path.append((target, _called(target, calls)))
                open_folders.add(target)
                break
        else:
            path.pop()
            open_folders.discard(folder)
            yield from _closed(folder, calls, below)


def _closed(folder: str, calls: Mapping[str, list[Call]], below: dict[str, _Below]) -> Iterator[Diagnostic]:
    """Adds a folder to `below`, where all that it calls is; only the first that exceeds a limit is a finding."""
    called = [below.get(target, _NOTHING) for _, target in _called(folder, calls)]
    count = min(sum(one.calls for one in called) + len(called), _ENOUGH)
    depth = max((one.depth + 1 for one in called), default=0)
    below[folder] = _Below(count, depth)
    if max((one.calls for one in called), default=0) <= MAX_MODULE_CALLS < count:
        message = f"{count:,} modules are called from here in all, more than {MAX_MODULE_CALLS:,}"
        yield finding(TOO_MUCH, message, calls[folder][0].place)
    if depth == MAX_NESTED_MODULES + 1:
        yield finding(TOO_MUCH, f"modules nest more than {MAX_NESTED_MODULES} deep", calls[folder][0].place)


def _called(folder: str, calls: Mapping[str, list[Call]]) -> Iterator[tuple[Call, str]]:
    return ((call, target) for call in calls.get(folder, ()) for target in call.called)
