"""Real runs on AWS: STS, S3 and EKS; botocore is imported when the account is asked."""

from __future__ import annotations

from groundplan.clouds.aws.live.cloud import connect
from groundplan.live.cloud import Live

LIVE = Live(connect)
