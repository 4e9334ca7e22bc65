"""Why things were decided as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean
from groundplan.spec.document import dotted
from groundplan.stack.model import Decision


@dataclass(frozen=True, slots=True)
class Explanation:
    """Decisions with their reasons and alternatives."""

    decisions: Sequence[Decision]
    notices: Sequence[Diagnostic]


def explain(spec: Path, path: str | None, overrides: Overrides, today: date) -> Explanation:
    """The decisions at `path` and below, all without one; raises GP207, which says where else to look."""
    resolved = resolve_spec(spec, overrides=overrides)
    decisions = resolved.stack.decisions
    if path is not None:
        decisions = tuple(d for d in decisions if d.path == path or d.path.startswith((f"{path}.", f"{path}[")))
        if not decisions:
            raise DiagnosticsError([_nothing(resolved, path)])
    return Explanation(decisions, [*resolved.notices, *resolved.dated_findings(today)])


def _nothing(resolved: Resolved, path: str) -> Diagnostic:
    document = resolved.document
    written = next((keys for keys in document.places if dotted(keys) == path), None)
    if written is not None:
        message = f"nothing to decide at `{path}`: the value comes from the spec"
        return replace(document.diagnostic("GP207", message, written), hint="omit PATH to list every decision")
    near = did_you_mean(path, [decision.path for decision in resolved.stack.decisions], most=3, cutoff=0.5)
    return Diagnostic("GP207", f"no decision at `{path}`", hint=near or "omit PATH to list every decision")
