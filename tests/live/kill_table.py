"""What became of every kill, a line each and a table by who was hit and how: `python -m tests.live.kill_table FILE`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Round:
    """One kill, by which it can be played again, and what followed."""

    seed: str
    about: str
    """Cloud and stage."""
    number: int
    victim: str
    how: str
    moment: str
    code: int
    """Of what was killed."""
    changed: int
    """Objects of the cloud that it had made, changed or destroyed."""
    unrecorded: int
    """Objects that no state had then."""
    steps: tuple[str, ...]
    """Commands that were needed to go on, and their exit codes."""
    failure: str = ""

    def line(self) -> str:
        """All of it but what went wrong."""
        outcome = "FAILED" if self.failure else "whole"
        done = f"{self.changed} done, {self.unrecorded} unrecorded"
        return (
            f"KILLS_SEED={self.seed} {self.about} KILLS_ROUND={self.number} {self.how} of {self.victim} at "
            f"{self.moment}: {self.code}, {done}; {', '.join(self.steps)}: {outcome}"
        )


def kept(one: Round) -> None:
    """Prints it, and adds it to the file that KILLS_LOG names."""
    print(one.line() + (f"\n{one.failure}" if one.failure else ""), flush=True)
    if log := os.environ.get("KILLS_LOG"):
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(one)) + "\n")


def table(rounds: Sequence[Round]) -> Iterator[str]:
    """Kills, and how many did not end well, by victim and signal; then by cloud and stage."""
    for title, named in (("kill", lambda one: f"{one.how} of {one.victim}"), ("stage", lambda one: one.about)):
        played = Counter(named(one) for one in rounds)
        cut = Counter(named(one) for one in rounds if one.unrecorded)
        failed = Counter(named(one) for one in rounds if one.failure)
        yield f"{title:<28}{'played':>8}{'left something unrecorded':>28}{'failed':>8}"
        yield from (f"{name:<28}{played[name]:>8}{cut[name]:>28}{failed[name]:>8}" for name in sorted(played))
        yield f"{'all':<28}{played.total():>8}{cut.total():>28}{failed.total():>8}\n"


def main() -> None:
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
    rounds = [Round(**{**found, "steps": tuple(found["steps"])}) for found in map(json.loads, lines)]
    print("\n".join([*(one.line() for one in rounds), "", *table(rounds)]))


if __name__ == "__main__":
    main()
