"""Outputs, and what kubectl reads, as text and as JSON; sensitive values are in neither."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from groundplan.app.live.outputs import Access
from groundplan.escaping import for_text
from groundplan.live.state import Output
from groundplan.views.tables import Column, table

HIDDEN = "(sensitive)"
_COLUMNS = (Column("root"), Column("output"), Column("value"))


def text(found: Mapping[str, Mapping[str, Output]], *, color: bool) -> str:
    """A row for each output."""
    rows = [(root, name, _shown(one)) for root, outputs in found.items() for name, one in outputs.items()]
    return table(_COLUMNS, rows, color=color) if rows else "Nothing that has outputs is applied.\n"


def raw(found: Mapping[str, Mapping[str, Output]]) -> str:
    """The values alone, a line each, for scripts."""
    return "".join(f"{for_text(_shown(one))}\n" for outputs in found.values() for one in outputs.values())


def _shown(output: Output) -> str:
    if output.sensitive:
        return HIDDEN
    return output.value if isinstance(output.value, str) else json.dumps(output.value)


def as_json(found: Mapping[str, Mapping[str, Output]]) -> dict[str, Any]:
    """By root and name; `value` is null where it is sensitive."""
    return {
        "outputs": {
            root: {
                name: {"value": None if one.sensitive else one.value, "sensitive": one.sensitive}
                for name, one in outputs.items()
            }
            for root, outputs in found.items()
        }
    }


def kubeconfig(access: Access) -> str:
    """The file; JSON is YAML."""
    return json.dumps(access.config, indent=2) + "\n"


def kubeconfig_json(access: Access) -> dict[str, Any]:
    """The same within an object, and whether the cluster answers from here."""
    return {
        "cluster": {
            "name": access.cluster.name,
            "endpoint": access.cluster.endpoint,
            "private": access.cluster.private,
            "reachable": access.reached,
        },
        "kubeconfig": access.config,
    }
