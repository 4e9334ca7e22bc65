"""Facts of Google Cloud that more than one place needs."""

import re

COLLECTORS = "gke-gmp-system"
"""Namespace of the collectors of Managed Service for Prometheus:
https://cloud.google.com/stackdriver/docs/managed-prometheus/setup-managed."""
HYPERDISK_ONLY = re.compile(r"(c4|c4a|c4d|n4|n4a|n4d|h4d|m4|x4|a3-ultragpu|a4|a4x|g4)-")
"""Machine types that boot from Hyperdisk alone, as in modules/gcp/node_pool:
https://docs.cloud.google.com/compute/docs/disks/hyperdisks."""
LOCAL_SSD_GIB = 375
"""Size of one Local SSD: https://cloud.google.com/compute/docs/disks/local-ssd."""

GPU_PARTS = {
    "a100": {"1g.5gb": 7, "2g.10gb": 3, "3g.20gb": 2, "7g.40gb": 1},
    "a100-80": {"1g.10gb": 7, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1},
    "h100": {"1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1},
    "h200": {"1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "7g.141gb": 1},
    "b200": {"1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "7g.180gb": 1},
    "rtx-pro-6000": {"1g.24gb": 4, "2g.48gb": 2, "4g.96gb": 1},
}
"""Into how many parts a MIG profile cuts a GPU, by model:
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/gpus-multi and
https://docs.nvidia.com/datacenter/tesla/mig-user-guide/supported-mig-profiles.html."""
