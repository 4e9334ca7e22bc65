"""Who signs tokens of jobs, and a Security Token Service with credentials for those that the rendered roles take."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

from tests.services.loopback import serving

Claims = Mapping[str, str]
KEY = b"the key of every issuer here"


class RefusedError(Exception):
    """A token that is not taken."""


def token(claims: Claims) -> str:
    """The claims, signed."""
    parts = [_encoded(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, dict(claims))]
    return ".".join((*parts, _signature(".".join(parts))))


def claims_of(text: str) -> Claims:
    """What a token says. Raises RefusedError for one that is not signed so."""
    head, _, signature = text.rpartition(".")
    if not hmac.compare_digest(_signature(head), signature):
        raise RefusedError("InvalidIdentityToken")
    payload = head.partition(".")[2]
    found: Claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def _signature(text: str) -> str:
    return _encoded(hmac.new(KEY, text.encode(), hashlib.sha256).digest())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass(frozen=True)
class Session:
    """Credentials that were given, and to whom."""

    role: str
    claims: Claims
    secret: str


@dataclass
class Sts:
    """What was asked, and what was given, by access key."""

    takes: Callable[[str, Claims], bool]
    """Whether a role, by its name, takes a token."""
    url: str = ""
    sessions: dict[str, Session] = field(default_factory=dict)
    refused: list[tuple[str, Claims]] = field(default_factory=list)

    def credentials(self, role: str, text: str) -> tuple[str, Session]:
        """Access key and session. Raises RefusedError."""
        claims, name = claims_of(text), role.rpartition("/")[2]
        if not self.takes(name, claims):
            self.refused.append((name, claims))
            raise RefusedError("AccessDenied")
        key, session = f"ASIA{uuid.uuid4().hex[:16].upper()}", Session(name, claims, f"secret{uuid.uuid4().hex}")
        self.sessions[key] = session
        return key, session

    @property
    def secrets(self) -> set[str]:
        """What must stand in no log and no comment."""
        return {one.secret for one in self.sessions.values()}


@contextlib.contextmanager
def sts(takes: Callable[[str, Claims], bool]) -> Iterator[Sts]:
    """A server that answers until the block ends."""
    state = Sts(takes)
    with serving(type("Handler", (_Handler,), {"sts": state})) as state.url:
        yield state


class _Handler(BaseHTTPRequestHandler):
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html"""

    sts: Sts

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        said = {name: values[0] for name, values in parse_qs(body).items()}
        try:
            self._answer(200, self._result(said))
        except RefusedError as error:
            self._answer(
                403, f"<ErrorResponse><Error><Code>{error}</Code><Message>no</Message></Error></ErrorResponse>"
            )

    def _result(self, said: Mapping[str, str]) -> str:
        match said["Action"]:
            case "AssumeRoleWithWebIdentity":
                return _assumed(said["RoleArn"], *self.sts.credentials(said["RoleArn"], said["WebIdentityToken"]))
            case "GetCallerIdentity":
                return _caller(self._session().role)
            case other:
                raise AssertionError(f"nothing here asks for {other}")

    def _session(self) -> Session:
        key = re.search(r"Credential=(\w+)/", self.headers.get("Authorization", ""))
        if key is None or key[1] not in self.sts.sessions:
            raise RefusedError("InvalidClientTokenId")
        return self.sts.sessions[key[1]]

    def _answer(self, status: int, text: str) -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _assumed(role: str, key: str, session: Session) -> str:
    inner = (
        f"<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{session.secret}</SecretAccessKey>"
        f"<SessionToken>token{key}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        f"<AssumedRoleUser><Arn>{role}</Arn><AssumedRoleId>AROA:job</AssumedRoleId></AssumedRoleUser>"
    )
    return _result("AssumeRoleWithWebIdentity", inner)


def _caller(role: str) -> str:
    arn = f"arn:aws:sts::123456789012:assumed-role/{role}/job"
    inner = f"<Arn>{arn}</Arn><UserId>AROA:job</UserId><Account>123456789012</Account>"
    return _result("GetCallerIdentity", inner)


def _result(action: str, inner: str) -> str:
    return (
        f'<{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result>{inner}</{action}Result>'
        f"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{action}Response>"
    )
