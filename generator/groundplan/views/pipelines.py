"""What became of the pipelines of a repository."""

from __future__ import annotations

from typing import Any

from groundplan.app.pipelines import Pipelines
from groundplan.escaping import for_text


def text(found: Pipelines, *, written: bool) -> str:
    """A line for each file that changes, and how many stay."""
    changes = found.changes
    words = (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed))
    lines = [f"{word:8} {for_text(name)}" for word, names in words for name in names]
    names = ", ".join(for_text(one.name) for one in found.environments) or "none that is rendered has a block `ci`"
    did = "written" if written else "to write"
    fresh = len(changes.added) + len(changes.changed)
    return "\n".join([*lines, f"{fresh} files {did}, {changes.unchanged} as they were; environments: {names}"])


def as_json(found: Pipelines, *, written: bool) -> dict[str, Any]:
    """The environments and the files."""
    changes = found.changes
    environments = [
        {"name": one.name, "folder": one.folder, "systems": list(one.pipeline.systems)} for one in found.environments
    ]
    return {
        "environments": environments,
        "written": written,
        "added": list(changes.added),
        "changed": list(changes.changed),
        "removed": list(changes.removed),
        "unchanged": changes.unchanged,
    }
