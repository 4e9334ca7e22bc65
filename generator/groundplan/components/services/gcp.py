"""APIs on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.components.base import Arguments, Aspects
from groundplan.components.gcp import USAGE, access_logs
from groundplan.components.needs import Outsider
from groundplan.components.object_store.part import buckets_of
from groundplan.components.services.component import ServicesPart
from groundplan.components.state_store.part import state_of
from groundplan.stack.model import Need, Stack

EVERY_ROOT = ("cloudkms", "cloudresourcemanager", "iam", "logging", "serviceusage", "storage")
"""APIs that every root calls."""


class GcpServices(ServicesPart):
    """APIs are turned on by name."""

    def turn_on(self, apis: Sequence[str]) -> Arguments:
        """The APIs by their full names."""
        return {"apis": [f"{api}.googleapis.com" for api in apis]}

    def record(self, stack: Stack) -> Arguments:
        """Who reads and writes objects, unless usage logs say it. The root of the state stays the longest."""
        if access_logs(stack) == USAGE or not _has_bucket(stack):
            return {}
        return {"data_access_logs": {"storage.googleapis.com": ["DATA_READ", "DATA_WRITE"]}}

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What every root calls."""
        return EVERY_ROOT

    def gives(self, stack: Stack) -> Aspects:
        """What comes before the first apply."""
        return {
            "APIs": "turned on by name, left on by a destroy",
            "before the first apply": "four APIs by gcloud",
        }

    def needs(self, stack: Stack) -> Iterable[Need]:
        """Usage logs come from a group of Google's."""
        if access_logs(stack) == USAGE and _has_bucket(stack):
            yield Outsider("group:cloud-storage-analytics@google.com", "cloud.gcp.access_logs")

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Audit logs are a setting of the project, which the root that makes the state bucket keeps."""
        if self.record(stack) and not state_of(stack).managed:
            yield (
                "Data Access audit logs of Cloud Storage are one setting of the project: a destroy turns them off for "
                "every environment in it, until the next apply of one"
            )


def _has_bucket(stack: Stack) -> bool:
    return state_of(stack).managed or bool(buckets_of(stack))


PART = GcpServices()
