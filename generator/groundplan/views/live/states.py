"""Versions of states and going back to one, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundplan.app.live.states import Restoration, Version
from groundplan.escaping import for_text
from groundplan.views.live.words import moment
from groundplan.views.tables import Column, table

_COLUMNS = (
    Column("root"),
    Column("written (UTC)"),
    Column("serial", number=True),
    Column("resources", number=True),
    Column("Terraform"),
    Column("version"),
)


def history(found: Sequence[Version], *, color: bool) -> str:
    """A row for each version, the newest first."""
    if not found:
        return "No version of a state is kept in a bucket.\n"
    return table(_COLUMNS, [_row(one) for one in found], color=color)


def _row(one: Version) -> tuple[str, ...]:
    version, state = one.version, one.state
    told = ("", "", "removed" if version.deleted else "no state")
    if state is not None:
        told = (str(state.serial), str(state.resources), state.terraform)
    return one.root, moment(version.written), *told, f"{version.id}{' (now)' if version.latest else ''}"


def history_json(found: Sequence[Version]) -> dict[str, Any]:
    """The versions by root."""
    by_root: dict[str, list[dict[str, Any]]] = {}
    for one in found:
        state = one.state
        by_root.setdefault(one.root, []).append(
            {
                "version": one.version.id,
                "written": one.version.written.isoformat(),
                "size_bytes": one.version.size_bytes,
                "latest": one.version.latest,
                "removed": one.version.deleted,
                "serial": state.serial if state else None,
                "lineage": state.lineage if state else None,
                "resources": state.resources if state else None,
                "terraform": state.terraform if state else None,
            }
        )
    return {"roots": by_root}


def restoration(one: Restoration, name: str) -> str:
    """What going back does, and what lets it happen."""
    had = f"serial {one.now.serial}, {one.now.resources} resources" if one.now else "nothing"
    gets = f"serial {one.old.serial}, {one.old.resources} resources"
    lines = [f"{one.root}: from {had}, back to what {gets} said, as serial {one.serial}."]
    if one.done:
        lines.append("It is written. What stands in the cloud is as it was: plan now, and read the plan.")
    else:
        lines.append("Nothing is written: what stands in the cloud and is not in the older state would be forgotten.")
        lines.append(f"To go back: add --confirm {name}")
    return "".join(f"{for_text(line)}\n" for line in lines)


def restoration_json(one: Restoration) -> dict[str, Any]:
    """The same."""
    return {
        "root": one.root,
        "version": one.version,
        "serial_before": one.now.serial if one.now else None,
        "serial_of_version": one.old.serial,
        "serial": one.serial,
        "lineage": one.old.lineage,
        "resources_before": one.now.resources if one.now else 0,
        "resources": one.old.resources,
        "restored": one.done,
    }
