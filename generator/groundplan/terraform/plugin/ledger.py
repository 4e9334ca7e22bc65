"""Which strings that passed through the plugin process must not be in a state."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from groundplan.terraform.archive import Schema
from groundplan.terraform.plugin.values import strings_in

_SHORTEST_SECRET = 8
"""Shorter strings (`true`, `5432`, `admin`) occur in every state; finding one proves nothing."""


class Ledger:
    """Kept by all providers of a process together.

    A value given to a write-only argument need not be secret (a host name beside a password); it counts as one unless
    some attribute that is not sensitive has the same value.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._issued: set[str] = set()
        self._received: set[str] = set()
        self._plain: set[str] = set()

    def issued(self, block: Schema, result: Mapping[str, Any]) -> None:
        """Notes what an ephemeral resource gave out: its sensitive attributes, or all computed if none is marked."""
        attributes = block.get("attributes", {})
        marked = [name for name, attribute in attributes.items() if attribute.get("sensitive")]
        names = marked or [name for name, attribute in attributes.items() if attribute.get("computed")]
        self._add(self._issued, (result.get(name) for name in names))

    def received(self, values: Iterable[Any]) -> None:
        """Notes what write-only arguments were given."""
        self._add(self._received, values)

    def plain(self, block: Schema, value: Mapping[str, Any]) -> None:
        """Notes what attributes that are not sensitive hold."""
        attributes = block.get("attributes", {})
        self._add(self._plain, (value.get(name) for name, a in attributes.items() if not a.get("sensitive")))

    def secrets(self) -> list[str]:
        """The strings to look for, sorted."""
        with self._lock:
            return sorted(self._issued | (self._received - self._plain))

    def _add(self, noted: set[str], values: Iterable[Any]) -> None:
        texts = {text for value in values for text in strings_in(value)}
        texts |= {inner for text in texts for inner in _strings_of_json(text)}
        with self._lock:
            noted |= {text for text in texts if len(text) >= _SHORTEST_SECRET}


def _strings_of_json(text: str) -> Iterable[str]:
    """The strings in a text that is a JSON object: secrets are often stored as one."""
    if not text.startswith("{"):
        return ()
    try:
        return list(strings_in(json.loads(text)))
    except ValueError:
        return ()
