"""Specs laid side by side on both clouds, for the tests of the parity report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from groundplan.app.parity.compare import compare
from groundplan.app.parity.report import ParityReport
from groundplan.app.parity.sides import lay_out
from groundplan.clouds import CLOUDS
from groundplan.components.load import components
from groundplan.paths import BLUEPRINTS
from groundplan.spec.load import load

SPEC = Path("spec.yaml")
PLACE = {"provider": "aws", "region": "us-east-1", "account": "111122223333"}
BASE = {"apiVersion": "groundplan/v1", "name": "fraud-dev", "owner": "ml-platform", "cloud": PLACE}
CPU = {"vcpus": 4, "memory_gib": 16, "nodes": {"max": 2}}


def laid_out(values: dict[str, Any], *clouds: str) -> ParityReport:
    """The report of a spec with these values over those of `BASE`."""
    text = yaml.safe_dump({**BASE, **values}, sort_keys=False)
    document = load(SPEC, read=lambda _: text.encode())
    return compare("fraud-dev", document, lay_out(document, SPEC, clouds or tuple(CLOUDS), ()), components())


def of_blueprint(name: str) -> ParityReport:
    """The report of a blueprint as it stands."""
    path = BLUEPRINTS / name / "blueprint.yaml"
    document = load(path)
    return compare(name, document, lay_out(document, path, tuple(CLOUDS), ()), components())


def pools(**pool: Any) -> dict[str, Any]:
    """A spec with one training pool."""
    return {"training": {"pools": {"jobs": {**CPU, **pool}}}}
