"""What several components share on Google Cloud."""

from __future__ import annotations

LOG_BUCKET_CAUTION = "The names of log buckets are free again seven days after a destroy"
