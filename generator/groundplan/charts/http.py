"""Asking repositories of charts: encrypted, in bounds, by way of the user's proxies, without anybody's credentials."""

from __future__ import annotations

import http.client
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from groundplan.reading import size

SECONDS = 60.0
"""How long a server may say nothing."""
SECONDS_IN_ALL = 600.0
"""How long an answer may take, with its redirects."""
_PIECE_BYTES = 65_536
UNREADABLE = "its address cannot be read"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_REDIRECTS = 5
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")


class RefusedError(Exception):
    """Why there is no answer, or what the server said: `status` is 0 where it said nothing."""

    def __init__(self, reason: str, status: int = 0, headers: Mapping[str, str] | None = None) -> None:
        self.reason, self.status = reason, status
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Client:
    """Fetches addresses; `proxies` are those of the user's environment.

    `loopback` allows servers of this machine, and them alone without encryption: for repositories that are there.
    """

    proxies: Mapping[str, str] = field(default_factory=dict)
    loopback: bool = False

    def get(self, url: str, *, limit_bytes: int, headers: Mapping[str, str] | None = None) -> bytes:
        """The body of an answer of success. Raises RefusedError.

        Redirects are followed; what `headers` say goes to the server that was named, and no further.
        """
        sent, deadline = dict(headers or {}), time.monotonic() + SECONDS_IN_ALL
        for _ in range(_REDIRECTS):
            _require_safe(url, loopback=self.loopback)
            try:
                with self._opener(url).open(_request(url, sent), timeout=SECONDS) as answer:
                    return _body(answer, limit_bytes, deadline)
            except urllib.error.HTTPError as error:
                following = _following(url, error)
                sent = sent if _server(following) == _server(url) else {}
                url = following
            except (OSError, http.client.HTTPException) as error:
                raise RefusedError(_reason(error)) from None
            except ValueError:
                raise RefusedError(UNREADABLE) from None
        raise RefusedError(f"more than {_REDIRECTS} redirects")

    def _opener(self, url: str) -> urllib.request.OpenerDirector:
        """One that follows no redirect by itself, and knows the proxies of this client alone."""
        host = urlsplit(url).hostname or ""
        bypass = urllib.request.proxy_bypass_environment(host, {"no": self.proxies.get("no_proxy", "")})  # type: ignore[attr-defined]
        used = {} if bypass else {scheme: self.proxies.get(f"{scheme}_proxy", "") for scheme in ("http", "https")}
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({scheme: proxy for scheme, proxy in used.items() if proxy}),
            urllib.request.HTTPSHandler(context=ssl.create_default_context()),
            _NoRedirects,
        )


def client_of(environment: Mapping[str, str]) -> Client:
    """With the proxies of the environment, in the spelling of either case."""
    return Client({name: environment.get(name) or environment.get(name.upper(), "") for name in _PROXIES})


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """None: the client follows by itself."""


def _request(url: str, headers: Mapping[str, str]) -> urllib.request.Request:
    return urllib.request.Request(url, headers={"User-Agent": "groundplan", **headers})


def _following(url: str, error: urllib.error.HTTPError) -> str:
    """Where a redirect leads. Raises RefusedError for an answer that is none."""
    target = error.headers.get("Location", "")
    if error.code not in (301, 302, 303, 307, 308) or not target:
        raise RefusedError(f"it answers {error.code}", error.code, dict(error.headers))
    try:
        following = urljoin(url, target)
        _server(following)
    except ValueError:
        raise RefusedError(UNREADABLE) from None
    return following


def _body(answer: http.client.HTTPResponse, limit_bytes: int, deadline: float) -> bytes:
    """Read as it comes: a server that sends a byte a minute ends at the deadline."""
    data, left = bytearray(), answer.length
    while left != 0 and (piece := answer.read1(_PIECE_BYTES if left is None else min(left, _PIECE_BYTES))):
        data += piece
        left = None if left is None else left - len(piece)
        if len(data) > limit_bytes:
            raise RefusedError(f"its answer is larger than {size(limit_bytes)}")
        if time.monotonic() > deadline:
            raise RefusedError(f"its answer takes longer than {SECONDS_IN_ALL:g} s")
    if left:
        raise RefusedError("its answer ends before its end")
    return bytes(data)


def _require_safe(url: str, *, loopback: bool) -> None:
    """Raises RefusedError for what is not encrypted or on this machine, unless both, and for what holds a password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise RefusedError(UNREADABLE) from None
    if parts.username is not None:
        raise RefusedError("its address holds credentials")
    if host in _LOOPBACK and not loopback:
        raise RefusedError("it leads to this machine")
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK)):
        raise RefusedError("it is not asked over an open line: its address must begin with https")


def is_loopback(address: str) -> bool:
    """Whether a repository is on this machine, where a server needs no certificate. Raises ValueError."""
    return (urlsplit(address).hostname or "") in _LOOPBACK


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _reason(error: Exception) -> str:
    """What the system or the server said, without an address that may hold more than it should."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLError):
        return f"its certificate is not trusted: {cause.reason or cause}"
    if isinstance(cause, TimeoutError):
        return "it does not answer in time"
    return (
        (cause.strerror or str(cause)).lower() if isinstance(cause, OSError) else f"no answer: {type(cause).__name__}"
    )
