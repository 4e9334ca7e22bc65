"""Paths in the spec: which lie below which, and the blocks whose keys are names that a change may rename."""

from __future__ import annotations

NAMED = ("training.pools", "serving.pools", "storage.buckets", "registry.repositories")
"""Blocks with names as keys, which `renamed_from` follows."""


def below(path: str, outer: str) -> bool:
    """Whether the path is `outer` or inside it."""
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def overlap(one: str, other: str) -> bool:
    """Whether one of the two is the other or inside it."""
    return below(one, other) or below(other, one)
