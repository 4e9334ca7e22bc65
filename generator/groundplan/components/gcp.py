"""What several components share on Google Cloud."""

from __future__ import annotations

from groundplan.stack.model import Stack

AUDIT, USAGE = "audit", "usage"
ACCESS_LOGS = {
    AUDIT: "Data Access audit logs, with names, within seconds",
    USAGE: "usage logs, hourly, without promise and without names of users",
}
"""What records who read and wrote buckets, for the parity report."""
LOG_BUCKET_CAUTION = "The names of log buckets are free again seven days after a destroy"


def access_logs(stack: Stack) -> str:
    """What records who read and wrote buckets.

    Audit logs unless the spec says otherwise: https://docs.cloud.google.com/storage/docs/access-logs recommends them,
    and the group that delivers the others is refused by organisations made since May 2024.
    """
    return str(stack.options.get("access_logs", AUDIT))
