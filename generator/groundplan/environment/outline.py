"""What a lock says of where an environment is and which files are groundplan's, read without the rest of it.

A run of Terraform begins with no more than that. The rest is checked by types that take longer to be imported than all
of this, and is read while Terraform works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan.environment.files import LOCK_FILE, SPEC_FILE, digest, is_sealed
from groundplan.reading import MIB, MalformedJSONError, UnreadableError, parse_json, read_regular

FORMAT = "1"
LOCK_BYTES = 4 * MIB
"""Thirty times what the largest environment has."""
MOST_VALUES = 100_000


@dataclass(frozen=True, slots=True)
class Outline:
    """Of the lock of one environment; `files` and `sources` are digests by path, relative to the environment."""

    provider: str
    region: str
    account: str
    """Empty in locks of a release that did not say it."""
    environment: str
    """Its name; empty as the account is."""
    files: Mapping[str, str]
    sealed: tuple[str, ...]
    """Files that carry their own digest, because their text follows prices."""
    sources: Mapping[str, str]
    """Of the files the spec was read from."""
    copied: bool
    """Whether the render wrote a copy of the spec into the environment."""

    @property
    def owned(self) -> frozenset[str]:
        """The files that are groundplan's, without the lock itself and a copy of the spec."""
        return frozenset((*self.files, *self.sealed))

    @property
    def copied_spec(self) -> str:
        """Digest of the copy of the spec that the render wrote; empty when the spec was the folder's own."""
        return self.sources.get(SPEC_FILE, "") if self.copied else ""

    def edited(self, name: str, text: str) -> bool:
        """Whether `text` is not what the render wrote as `name`, one of `owned` or the copy of the spec."""
        if name in self.sealed:
            return not is_sealed(text)
        return digest(text) != (self.copied_spec if name == SPEC_FILE else self.files[name])


def lock_text(folder: Path) -> bytes:
    """The text of the folder's lock. Raises UnreadableError."""
    data = read_regular(folder / LOCK_FILE, limit_bytes=LOCK_BYTES, within=folder)
    if data.count(b",") > MOST_VALUES:
        raise UnreadableError(f"more than {MOST_VALUES:,} values")
    return data


def outline_of(data: bytes) -> Outline | None:
    """That of the text of a lock; None for another format and for what is damaged, which the whole lock explains."""
    try:
        found = parse_json(data.decode("utf-8"))
        return _outline(found) if found["format_version"] == FORMAT else None
    except (MalformedJSONError, UnicodeDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _outline(found: Any) -> Outline | None:
    cloud, spec, sealed = found["cloud"], found["spec"], found.get("sealed", [])
    outline = Outline(
        provider=cloud["provider"],
        region=cloud["region"],
        account=cloud.get("account", ""),
        environment=cloud.get("environment", ""),
        files={**found["files"]},
        sealed=tuple(sealed),
        sources={one["file"]: one["sha256"] for one in spec.get("sources", ())},
        copied=spec.get("copied", False),
    )
    is_well = isinstance(sealed, list) and isinstance(outline.copied, bool) and all(map(_is_text, _texts(outline)))
    return outline if is_well else None


def _texts(outline: Outline) -> Iterator[object]:
    yield from (outline.provider, outline.region, outline.account, outline.environment, *outline.sealed)
    for digests in (outline.files, outline.sources):
        yield from (*digests.keys(), *digests.values())


def _is_text(value: object) -> bool:
    return isinstance(value, str) and "\0" not in value
