"""What the keys of `state` mean together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document


def _without_bucket(document: Document) -> Iterator[Diagnostic]:
    state = document.lookup.mapping("state")
    if state.get("backend") == "local":
        hint = "remove it, or write `backend: remote`"
        for key in (*_said(state, "bucket", "prefix"), *_moved(state), *_blocks(state)):
            yield _no_effect(document, key, "with a local backend", hint)


def _whose_bucket(document: Document) -> Iterator[Diagnostic]:
    """A bucket that is there already has no `00-state`; one that groundplan makes has its region and its key."""
    state = document.lookup.mapping("state")
    if state.get("backend") == "local":
        return
    if state.get("bucket") is not None:
        for key in _moved(state):
            yield _no_effect(document, key, "with `state.bucket`: no `00-state` is rendered", "remove it")
        return
    hint = "remove it, or name the existing bucket in `state.bucket`"
    for key in _blocks(state):
        yield _no_effect(document, key, "on a bucket that groundplan makes", hint)


def _said(state: dict[str, Any], *keys: str) -> list[str]:
    return [key for key in keys if state.get(key) is not None]


def _moved(state: dict[str, Any]) -> list[str]:
    return [key for key in _said(state, "own_state") if state[key] == "remote"]


def _blocks(state: dict[str, Any]) -> list[str]:
    """The blocks of one cloud."""
    return [key for key, value in state.items() if isinstance(value, dict)]


def _no_effect(document: Document, key: str, where: str, hint: str) -> Diagnostic:
    message = f"`state.{key}` has no effect {where}"
    return document.diagnostic("GP208", message, ("state", key), hint=hint, on_key=True)


RULES = (_without_bucket, _whose_bucket)
