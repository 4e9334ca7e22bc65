"""What the operator lets pass: `--allow CLASS[:WHAT]`, with one meaning on every command that takes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from groundplan import ranges
from groundplan.diagnostics import Diagnostic, DiagnosticsError, or_known

FINDINGS = {
    "public-range": "a range of addresses wider than /16, and every range inside it",
    "unknown-range": "the address of a resource that admits ranges which a plan does not show",
}
"""Classes of findings that can be allowed, and what is named for each."""

_ALONE = "an address of Terraform or a path of the spec, with everything below it; alone, all of its class"
_OF_CHANGE = ("destroys-data", "cannot-be-undone", "replaces", "interrupts", "opens", "costs", "unknown")
CHANGES = dict.fromkeys(_OF_CHANGE, _ALONE)
"""Classes of what a change does, and what is named for each."""

CLASSES = {**FINDINGS, **CHANGES}


@dataclass(frozen=True, slots=True)
class Allowance:
    """One word of the operator."""

    kind: str
    what: str

    def __str__(self) -> str:
        return self.kind if self.kind in CHANGES and not self.what else f"{self.kind}:{self.what}"

    @property
    def of_change(self) -> bool:
        """Whether it is about what a change does, and not about what is found in a folder."""
        return self.kind in CHANGES

    def covers(self, need: str) -> bool:
        """Whether it allows what a violation needs, written as it would be allowed."""
        if self.kind != "public-range" or not need.startswith("public-range:"):
            return str(self) == need
        allowed, needed = ranges.network(self.what), ranges.network(need.partition(":")[2])
        return allowed is not None and needed is not None and ranges.within(needed, allowed)


def allowances(texts: Iterable[str]) -> tuple[Allowance, ...]:
    """The words as given on a command line. Raises DiagnosticsError with those that allow nothing anywhere (GP204)."""
    given = tuple(map(_read, texts))
    problems = [problem for one in given if (problem := _wrong(one))]
    if problems:
        raise DiagnosticsError(problems)
    return given


def unused(one: Allowance, there: Iterable[str]) -> Diagnostic:
    """The error (GP207) about a word that allowed nothing; it lists what there is to allow."""
    needs = sorted(set(there))
    hint = f"there is {', '.join(needs)}" if needs else "nothing here needs to be allowed"
    return Diagnostic("GP207", f"--allow {one} allows nothing that is here", hint=hint)


def _read(text: str) -> Allowance:
    kind, _, what = text.partition(":")
    return Allowance(kind, what)


def _wrong(one: Allowance) -> Diagnostic | None:
    if one.kind not in CLASSES:
        listed = {what: [kind for kind, other in CLASSES.items() if other == what] for what in CLASSES.values()}
        hint = "; ".join(f"{', '.join(kinds)}: {what}" for what, kinds in listed.items())
        return Diagnostic("GP204", f"--allow has no class `{one.kind}`", hint=f"{or_known(one.kind, CLASSES)}. {hint}")
    if one.kind != "public-range":
        return None
    network = ranges.network(one.what)
    if network is None:
        hint = "write a range such as --allow public-range:203.0.0.0/12"
        return Diagnostic("GP204", f"--allow public-range: `{one.what}` is no range", hint=hint)
    if network.prefixlen == 0:
        return Diagnostic("GP204", f"--allow public-range: {network} is everyone, whom nobody can allow")
    return None
