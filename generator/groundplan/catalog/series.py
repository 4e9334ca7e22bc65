"""Generations of machine series, as clouds write them into the names of families."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

NAME = re.compile(r"(?P<letters>[a-z]+)(?P<generation>[0-9]+)(?P<options>[a-z]*)(-.*)?")


@dataclass(frozen=True, slots=True)
class Series:
    """A line of machines that are succeeded by each other, and which generation of it one is.

    Families with processors of another maker are another line: m7a succeeds m6a, and not m6i.
    """

    line: str
    generation: int


@lru_cache(maxsize=4096)
def parse_series(family: str, processors: str) -> Series | None:
    """The series of a family such as m6a, g4dn or n2d; None for a name that does not state a generation.

    `processors` are the letters that, directly after the generation, name the maker of the processor.
    """
    found = NAME.fullmatch(family)
    if found is None:
        return None
    processor = found["options"][:1] if found["options"][:1] in processors else ""
    return Series(f"{found['letters']}-{processor}", int(found["generation"]))
