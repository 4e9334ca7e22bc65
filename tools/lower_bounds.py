"""Prints the lower bound of each direct dependency as an exact version: what `make test-oldest` is held to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

_BOUND = re.compile(r"(?P<name>[A-Za-z0-9-]+)(?:\[[a-z0-9,]+\])?(?:>=|==)(?P<version>[0-9.]+)(?:,<[0-9.]+)?")


def lower_bounds(pyproject: Path) -> Iterator[str]:
    """`name==version` for what the package and its extras depend on; raises `ValueError` for one without a bound."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    for requirement in (line for lines in groups for line in lines):
        if requirement.startswith(f"{project['name']}["):
            continue  # one extra takes in another
        bound = _BOUND.fullmatch(requirement)
        if bound is None:
            raise ValueError(f"{requirement}: no lower bound")
        yield f"{bound['name']}=={bound['version']}"


if __name__ == "__main__":
    print(*lower_bounds(Path(__file__).parents[1] / "pyproject.toml"), sep="\n")
