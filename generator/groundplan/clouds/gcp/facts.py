"""Facts of Google Cloud that more than one place needs."""

import re

COLLECTORS = "gke-gmp-system"
"""Namespace of the collectors of Managed Service for Prometheus:
https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed."""
HYPERDISK_ONLY = re.compile(r"(c4|c4a|c4d|n4|n4a|n4d|h4d|m4|x4|a3-ultragpu|a4|a4x|g4)-")
"""Machine types that boot from Hyperdisk alone, as in modules/gcp/node_pool:
https://docs.cloud.google.com/compute/docs/disks/hyperdisks."""
