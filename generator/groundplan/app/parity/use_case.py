"""Laying a spec side by side on the clouds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from groundplan.app.parity.compare import compare
from groundplan.app.parity.report import ParityReport
from groundplan.app.parity.sides import lay_out
from groundplan.app.target import own_cloud
from groundplan.clouds import CLOUDS
from groundplan.components.load import components
from groundplan.spec.load import load


def parity(spec: Path, clouds: Sequence[str], regions: Sequence[str]) -> ParityReport:
    """The spec on those clouds, on all of them without any, its own first.

    `regions` are used on the clouds that have them, instead of the spec's own or the nearest to that. Raises
    `DiagnosticsError` when the spec is wrong whatever the cloud, and `AmbiguousTargetError` for two regions of one.
    """
    document = load(spec)
    own = own_cloud(document)
    sides = lay_out(document, spec, clouds or sorted(CLOUDS, key=lambda name: name != own), regions)
    return compare(str(document.values.get("name", spec.stem)), document, sides, components())
