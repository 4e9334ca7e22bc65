"""What an AWS account must have for an environment, and how to ask it; boto3 is imported when an account is asked."""

from __future__ import annotations

from groundplan.clouds.aws.preflight.account import connect
from groundplan.clouds.aws.preflight.requirements import requirements
from groundplan.preflight.model import Preflight

PREFLIGHT = Preflight(requirements, connect)
