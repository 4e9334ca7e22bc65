"""The plans of an environment: a line for each root, then what they do in the words of a change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from groundplan.app.live.outcomes import Question
from groundplan.app.live.plan import EnvironmentPlan, RootPlan
from groundplan.change.counts import counts
from groundplan.change.planned import read_plan
from groundplan.escaping import for_text
from groundplan.markdown import text as prose
from groundplan.views import change as change_view
from groundplan.views.console import WIDTH
from groundplan.views.live.words import verdict
from groundplan.views.tables import Column, bold, markdown_table, table

_COLUMNS = (Column("root"), Column("plan"))


def text(found: EnvironmentPlan, *, color: bool, width: int = WIDTH) -> str:
    """Whose account, what each root would do, and the entries of the change."""
    rows = [(root.root, _said(root)) for root in found.roots]
    parts = [bold(_head(found), color=color), "", table(_COLUMNS, rows, color=color, width=width)]
    if found.change.entries or found.change.adopted:
        parts.append(change_view.text(found.change, color=color, verdict=verdict(_asked(found)), width=width))
    return "\n".join(parts)


def _asked(found: EnvironmentPlan) -> Question:
    return Question(found.environment, (), found.change)


def markdown(found: EnvironmentPlan) -> str:
    """The same for a pull request."""
    rows = [(root.root, _said(root)) for root in found.roots]
    parts = [f"{prose(_head(found))}\n", markdown_table(_COLUMNS, rows)]
    if found.change.entries or found.change.adopted:
        parts.append(change_view.markdown(found.change, verdict(_asked(found))))
    return "\n".join(parts)


def results(found: EnvironmentPlan, digest: str) -> list[str]:
    """Variables for the job that applies: what to apply, and whether there is anything."""
    return [f"GROUNDPLAN_PLANS={digest}", f"GROUNDPLAN_PENDING={'true' if found.pending else 'false'}"]


def as_json(found: EnvironmentPlan) -> dict[str, Any]:
    """The roots in their order, and the change; values of resources only of what is taken over, no sensitive ones."""
    return {
        "environment": found.environment,
        "account": found.account,
        "caller": found.who,
        "pending": found.pending,
        "roots": [_root(root) for root in found.roots],
        "components": {name: asdict(counted) for name, counted in found.change.components},
        "change": change_view.as_json(found.change),
    }


def _root(root: RootPlan) -> dict[str, Any]:
    saved = root.saved
    actions = [{"address": one.address, "actions": list(one.actions)} for one in saved.actions] if saved else []
    return {
        "root": root.root,
        "pending": root.pending,
        "after": root.after or None,
        "plan_sha256": saved.sha256 if saved else None,
        "state": {"serial": saved.serial, "lineage": saved.lineage} if saved and saved.lineage else None,
        "actions": actions,
    }


def _head(found: EnvironmentPlan) -> str:
    return for_text(f"{found.environment} in {found.account}, as {found.who}")


def _said(root: RootPlan) -> str:
    if root.after:
        return f"after {root.after}"
    if root.plan is None:
        return "could not be planned"
    done = counts(list(read_plan(root.root, root.plan)))
    amounts = ((name, getattr(done, name)) for name in type(done).__slots__)
    listed = ", ".join(f"{amount} to be {name}" for name, amount in amounts if amount)
    return listed or ("outputs change" if root.pending else "nothing to apply")
