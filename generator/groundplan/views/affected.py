"""Which environments a change touches."""

from __future__ import annotations

import json
from typing import Any

from groundplan.app.affected import Affected
from groundplan.escaping import for_text

_SHOWN = 5


def text(found: Affected) -> str:
    """A line for each environment that is touched or gone."""
    lines = []
    for one in found.touched:
        more = f" and {len(one.files) - _SHOWN} more" if len(one.files) > _SHOWN else ""
        why = f": {', '.join(map(for_text, one.files[:_SHOWN]))}{more}" if one.files else ""
        lines.append(f"{for_text(one.name)} in {for_text(one.folder)}{why}")
    lines += [f"{for_text(folder)} holds no environment any more" for folder in found.removed]
    none = "no environment is touched" if found.untouched else "no environment is below this folder"
    return "\n".join(lines) or none


def as_json(found: Affected) -> dict[str, Any]:
    """All of them, and `matrix` as GitHub takes it."""
    return {
        "environments": [
            {"name": one.name, "folder": one.folder, "roots": list(one.roots), "files": list(one.files)}
            for one in found.touched
        ],
        "untouched": list(found.untouched),
        "removed": list(found.removed),
        "matrix": _matrix(found),
    }


def matrix(found: Affected) -> str:
    """What the matrix of a pipeline is made of."""
    return json.dumps(_matrix(found))


def results(found: Affected) -> list[str]:
    """Variables for later jobs."""
    touched = "true" if found.touched or found.removed else "false"
    return [f"GROUNDPLAN_TOUCHED={touched}", f"GROUNDPLAN_MATRIX={matrix(found)}"]


def _matrix(found: Affected) -> dict[str, Any]:
    return {"include": [{"environment": one.name, "folder": one.folder} for one in found.touched]}
