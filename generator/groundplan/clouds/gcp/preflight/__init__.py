"""What a Google Cloud project must have for an environment, and how to ask it; the client libraries load when asked."""

from __future__ import annotations

from groundplan.clouds.gcp.preflight.account import connect
from groundplan.clouds.gcp.preflight.requirements import requirements
from groundplan.preflight.model import Preflight

PREFLIGHT = Preflight(requirements, connect)
