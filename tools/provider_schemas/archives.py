"""Writes the archives that `groundplan.terraform.archive` reads."""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from groundplan.terraform.archive import KINDS, SchemaArchive, member_name

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip file can carry: the same for every member, so that archives are reproducible."""
_LONG = 64 * 1024
"""Characters from which repetitions are further apart than the 32 KiB that deflate looks back (RFC 1951)."""


def write_archive(
    path: Path, about: Mapping[str, Any], document: Mapping[str, Any], base: SchemaArchive | None = None
) -> None:
    """Writes one provider; `document` is its part of `terraform providers schema -json`.

    Types that are the same in the archive `base`, beside which this one has to lie, are named and left out.
    """
    members: dict[str, Any] = {"about.json": about, "provider.json": document.get("provider") or {"block": {}}}
    shared = base.load().types if base else {kind: {} for kind in KINDS}
    same: dict[str, list[str]] = {}
    for kind, key in KINDS.items():
        groups: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for name, schema in sorted(document.get(key, {}).items()):
            if shared[kind].get(name) == schema:
                same.setdefault(kind, []).append(name)
            else:
                groups[member_name(kind, name)][name] = schema
        members |= groups
    if base:
        members["same.json"] = {"base": base.path.name, "types": same}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            text = json.dumps(members[name], separators=(",", ":"), sort_keys=True)
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_LZMA if len(text) > _LONG else zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, text)
