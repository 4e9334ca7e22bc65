"""Plans of single resources, as own rules see them, and what a rule says of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundplan.check.rules import RULES, Subject, Violation
from groundplan.hcl.sources import Sources

ROOT = "10-a"


def planned(kind: str, unknown: dict[str, Any] | None = None, name: str = "x", **after: Any) -> dict[str, Any]:
    """A plan that creates one resource; `unknown` has true for what is known only after apply."""
    change = {"actions": ["create"], "after": after, "after_unknown": unknown or {}}
    return {"resource_changes": [{"address": f"{kind}.{name}", "type": kind, "mode": "managed", "change": change}]}


def together(*plans: dict[str, Any]) -> dict[str, Any]:
    """One plan with the resources of several."""
    return {"resource_changes": [change for plan in plans for change in plan["resource_changes"]]}


def violations(code: str, folder: Path, plan: dict[str, Any] | None = None) -> list[Violation]:
    """What the rule finds in a folder whose one root has the plan."""
    rule = next(rule for rule in RULES if rule.code == code)
    subject = Subject(Sources(folder, (ROOT,)), {ROOT: plan} if plan else {}, rendered=True)
    return list(rule.check(subject))


def breaches(code: str, folder: Path, plan: dict[str, Any] | None = None) -> list[str]:
    """The messages of the same."""
    return [violation.message for violation in violations(code, folder, plan)]
