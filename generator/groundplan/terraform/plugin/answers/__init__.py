"""Answers for what configurations read from a cloud and compute with, so that a pattern is not enough."""

from __future__ import annotations

from typing import Any

from groundplan.terraform.plugin.answers import aws, files, google, kubernetes, utility
from groundplan.terraform.plugin.answers.registry import ANSWERS
from groundplan.terraform.plugin.synthetic import Synthesizer

__all__ = ["answer", "aws", "files", "google", "kubernetes", "utility"]


def answer(kind: str, type_name: str, ask: Synthesizer) -> dict[str, Any]:
    """Attribute values for a thing of this type, `{}` when its type has no answer of its own."""
    found = ANSWERS.get((kind, type_name))
    return found(ask) if found else {}
