"""Changes to a spec that may cost less: `components/<name>/proposals.py` makes them, `cost.hints` prices them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.spec.model import Spec

NON_PRODUCTION = re.compile(r"(^|[-_])(dev|development|test|testing|sandbox|staging|stage|demo|try|qa)($|[-_])")
"""Parts of the names and labels of environments that are not for production."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the spec: the keys that are set (None removes a key), and what a reader is told."""

    path: str
    message: str
    change: str
    values: Mapping[str, Any]


def is_non_production(spec: Spec) -> bool:
    """Whether its name or a label says that the environment is for development or tests."""
    return any(NON_PRODUCTION.search(word) for word in (spec.name, *spec.labels.values()))
