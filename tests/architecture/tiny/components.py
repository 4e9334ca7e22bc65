"""What the cloud `tiny` needs no module for."""

from __future__ import annotations

from groundplan.components.base import CloudPart
from groundplan.components.services.component import ServicesPart

WORDS = "tiny does it itself"


class BuiltIn(CloudPart):
    """A component that the cloud has."""

    built_in = WORDS


class Services(ServicesPart):
    """The APIs."""

    built_in = WORDS


PARTS = {
    "services": Services(),
    **dict.fromkeys(
        (
            "state_store",
            "cluster_addons",
            "autoscaler",
            "gpu_plugin",
            "load_balancer",
            "storage_class",
            "pod_monitoring",
        ),
        BuiltIn(),
    ),
}
