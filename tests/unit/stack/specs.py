"""Specs for tests, made from as little text as it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.clouds import find_cloud
from groundplan.clouds.base import Cloud
from groundplan.components.resolve import resolve
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.spec.load import load
from groundplan.spec.model import Spec
from groundplan.spec.parse import parse
from groundplan.stack.model import Stack

BASE: dict[str, Any] = {
    "apiVersion": "groundplan/v1",
    "name": "test",
    "owner": "ml-platform",
    "cloud": {"provider": "aws", "region": "us-east-1", "account": "111122223333"},
}
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1", "us-west-2")


def aws() -> Cloud:
    cloud = find_cloud("aws")
    assert cloud is not None
    return cloud


def spec_of(**parts: Any) -> Spec:
    """The spec with these top-level keys over `BASE`."""
    text = yaml.safe_dump({**BASE, **parts}, sort_keys=False)
    return parse(load(Path("groundplan.yaml"), read=lambda _: text.encode()))


def gcp() -> Cloud:
    cloud = find_cloud("gcp")
    assert cloud is not None
    return cloud


def stack_of(**parts: Any) -> Stack:
    """The stack on the cloud that the spec names."""
    spec = spec_of(**parts)
    cloud = find_cloud(spec.cloud.provider)
    assert cloud is not None
    return resolve(spec, cloud)


ON_GCP = {"provider": "gcp", "region": "us-central1", "account": "fraud-dev"}
"""The part `cloud` of a spec for Google Cloud."""


def gcp_stack(**parts: Any) -> Stack:
    """The stack of the spec with these parts on Google Cloud."""
    return stack_of(**{"cloud": ON_GCP, **parts})


def cloud_in(region: str, account: str = "111122223333") -> dict[str, str]:
    return {"provider": "aws", "region": region, "account": account}


def training(**pool: Any) -> dict[str, Any]:
    """One training pool named `main`."""
    return {"pools": {"main": {"nodes": {"max": 4}, **pool}}}


def serving(**pool: Any) -> dict[str, Any]:
    """One serving pool named `main`."""
    return {"pools": {"main": {"nodes": {"min": 1, "max": 3}, **pool}}}


def problems(**parts: Any) -> list[Diagnostic]:
    """What keeps the spec from being resolved."""
    with pytest.raises(DiagnosticsError) as caught:
        stack_of(**parts)
    return [found for found in caught.value.diagnostics if found.severity.value == "error"]


def problem(**parts: Any) -> Diagnostic:
    """The one thing that keeps the spec from being resolved."""
    [found] = problems(**parts)
    return found
