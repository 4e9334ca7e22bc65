"""A spec as it would be in another place: its `cloud` block replaced, everything else as it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.spec.document import Document


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a caller wants in place of the spec's `cloud`; None keeps what the spec says."""

    provider: str | None = None
    region: str | None = None
    account: str | None = None

    def __bool__(self) -> bool:
        return any((self.provider, self.region, self.account))


HERE = Elsewhere()
"""The spec's own place."""


def move(document: Document, place: Elsewhere) -> Document:
    """The same spec in another place; what is wrong with that place is reported at the spec's `cloud`."""
    said = document.values.get("cloud")
    if said is not None and not isinstance(said, dict):
        return document  # which `parse` will refuse
    wanted = {"provider": place.provider, "region": place.region, "account": place.account}
    cloud = {**(said or {}), **{key: value for key, value in wanted.items() if value is not None}}
    missing = [key for key in wanted if key not in cloud]
    if missing and said is None:
        hint = f"give {', '.join(f'--{key}' for key in missing if key != 'provider') or '--cloud'} as well"
        raise DiagnosticsError([Diagnostic("GP202", "the spec has no `cloud`", hint=hint, path="cloud")])
    changed = {("cloud", key) for key, value in wanted.items() if value is not None}
    places = {path: entry for path, entry in document.places.items() if path not in changed}
    return replace(document, values={**document.values, "cloud": cloud}, places=places)
