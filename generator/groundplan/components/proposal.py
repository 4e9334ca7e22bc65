"""Changes to a spec that may cost less: `components/<name>/proposals.py` makes them, `cost.hints` prices them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.spec.model import Spec

TRYING = re.compile(r"(^|[-_])(dev|development|test|testing|sandbox|staging|stage|demo|try|qa)($|[-_])")
"""What an environment is called that nobody depends on."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the spec: the places that are set (None removes the key), and the words for it."""

    path: str
    message: str
    change: str
    values: Mapping[str, Any]


def is_for_trying(spec: Spec) -> bool:
    """Whether its name or a label says that the environment is for development or tests."""
    return any(TRYING.search(word) for word in (spec.name, *spec.labels.values()))
