"""What the keys of `network` mean together."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.document import Document

_OF_NEW_NETWORK = ("cidr", "zones", "nat", "flow_logs_retention_days", "aws", "gcp")


def _existing(document: Document) -> Iterator[Diagnostic]:
    network = document.lookup.mapping("network")
    if "existing" in network:
        for key in (key for key in _OF_NEW_NETWORK if key in network):
            message = f"`network.{key}` describes a new network, but `network.existing` names one"
            yield document.diagnostic("GP208", message, ("network", key), hint="keep one of them", on_key=True)


RULES = (_existing,)
