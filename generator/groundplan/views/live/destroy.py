"""What a destruction does, did, and did not."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from groundplan.app.live.destroy.cluster import Inside
from groundplan.app.live.destroy.run import Destroyed, Question
from groundplan.app.live.destroy.stays import Stay
from groundplan.app.live.outcomes import Outcome, Result
from groundplan.escaping import for_text
from groundplan.live.kube import Thing
from groundplan.markdown import text as prose
from groundplan.views import change as change_view
from groundplan.views.console import WIDTH
from groundplan.views.live.outcomes import left, outcome_json
from groundplan.views.tables import Column, markdown_table

_COLUMNS = (Column("root"), Column("result"))


def question(asked: Question, *, color: bool, width: int = WIDTH) -> str:
    """What is about to go, before it is approved."""
    lines = [change_view.short(asked.change, color=color, width=width), *_inside(asked.inside)]
    return "\n".join(lines)


def prompt(asked: Question) -> str:
    """What to type."""
    return f"this destroys {', '.join(asked.roots)}: type {asked.environment} to go on"


def text(found: Destroyed, *, color: bool, width: int = WIDTH) -> str:
    """Each root in a line, in the order in which they go; what there is and what to do next below one that failed."""
    if _is_nothing(found):
        return "There is nothing to destroy.\n"
    wide = max(len(one.root) for one in found.outcomes)
    lines: list[str] = []
    for one in found.outcomes:
        lines.append(f"{one.root:<{wide}}  {_said(one, found)}")
        lines += (f"{'':<{wide}}  {line}" for line in left(one, found.folder, _word(found), "destroyed"))
    lines += ["", *_deleted(found)] if found.deleted else []
    lines += _stays(found)
    if found.stopped_at and not found.dry:
        lines += ["", f"next: {_command(found)}"]
    shown = change_view.text(found.change, color=color, width=width) if found.dry else ""
    return shown + "\n".join(map(for_text, lines)) + "\n"


def markdown(found: Destroyed) -> str:
    """The same for a pull request."""
    if _is_nothing(found):
        return "There is nothing to destroy.\n"
    rows = [(one.root, _said(one, found)) for one in found.outcomes]
    head = prose(f"{found.environment}: {'what destroy would do' if found.dry else 'what destroy has done'}")
    return f"{head}\n\n{markdown_table(_COLUMNS, rows)}\n{change_view.markdown(found.change)}{_stays_markdown(found)}"


def as_json(found: Destroyed) -> dict[str, Any]:
    """The part of the JSON object that says what becomes of each root."""
    return {
        "environment": found.environment,
        "dry_run": found.dry,
        "roots": [outcome_json(one) for one in found.outcomes],
        "missing": list(found.missing),
        "stays": [_stay(one) for one in found.stays],
        "not_looked_for": list(found.unseen),
        "cluster": {
            "asked": found.inside.there,
            "things": [_thing(one) for one in found.inside.things],
            "deleted": [_thing(one) for one in found.deleted],
        },
        "change": change_view.as_json(found.change),
        "next": _command(found) if found.stopped_at else None,
    }


def _inside(inside: Inside) -> Sequence[str]:
    """What controllers have made, as it is deleted first."""
    made = [
        for_text(f"  {one.kind.made}: {one.title}{f' ({one.about})' if one.about else ''}") for one in inside.things
    ]
    return ["deleted first, so that nothing of it stays:", *made, ""] if made else []


def _deleted(found: Destroyed) -> Sequence[str]:
    return [f"deleted in the cluster: {', '.join(one.title for one in found.deleted)}"]


def _stays(found: Destroyed) -> Sequence[str]:
    """What is left, a line each, and what may be left besides."""
    head = ["", "would stay:" if found.dry else "stays:"] if found.stays else []
    unseen = ["", "not looked for:", *(f"  {one}" for one in found.unseen)] if found.unseen else []
    return [*head, *(f"  {_line(one)}" for one in found.stays), *unseen]


def _stays_markdown(found: Destroyed) -> str:
    parts = {
        "Would stay" if found.dry else "Stays": [_line(one) for one in found.stays],
        "Not looked for": found.unseen,
    }
    return "".join(f"\n{title}:\n\n{_bullets(lines)}" for title, lines in parts.items() if lines)


def _bullets(lines: Sequence[str]) -> str:
    return "".join(f"- {prose(line)}\n" for line in lines)


def _line(one: Stay) -> str:
    until = f" until {one.until}" if one.until else ""
    return f"{one.what}{until}: {one.why}{_price(one)}"


def _price(one: Stay) -> str:
    if one.monthly_usd is None:
        return ""
    if not one.monthly_usd:
        return " (not billed)"
    amount = f"${one.monthly_usd.normalize():f} a month for each {one.each}" if one.each else _whole(one.monthly_usd)
    return f" ({'at most ' if one.at_most else ''}{amount})"


def _whole(usd: Decimal) -> str:
    return f"${usd:,.2f} a month"


def _stay(one: Stay) -> dict[str, Any]:
    return {
        "what": one.what,
        "why": one.why,
        "until": one.until.isoformat() if one.until else None,
        "monthly_usd": float(one.monthly_usd) if one.monthly_usd is not None else None,
        "each": one.each or None,
        "at_most": one.at_most,
        "source": one.source or None,
    }


def _thing(one: Thing) -> dict[str, Any]:
    return {"kind": one.kind.title, "namespace": one.namespace, "name": one.name, "made": one.kind.made.value}


def _is_nothing(found: Destroyed) -> bool:
    return all(one.result is Result.GONE for one in found.outcomes)


def _said(one: Outcome, found: Destroyed) -> str:
    if found.dry and one.result in (Result.DECLINED, Result.NOT_REACHED):
        return "would be destroyed"
    return one.result + (f": {len(one.done)} resources" if one.done and one.result is Result.DESTROYED else "")


def _word(found: Destroyed) -> Sequence[str]:
    confirm = [] if found.dry else [f"--confirm {shlex.quote(found.environment)}"]
    needed = [*(f"--allow {shlex.quote(one)}" for one in found.missing), *confirm]
    return ["needs your word:", *(f"  {one}" for one in needed)] if needed else []


def _command(found: Destroyed) -> str:
    return shlex.join(["groundplan", "destroy", str(found.folder), *found.again])
