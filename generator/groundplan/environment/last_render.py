"""What the last render left in a folder's lock, read with doubt: a damaged lock counts as none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.stack.kept import NOTHING, Kept

LOCK_FILE = "groundplan.lock.json"
SPEC_FILE = "groundplan.yaml"


@dataclass(frozen=True, slots=True)
class LastRender:
    """Digests of the files it wrote, the spec it was made from, and what it decided."""

    files: Mapping[str, str]
    spec_file: str
    copied_spec: str
    """Digest of the copy of the spec that it wrote; empty when the spec was the folder's own."""
    kept: Kept


NO_RENDER = LastRender({}, SPEC_FILE, "", NOTHING)


def last_render(folder: Path) -> LastRender:
    """What the lock in `folder` says; `NO_RENDER` without a lock that can be read."""
    path = folder / LOCK_FILE
    try:
        if not path.is_file():  # opening a pipe would wait for a writer
            return NO_RENDER
        lock = json.loads(path.read_bytes())
        spec = lock["spec"]
        copied = {source["file"]: source["sha256"] for source in spec["sources"]} if spec["copied"] else {}
        return LastRender(
            files={str(name): str(digest) for name, digest in lock["files"].items()},
            spec_file=str(spec["file"]),
            copied_spec=copied.get(SPEC_FILE, ""),
            kept=Kept(
                region=f"{lock['cloud']['provider']} {lock['cloud']['region']}",
                values={decision["path"]: str(decision["value"]) for decision in lock["decisions"]},
            ),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return NO_RENDER
