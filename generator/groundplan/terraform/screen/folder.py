"""The files of the folder under every name that they have: Terraform may work on links, or on a copy without them."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, field
from pathlib import Path

from groundplan.diagnostics import Diagnostic, Place
from groundplan.terraform.screen.findings import RUNS, TOO_MUCH, finding

_MOST_ENTRIES = 25_000
_MOST_DEPTH = 100


@dataclass(slots=True)
class Listing:
    """Names and real names are relative to the folder, with `/` between; that of the folder itself is empty."""

    top: str
    files: dict[str, str] = field(default_factory=dict)
    """Every file by the names that lead to it, links included, with the name of the file itself."""
    module_folders: list[str] = field(default_factory=list)
    """Every folder with Terraform files directly in it."""
    refused: list[Diagnostic] = field(default_factory=list)
    entries: int = 0
    _links: dict[str, str] = field(default_factory=dict)

    def resolve(self, path: str) -> str:
        """Where a link leads, as an absolute path; asked once for each link, by however many ways it is come to."""
        if path not in self._links:
            self._links[path] = os.path.realpath(path)
        return self._links[path]

    def real(self, name: str) -> str | None:
        """A name with its links resolved; nothing for one that leads out of the folder."""
        path = os.path.realpath(os.path.join(self.top, name))  # noqa: PTH118 for speed
        if path == self.top:
            return ""
        return path[len(self.top) + 1 :] if path.startswith(self.top + os.sep) else None


def list_files(folder: Path) -> Listing:
    """All files under the folder. A link to a folder that it stands in is left out, as a copy leaves it out."""
    listing = Listing(os.path.realpath(folder))
    _walk(listing, "", (listing.top,))
    listing.files = {name: listing.files[name] for name in sorted(listing.files)}
    names = (posixpath.dirname(name) for name in listing.files if name.endswith((".tf", ".tf.json")))
    listing.module_folders = sorted(set(names))
    return listing


def _walk(listing: Listing, name: str, above: tuple[str, ...]) -> None:
    """Lists a folder; `above` are the real paths of the folders on the way to it, its own the last."""
    with os.scandir(above[-1]) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        inner = f"{name}/{entry.name}" if name else entry.name
        listing.entries += 1
        if listing.entries > _MOST_ENTRIES or len(above) > _MOST_DEPTH:
            if not any(d.code == TOO_MUCH for d in listing.refused):
                listing.refused.append(finding(TOO_MUCH, "links multiply the files of the folder", Place(inner, 1)))
            return
        path = listing.resolve(entry.path) if entry.is_symlink() else entry.path
        if not path.startswith(listing.top + os.sep):
            continue
        if entry.is_dir():
            if path not in above:
                _walk(listing, inner, (*above, path))
        elif not entry.name.startswith("."):
            listing.files[inner] = path[len(listing.top) + 1 :]
            if "terraform.d" in inner.split("/")[:-1]:
                message = "Terraform runs the programs in `terraform.d` as providers"
                listing.refused.append(finding(RUNS, message, Place(listing.files[inner], 1)))
