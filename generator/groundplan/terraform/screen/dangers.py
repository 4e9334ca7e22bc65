"""Blocks by which Terraform or OpenTofu would run a program or open a connection of their own accord."""

from __future__ import annotations

from collections.abc import Sequence

_REMOTE_STATE = "terraform_remote_state connects to a backend, which may run programs"
_KEYS = "encryption may run a program for its keys"
_ACTION = "an action is run by its provider, and a plan does not show what it does"


def danger(types: Sequence[str], labels: Sequence[str], *, override: bool) -> str | None:
    """What a block does, by the types of the blocks around it and its own, and its labels; nothing for a harmless one.

    `override` says that it stands in an override file. https://developer.hashicorp.com/terraform/language/block
    """
    kind, inside = types[-1], types[-2] if len(types) > 1 else ""
    if kind == "data":
        return _REMOTE_STATE if labels[:1] == ("terraform_remote_state",) else None
    if kind == "provisioner":
        return f"provisioner {labels[0]} runs or connects" if labels else "a provisioner runs or connects"
    if kind == "connection":
        return "a connection is opened" if inside in ("resource", "removed", "provisioner") else None
    if kind == "action":
        return None if inside else _ACTION
    return _danger_in_settings(kind, override=override) if inside == "terraform" else None


def danger_in_json(path: Sequence[str], *, override: bool) -> str | None:
    """The same for an object or list in JSON, by the keys that lead to it."""
    last = path[-1] if path else ""
    if last == "terraform_remote_state":
        return _REMOTE_STATE
    if last == "provisioner":
        return danger(("provisioner",), (), override=override)
    if last == "connection" and len(path) in (2, 4):
        return danger((path[0], last), (), override=override)
    if len(path) == 2 and path[0] == "terraform":
        return _danger_in_settings(last, override=override)
    return _ACTION if tuple(path) == ("action",) else None


def _danger_in_settings(kind: str, *, override: bool) -> str | None:
    """The same for a block in a `terraform` block."""
    if kind in ("cloud", "state_store"):
        return f"a {kind} block connects to where the state is"
    if kind == "backend" and override:
        return "a backend in an override file takes the place of the one that is checked"
    return _KEYS if kind == "encryption" else None
