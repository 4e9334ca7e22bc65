"""A cloud's own preflight, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module

from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.preflight.model import Preflight


def preflight_of(cloud: Cloud) -> Preflight:
    """The preflight that `cloud.preflight` names; raises DiagnosticsError for a cloud without one."""
    if not cloud.preflight:
        message = f"groundplan has no questions to ask of {cloud.title}"
        raise DiagnosticsError([Diagnostic("GP804", message, path="cloud.provider")])
    module, attribute = cloud.preflight.split(":")
    found: Preflight = getattr(import_module(module), attribute)
    return found
