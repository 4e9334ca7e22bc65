"""Real runs on Google Cloud: Resource Manager, Cloud Storage and GKE, over REST."""

from __future__ import annotations

from groundplan.clouds.gcp.live.cloud import connect
from groundplan.live.cloud import Live

LIVE = Live(connect)
