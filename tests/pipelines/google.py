"""Google's Security Token Service and IAM Credentials: a token of a job for one of an account that lets it in.

https://docs.cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token
https://docs.cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
"""

from __future__ import annotations

import contextlib
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from groundplan.access.model import Given
from tests.pipelines.issuer import Claims, RefusedError, Session, claims_of
from tests.services.loopback import serving

_PROVIDER = re.compile(
    r"//iam\.googleapis\.com/projects/\d+/locations/global/workloadIdentityPools/([\w-]+)/providers/([\w-]+)"
)
_ACCOUNT = re.compile(r"/v1/projects/-/serviceAccounts/([^:/]+):generateAccessToken")
_EXCHANGE: Mapping[str, str] = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
}


def impersonation(account: str) -> str:
    """The path of what gives tokens of an account."""
    return f"/v1/projects/-/serviceAccounts/{account}:generateAccessToken"


@dataclass
class Google:
    """What was asked, and what was given, by access token."""

    takes: Callable[[str, Claims], bool]
    """Whether an account, by its address, takes a token."""
    resources: Callable[[], list[Given]]
    """What is in the cloud: its pools' providers."""
    url: str = ""
    federated: dict[str, Claims] = field(default_factory=dict)
    """Tokens of members of a pool, which let in nowhere by themselves."""
    sessions: dict[str, Session] = field(default_factory=dict)
    refused: list[tuple[str, Claims]] = field(default_factory=list)
    jobs: dict[str, Callable[[str], str]] = field(default_factory=dict)
    """Where jobs on GitHub get their tokens, by what lets them ask."""

    def knows(self, token: str) -> bool:
        """Whether it is one of an account."""
        return token in self.sessions

    def exchanged(self, audience: str, text: str) -> str:
        """A token of a member of the pool. Raises RefusedError."""
        claims = claims_of(text)
        if claims["aud"] != f"https:{audience}" or self._issuer(audience) != claims["iss"]:
            self.refused.append((audience, claims))
            raise RefusedError("invalid_grant")
        made = f"federated-{uuid.uuid4().hex}"
        self.federated[made] = claims
        return made

    def _issuer(self, audience: str) -> str:
        """Whose tokens the provider takes; empty where there is no such provider."""
        found = _PROVIDER.fullmatch(audience)
        names = found.groups() if found else ()
        for one in self.resources():
            values = one.values
            pair = tuple(values.get(f"workload_identity_pool{part}_id") for part in ("", "_provider"))
            if one.type == "google_iam_workload_identity_pool_provider" and pair == names:
                return str(values["oidc"][0]["issuer_uri"])
        return ""

    def impersonated(self, account: str, token: str) -> str:
        """A token of the account. Raises RefusedError."""
        claims = self.federated.get(token)
        if claims is None or not self.takes(account, claims):
            self.refused.append((account, claims or {}))
            raise RefusedError("PERMISSION_DENIED")
        made = f"ya29.{uuid.uuid4().hex}"
        self.sessions[made] = Session(account.partition("@")[0], claims, made)
        return made

    @property
    def secrets(self) -> set[str]:
        """What must stand in no log and no comment."""
        return {*self.sessions, *self.federated}


@contextlib.contextmanager
def google(takes: Callable[[str, Claims], bool], resources: Callable[[], list[Given]]) -> Iterator[Google]:
    """A server that answers until the block ends."""
    state = Google(takes, resources)
    with serving(type("Handler", (_Handler,), {"google": state})) as state.url:
        yield state


class _Handler(BaseHTTPRequestHandler):
    google: Google

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        """A token of a job on GitHub: https://docs.github.com/en/actions/reference/security/oidc"""
        [audience] = parse_qs(urlsplit(self.path).query)["audience"]
        self._answer(200, {"value": self.google.jobs[self._bearer()](audience)})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            if account := _ACCOUNT.fullmatch(self.path):
                token = self.google.impersonated(account[1], self._bearer())
                self._answer(200, {"accessToken": token, "expireTime": "2099-01-01T00:00:00Z"})
            else:
                assert self.path == "/v1/token", self.path
                self._answer(200, self._exchanged({name: text for name, [text] in parse_qs(body.decode()).items()}))
        except RefusedError as error:
            self._answer(403, {"error": {"code": 403, "status": str(error), "message": "no"}})

    def _exchanged(self, said: Mapping[str, str]) -> dict[str, Any]:
        assert {name: said[name] for name in _EXCHANGE} == _EXCHANGE
        token = self.google.exchanged(said["audience"], said["subject_token"])
        return {
            "access_token": token,
            "issued_token_type": _EXCHANGE["requested_token_type"],
            "token_type": "Bearer",
            "expires_in": 3600,
        }

    def _bearer(self) -> str:
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    def _answer(self, status: int, about: Any) -> None:
        data = json.dumps(about).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
