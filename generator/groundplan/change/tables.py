"""What a change says about types of resources: their names for people, what stops with them, what weakens them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from groundplan.catalog.tables import filled, read_table
from groundplan.change.model import Interruption, Kind

_FOLDER = files("groundplan.change")
_THINGS = ("type", "noun", "name", "part_of", "stops", "replaced", "basis")
_WEAKENINGS = ("type", "path", "where", "within", "when", "kind", "what", "reason", "source")
_CHARTS = ("chart", "source")
_WHEN = ("off", "on", "lower", "shorter", "wider", "new", "gone", "changed", "fewer")


@dataclass(frozen=True, slots=True)
class Owner:
    """What a resource is a part of: a type, and which argument names it; empty where the module call says it."""

    type: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """A type of resource as people speak of it."""

    type: str
    noun: str
    """Empty for what nobody names by itself."""
    names: Sequence[str] = ()
    """Paths of arguments that name it, the best first."""
    owners: Sequence[Owner] = ()
    stops: str = ""
    """What is not there any more when it is destroyed; empty where nothing that runs ends with it."""
    replaced: Interruption = Interruption.NONE
    """How long it is not there when the old one goes first."""
    basis: str = ""
    """Where that order of magnitude comes from."""


@dataclass(frozen=True, slots=True)
class Weakening:
    """A change of an argument, or the end of a resource, that takes something off a thing that stays."""

    type: str
    path: tuple[str, ...]
    where: tuple[tuple[str, ...], str] | None
    """What an element of the list at the first `*` has to have to count."""
    within: Sequence[str]
    """What of such an element says what it applies to: fewer or wider values there take more."""
    when: str
    value: str
    """Of `from`: what it was; of `lower`: what holds where nothing is written."""
    kind: Kind
    what: str
    """Goes on from the thing: `keeps fewer images`."""
    reason: str
    source: str


@cache
def things() -> Mapping[str, Thing]:
    """Every type that is named, by itself or as a part."""
    return {thing.type: thing for _, thing in read_table(_FOLDER / "things.csv", _THINGS, _thing)}


@cache
def weakenings() -> Mapping[str, Sequence[Weakening]]:
    """The rows of each type."""
    found: dict[str, list[Weakening]] = defaultdict(list)
    for _, row in read_table(_FOLDER / "weakening.csv", _WEAKENINGS, _weakening):
        found[row.type].append(row)
    return found


@cache
def stateless_charts() -> frozenset[str]:
    """Charts that ask for no volume unless their values do: by name, own ones by the last two parts of their path."""
    return frozenset(chart for _, chart in read_table(_FOLDER / "stateless.csv", _CHARTS, _chart))


def _chart(chart: str, source: str) -> str:
    filled(source)
    return filled(chart)


def _thing(  # noqa: PLR0913, PLR0917 - one parameter per column
    type_: str, noun: str, name: str, part_of: str, stops: str, replaced: str, basis: str
) -> Thing:
    owners = tuple(Owner(*owner.split(".", 1)) for owner in part_of.split())
    length = Interruption[filled(replaced).upper()]
    return Thing(filled(type_), noun, tuple(name.split()), owners, stops, length, basis)


def _weakening(  # noqa: PLR0913, PLR0917 - one parameter per column
    type_: str, path: str, where: str, within: str, when: str, kind: str, what: str, reason: str, source: str
) -> Weakening:
    word, _, value = filled(when).partition(" ")
    if word not in (*_WHEN, "from") or (bool(value) != (word == "from") and word != "lower"):
        raise ValueError(f"{when!r} is none of {', '.join(_WHEN)}, lower DEFAULT or from VALUE")
    name, sign, wanted = where.partition("=")
    condition = (tuple(name.split(".")), wanted) if sign else None
    steps = tuple(path.split(".")) if path else ()
    return Weakening(
        filled(type_),
        steps,
        condition,
        tuple(within.split()),
        word,
        value,
        Kind(kind),
        filled(what),
        filled(reason),
        filled(source),
    )
