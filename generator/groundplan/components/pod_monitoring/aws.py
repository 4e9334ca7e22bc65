"""Metrics of pods on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsPodMonitoring(CloudPart):
    """Metrics of pods on AWS."""

    built_in = "the managed collector finds pods by their labels itself"

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {"your pods": "found by the collector: a Service, or a pod of a Job, labelled groundplan/metrics=true"}


PART = AwsPodMonitoring()
