"""What a plan of Terraform does to each resource, read from `terraform show -json`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from groundplan.hcl.sources import strip_indexes

Path = tuple[str | int, ...]


class Action(StrEnum):
    """What happens to a resource."""

    NOTHING = "nothing"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DESTROY = "destroy"
    FORGET = "forget"
    UNKNOWN = "unknown"
    """None that groundplan knows."""


_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("no-op",): Action.NOTHING,
    ("read",): Action.NOTHING,
    ("create",): Action.CREATE,
    ("update",): Action.UPDATE,
    ("delete",): Action.DESTROY,
    ("forget",): Action.FORGET,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    ("create", "forget"): Action.CREATE,
    ("forget", "create"): Action.CREATE,
}


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource instance of a plan, and what happens to it."""

    root: str
    address: str
    type: str
    name: str
    action: Action
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)
    """`True` where a value is known only after apply."""
    module: str = ""
    """Address of the module instance; empty in the root module."""
    key: str | int | None = None
    provider: str = ""
    forced_by: Sequence[Path] = ()
    new_first: bool = False
    """Whether what replaces it is made before it goes."""
    previous_address: str = ""
    imported: bool = False
    assumed: bool = False
    """Whether how it looks was not read from the cloud, but taken to be as configured."""
    forgotten: bool = False
    """Whether what there was stays in the cloud and is no longer managed, with or without something in its place."""
    replaced_by: str = ""
    """Address of what takes its place under another key; empty where the address stays."""
    why: str = ""
    """Terraform's own word for the reason."""

    @property
    def gone(self) -> bool:
        """Whether what there is now is destroyed, with or without something that takes its place."""
        return self.action in (Action.DESTROY, Action.REPLACE)

    @property
    def call(self) -> str:
        """Address of the module call of the root that it lies under, without keys; its own outside any."""
        return call_of(self.address)


def call_of(address: str) -> str:
    """The first two words of an address without keys: its module call, or its own type and name outside any."""
    return ".".join(strip_indexes(address).split(".")[:2])


def read_plan(root: str, plan: Mapping[str, Any]) -> Iterator[Planned]:
    """Every managed resource of the plan, in the plan's order; data sources are no resources."""
    for change in plan.get("resource_changes") or ():
        if change.get("mode") == "managed" and "deposed" not in change:
            yield _planned(root, change)


def _planned(root: str, change: Mapping[str, Any]) -> Planned:
    about = change["change"]
    actions = tuple(about["actions"])
    return Planned(
        root=root,
        address=change["address"],
        type=change["type"],
        name=change["name"],
        action=_ACTIONS.get(actions, Action.UNKNOWN),
        before=_attributes(about.get("before")),
        after=_attributes(about.get("after")),
        unknown=_attributes(about.get("after_unknown")),
        module=change.get("module_address", ""),
        key=change.get("index"),
        provider=change.get("provider_name", ""),
        forced_by=tuple(tuple(path) for path in about.get("replace_paths") or ()),
        new_first=actions[:1] == ("create",) and len(actions) > 1,
        previous_address=change.get("previous_address", ""),
        imported="importing" in about,
        assumed=bool(_attributes(about.get("importing")).get("assumed")),
        forgotten="forget" in actions,
        why=change.get("action_reason", ""),
    )


def _attributes(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def values_at(value: Any, path: Path) -> Iterator[Any]:
    """Every value under `path`, in which `*` stands for each element of a list or map; none where it leads nowhere."""
    if not path:
        yield value
        return
    first, rest = path[0], path[1:]
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if first in ("*", key):
            yield from values_at(inner, rest)


def value_at(value: Any, path: Path) -> Any:
    """The first value under `path`; None where there is none."""
    return next(values_at(value, path), None)


def written(path: Path) -> str:
    """A path as Terraform writes it: `node_config[0].machine_type`."""
    text = ""
    for part in path:
        if isinstance(part, int) or part == "*":
            text += f"[{part}]"
        elif part.replace("_", "").replace("-", "").isalnum():
            text += f".{part}" if text else part
        else:
            text += f'["{part}"]'
    return text
