"""The keys that are there already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class ExistingKeys(Part):
    """Ids by purpose, as the spec has them."""

    component: ClassVar[str] = "keys"
    key: ClassVar[str] = ""
    ids: Mapping[str, str]


def existing_keys_of(stack: Stack) -> Mapping[str, str]:
    """Ids of keys that are there already, by purpose."""
    part = stack.part(ExistingKeys)
    return part.ids if part else {}
