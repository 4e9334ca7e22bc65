"""Stand-ins for the actions that rendered workflows use. Another action, or another input of one, fails the test."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan import __version__
from groundplan.render.pipelines.github import INSTALL
from tests.pipelines.google import Google, impersonation
from tests.pipelines.issuer import RefusedError, Sts

if TYPE_CHECKING:
    from tests.pipelines.github import Playing

INSTALLS = {INSTALL: "groundplan under test is on PATH"}
"""Lines that need a network, and what stands in their place."""

_UNNAMEABLE = '":<>|*?\r\n\\/'
"""actions/upload-artifact, README: what no artifact's name has."""


class StepError(Exception):
    """An action that fails."""


def checkout(job: Playing, said: Mapping[str, Any]) -> None:
    """A clone at the commit of the event, which keeps no token."""
    assert said == {"fetch-depth": 0, "persist-credentials": False}
    assert job.permissions.get("contents") == "read"
    job.hub.site.checkout(job.run.event.sha, job.workspace)


def setup_python(job: Playing, said: Mapping[str, Any]) -> None:
    """The one that runs the tests is on PATH; packages that other workflows may have cached come to no identity."""
    assert set(said) in ({"python-version"}, {"python-version", "cache", "cache-dependency-path"})
    if "cache" in said:
        assert said["cache"] == "pip" and "id-token" not in job.permissions
        assert __version__ in (job.workspace / said["cache-dependency-path"]).read_text("utf-8")


def upload(job: Playing, said: Mapping[str, Any]) -> None:
    """Files of the workspace under a name that the run has once."""
    assert set(said) <= {"name", "path", "retention-days", "if-no-files-found"}
    name = said["name"]
    assert name and not set(name) & set(_UNNAMEABLE), name
    if name in job.run.artifacts:
        raise StepError(f"the run has an artifact {name} already")
    files = [job.workspace / line.strip() for line in said["path"].splitlines() if line.strip()]
    found = {file.relative_to(job.workspace).as_posix(): file.read_bytes() for file in files if file.is_file()}
    if found:
        job.run.artifacts[name] = found
    elif said.get("if-no-files-found") == "error":
        raise StepError("no files were found")


def download(job: Playing, said: Mapping[str, Any]) -> None:
    """Files of all artifacts whose name begins so."""
    assert set(said) == {"pattern", "merge-multiple"} and said["merge-multiple"] is True
    head, star, tail = said["pattern"].partition("*")
    assert star and not tail
    for name, files in job.run.artifacts.items():
        if name.startswith(head):
            for path, data in files.items():
                (job.workspace / path).write_bytes(data)


def upload_sarif(job: Playing, said: Mapping[str, Any]) -> None:
    """Findings, for which the job has the permission."""
    assert set(said) == {"sarif_file", "category"}
    assert job.permissions.get("security-events") == "write"
    assert job.permissions.get("actions") == "read", "asked for in private repositories"
    if not job.hub.code_scanning:
        raise StepError("Code scanning is not enabled for this repository.")
    found = json.loads((job.workspace / said["sarif_file"]).read_text("utf-8"))
    job.run.findings[said["category"]] = found


def log_in_to_aws(job: Playing, said: Mapping[str, Any]) -> None:
    """A token of the job for credentials of the role: aws-actions/configure-aws-credentials, action.yml."""
    assert set(said) <= {"role-to-assume", "aws-region", "role-duration-seconds"}
    service = job.hub.site.sts
    assert isinstance(service, Sts)
    token = job.id_token("sts.amazonaws.com")
    try:
        key, session = service.credentials(said["role-to-assume"], token)
    except RefusedError as error:
        raise StepError(f"Could not assume role with OIDC: {error}") from None
    job.hub.durations[session.role] = int(said.get("role-duration-seconds", 3600))
    job.variables |= {
        "AWS_REGION": said["aws-region"],
        "AWS_DEFAULT_REGION": said["aws-region"],
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": session.secret,
        "AWS_SESSION_TOKEN": f"token{key}",
    }


def log_in_to_google(job: Playing, said: Mapping[str, Any]) -> None:
    """A file in the workspace with the way from a token of the job to one of the account, which libraries go.

    google-github-actions/auth, action.yml and src/client/workload_identity_federation.ts
    """
    assert set(said) == {"workload_identity_provider", "service_account"}
    service, account = job.hub.site.sts, said["service_account"]
    assert isinstance(service, Google)
    audience = f"//iam.googleapis.com/{said['workload_identity_provider']}"
    try:
        service.exchanged(audience, job.id_token(f"https:{audience}"))
    except RefusedError as error:
        raise StepError(f"google-github-actions/auth failed with: {error}") from None
    asks = f"asks-{uuid.uuid4().hex}"
    service.jobs[asks] = job.id_token
    source = {
        "url": f"{service.url}/token?audience=https:{audience}",
        "headers": {"Authorization": f"Bearer {asks}"},
        "format": {"type": "json", "subject_token_field_name": "value"},
    }
    file = job.workspace / f"gha-creds-{uuid.uuid4().hex[:16]}.json"
    about = {
        "type": "external_account",
        "audience": audience,
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": f"{service.url}/v1/token",
        "service_account_impersonation_url": f"{service.url}{impersonation(account)}",
        "credential_source": source,
    }
    file.write_text(json.dumps(about), encoding="utf-8")
    project = account.partition("@")[2].partition(".")[0]
    named = ("CLOUDSDK_CORE_PROJECT", "CLOUDSDK_PROJECT", "GCLOUD_PROJECT", "GCP_PROJECT", "GOOGLE_CLOUD_PROJECT")
    files = ("CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_GHA_CREDS_PATH")
    job.variables |= {**dict.fromkeys(named, project), **dict.fromkeys(files, str(file))}


Stand = Callable[["Playing", Mapping[str, Any]], None]
STANDS: Mapping[str, Stand] = {
    "actions/checkout": checkout,
    "actions/setup-python": setup_python,
    "actions/upload-artifact": upload,
    "actions/download-artifact": download,
    "github/codeql-action/upload-sarif": upload_sarif,
    "aws-actions/configure-aws-credentials": log_in_to_aws,
    "google-github-actions/auth": log_in_to_google,
}


def emptied(folder: Path) -> Path:
    """A new folder in the place of an old one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
