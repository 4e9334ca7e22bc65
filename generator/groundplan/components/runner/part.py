"""The machines that jobs run on: part of what was decided about the pipeline."""

from __future__ import annotations

from groundplan.components.ci.part import Runners, pipeline_of
from groundplan.stack.model import Stack


def runners_of(stack: Stack) -> Runners | None:
    """The environment's own runners; None where it has none."""
    pipeline = pipeline_of(stack)
    return pipeline.runners if pipeline else None
