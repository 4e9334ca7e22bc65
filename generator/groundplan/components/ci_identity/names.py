"""How identities of the pipeline are called: pipelines name them, and modules make them so."""

from __future__ import annotations

from hashlib import sha256

from groundplan.components.ci.login import Identity
from groundplan.components.ci.part import pipeline_of
from groundplan.components.ci.spec import System
from groundplan.stack.model import Stack

ROLES: tuple[Identity, ...] = ("plan", "drift", "apply")
AWS_AUDIENCE = "sts.amazonaws.com"
"""What tokens are made for: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html."""
APPLY_HOURS = 2
"""So long a job may hold the role `apply`: what modules/aws/ci_identity has for `session_hours`."""

_LONGEST = 18
"""Of a name that stands as it is in the 30 characters of an account: see modules/gcp/ci_identity."""
_KEPT = 11


def environment_of(name: str) -> str:
    """The protected environment of the pipeline from which an apply comes."""
    return f"{name}-apply"


def aws_role(stack: Stack, role: Identity) -> str:
    """ARN of the role that a job assumes."""
    return f"arn:aws:iam::{stack.account}:role/{stack.name}-ci-{role}"


def aws_boundary(stack: Stack) -> str:
    """ARN of what bounds the roles that an apply makes."""
    return f"arn:aws:iam::{stack.account}:policy/{stack.name}-ci-boundary"


def gcp_account(stack: Stack, role: Identity) -> str:
    """E-mail address of the service account that a job takes."""
    return f"{_short(stack.name)}-ci-{role}@{stack.account}.iam.gserviceaccount.com"


def gcp_provider(stack: Stack, system: System) -> str:
    """Full name of the pool's provider for a system; the number of the project is in the pipeline's part."""
    pipeline = pipeline_of(stack)
    number = pipeline.project_number if pipeline else None
    return f"projects/{number}/locations/global/workloadIdentityPools/{_short(stack.name)}-ci/providers/{system}"


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_KEPT].removesuffix('-')}-{sha256(name.encode()).hexdigest()[:6]}"
