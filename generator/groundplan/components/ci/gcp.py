"""The pipeline of an environment on GCP."""

from __future__ import annotations

import json
from collections.abc import Iterable

from groundplan.components.ci.component import CiPart
from groundplan.components.ci.login import TOKEN_FILE, Action, Login
from groundplan.components.ci.part import Pipeline
from groundplan.components.ci.spec import Ci
from groundplan.components.ci_identity.names import ROLES, gcp_account, gcp_provider
from groundplan.diagnostics import Diagnostic
from groundplan.stack.model import Stack

ACTION = Action("google-github-actions/auth", "7c6bc770dae815cd3e89ee6cdf493a5fab2cc093", "v3.0.0")


PROJECT = "GOOGLE_CLOUD_PROJECT"
"""GitHub's action sets it. Without it google-auth asks Resource Manager for the pool's: google/auth/_default.py."""


class GcpCi(CiPart):
    """The pipeline of an environment on GCP."""

    def problems(self, said: Ci) -> Iterable[Diagnostic]:
        """Identity pools are named by the number of the project, which its id does not tell."""
        if said.gcp is None:
            message = "`gcp` is missing in `ci`: an identity pool is named by the project's number"
            hint = "add `gcp: {project_number: …}`: `gcloud projects describe PROJECT --format 'value(projectNumber)'`"
            yield Diagnostic("GP202", message, hint=hint, path="ci")

    def login(self, stack: Stack, pipeline: Pipeline) -> Login:
        """Service accounts behind a pool: https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines."""
        providers: dict[str, str] = {system: gcp_provider(stack, system) for system in pipeline.systems}
        accounts = {one: gcp_account(stack, one) for one in ROLES}
        return Login(
            action=ACTION,
            arguments={"workload_identity_provider": "provider", "service_account": "identity"},
            region=stack.region,
            identities=accounts,
            providers=providers,
            audiences={system: f"https://iam.googleapis.com/{name}" for system, name in providers.items()},
            variables={one: {PROJECT: stack.account} for one in accounts},
            configuration={system: _configuration(name) for system, name in providers.items()},
            configuration_variable="GOOGLE_APPLICATION_CREDENTIALS",
        )


def _configuration(provider: str) -> str:
    """https://google.aip.dev/auth/4117: nothing in it is secret."""
    accounts = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts"
    found = {
        "type": "external_account",
        "audience": f"//iam.googleapis.com/{provider}",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": "https://sts.googleapis.com/v1/token",
        "service_account_impersonation_url": f"{accounts}/{{identity}}:generateAccessToken",
        "credential_source": {"file": TOKEN_FILE},
    }
    return json.dumps(found, indent=2) + "\n"


PART = GcpCi()
