"""The pipeline of an environment on AWS."""

from __future__ import annotations

from groundplan.components.ci.component import CiPart

PART = CiPart()
