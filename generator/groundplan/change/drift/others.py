"""What the configuration leaves to others: arguments that it ignores, and figures that an autoscaler moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path as FilePath

from groundplan.catalog.tables import filled, read_table
from groundplan.change.planned import Path, Planned, values_at
from groundplan.hcl.read import tokens
from groundplan.hcl.sources import Sources

_COLUMNS = ("type", "path", "when", "who", "source")
_ALL = "all"
_BETWEEN = ("comment", "newline")


@dataclass(frozen=True, slots=True)
class Moving:
    """A figure that something moves, where another argument asks for that."""

    path: tuple[str, ...]
    when: tuple[str, ...]

    def moves(self, planned: Planned, path: Path) -> bool:
        """Whether it is this one, and something moves it."""
        return _names(path)[: len(self.path)] == self.path and _is_set(planned, self.when)


@cache
def moving() -> Mapping[str, Sequence[Moving]]:
    """The figures of each type."""
    found: dict[str, list[Moving]] = defaultdict(list)
    for _, (type_, row) in read_table(files("groundplan.change.drift") / "moving.csv", _COLUMNS, _row):
        found[type_].append(row)
    return found


def _row(type_: str, path: str, when: str, who: str, source: str) -> tuple[str, Moving]:
    filled(who)
    filled(source)
    return filled(type_), Moving(tuple(filled(path).split(".")), tuple(filled(when).split(".")))


class Left:
    """What of the resources of a rendered folder is left to others."""

    def __init__(self, folder: FilePath, roots: tuple[str, ...]) -> None:
        self._sources = Sources(folder, roots)
        self._ignored: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}

    def covers(self, planned: Planned, path: Path) -> bool:
        """Whether a change of the attribute by others is meant to be."""
        names = _names(path)
        ignored = any(one == (_ALL,) or names[: len(one)] == one for one in self._ignores(planned))
        return ignored or any(one.moves(planned, path) for one in moving().get(planned.type, ()))

    def _ignores(self, planned: Planned) -> tuple[tuple[str, ...], ...]:
        key = planned.root, planned.address
        if key not in self._ignored:
            chain = self._sources.chain(*key)
            texts = (
                part.attributes["ignore_changes"].value
                for part in (chain[-1].blocks if chain else ())
                if part.type == "lifecycle" and "ignore_changes" in part.attributes
            )
            self._ignored[key] = tuple(found for text in texts for found in _listed(text))
        return self._ignored[key]


def _listed(text: str) -> list[tuple[str, ...]]:
    """The names in a list of references: `[settings[0].disk_size, tags["a"]]`, or the word `all`."""
    found: list[list[str]] = [[]]
    depth = 0
    for token in tokens(text):
        if token.kind in _BETWEEN:
            continue
        depth += {"[": 1, "]": -1}.get(token.text, 0)
        if token.text == "," and depth <= 1:
            found.append([])
        elif token.kind == "string":
            found[-1].append(token.text.strip('"'))
        elif token.text not in "[].," and not token.text.isdigit():
            found[-1] += token.text.split(".")
    return [tuple(one) for one in found if one]


def _names(path: Path) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


def _is_set(planned: Planned, path: tuple[str, ...]) -> bool:
    """Whether the argument says something; blocks are lists of one."""
    found = [planned.before]
    for name in path:
        found = [one for value in found for one in values_at(value, (name,))]
        found = [one for value in found for one in (value if isinstance(value, list) else [value])]
    return any(found)
