"""The clouds there are. A new one is a folder here, a folder below `modules/`, and a line in this registry."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groundplan.clouds.base import Cloud

CLOUDS = {
    "aws": "groundplan.clouds.aws.cloud:AWS",
    "gcp": "groundplan.clouds.gcp.cloud:GCP",
}
"""Where each cloud is defined, by the name the spec uses."""


def find_cloud(name: str) -> Cloud | None:
    """The cloud of that name, or None; a cloud's code is imported only when it is asked for."""
    where = CLOUDS.get(name)
    if where is None:
        return None
    module, attribute = where.split(":")
    cloud: Cloud = getattr(import_module(module), attribute)
    return cloud
