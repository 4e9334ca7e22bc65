"""Asking Google's REST APIs, and what keeps them from answering, as one line with its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import stopped
from groundplan.preflight.model import first_line

SECONDS = 20
NOT_FOUND, FORBIDDEN, UNAUTHORIZED, PRECONDITION = 404, 403, 401, 412
_LOG_IN = "log in with `gcloud auth application-default login`, or give the runner a service account"


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the APIs are."""

    projects: str = "https://cloudresourcemanager.googleapis.com"
    storage: str = "https://storage.googleapis.com"
    container: str = "https://container.googleapis.com"
    compute: str = "https://compute.googleapis.com"


class RefusedError(Exception):
    """An answer that is none: its status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Rest:
    """A session of google-auth; answers are bytes or JSON."""

    session: Any

    def call(self, method: str, url: str, what: str, query: Mapping[str, str], data: bytes | None = None) -> bytes:
        """The body of the answer. Raises RefusedError for what is not there or not as expected, else GP812 to 816."""
        from google.auth.exceptions import GoogleAuthError

        headers = {"Content-Type": "application/json"} if data is not None else {}
        try:
            answer = self.session.request(method, url, data=data, params=dict(query), headers=headers, timeout=SECONDS)
        except (GoogleAuthError, OSError) as error:
            raise unanswered(error, what) from None
        if answer.ok:
            content: bytes = answer.content
            return content
        status, message = answer.status_code, _message(answer)
        if status in (NOT_FOUND, PRECONDITION):
            raise RefusedError(status, message)
        raise _explained(status, message, what)

    def token(self) -> str:
        """An access token that has not expired. Raises GP812 to 816."""
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import Request

        credentials = self.session.credentials
        try:
            if not credentials.valid:
                credentials.refresh(Request())
        except (GoogleAuthError, OSError) as error:
            raise unanswered(error, "a token") from None
        return str(credentials.token)

    def json(self, url: str, what: str, **query: str) -> Any:
        """The JSON that a URL answers."""
        import json

        try:
            return json.loads(self.call("GET", url, what, query))
        except ValueError as error:
            raise unanswered(error, what) from None


def _message(answer: Any) -> str:
    try:
        said = answer.json()["error"]["message"]
    except (ValueError, KeyError, TypeError):
        said = answer.reason
    return str(said)


def _explained(status: int, message: str, what: str) -> DiagnosticsError:
    said = first_line(Exception(message))
    if status == UNAUTHORIZED:
        return stopped("GP814", f"Google Cloud takes these credentials no more: {said}", _LOG_IN)
    if status == FORBIDDEN:
        hint = "give whoever runs this the permissions that `preflight` lists"
        return stopped("GP815", f"Google Cloud refuses {what}: {said}", hint)
    hint = "check access to googleapis.com: proxy, DNS, firewall; then try again"
    return stopped("GP816", f"Google Cloud does not answer about {what}: {status} {said}", hint)


def unanswered(error: Exception, what: str) -> DiagnosticsError:
    """GP812, GP814 or GP816 for what happened before there was an answer."""
    from google.auth.exceptions import DefaultCredentialsError, RefreshError

    said = first_line(error)
    if isinstance(error, DefaultCredentialsError):
        return stopped("GP812", f"no Google Cloud credentials were found: {said}", _LOG_IN)
    if isinstance(error, RefreshError):
        return stopped("GP814", f"the Google Cloud credentials have expired: {said}", _LOG_IN)
    hint = "check access to googleapis.com: proxy, DNS, firewall; then try again"
    return stopped("GP816", f"Google Cloud does not answer about {what}: {said}", hint)
