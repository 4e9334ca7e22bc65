"""Asking repositories of charts: encrypted, in bounds, by way of the user's proxies, without anybody's credentials."""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import urljoin, urlsplit

from groundplan.reading import size

SECONDS = 60.0
"""How long a server may say nothing."""
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
    """Fetches addresses; `proxies` are those of the user's environment."""

    proxies: Mapping[str, str] = field(default_factory=dict)

    def get(self, url: str, *, limit_bytes: int, headers: Mapping[str, str] | None = None) -> bytes:
        """The body of an answer of success. Raises RefusedError.

        Redirects are followed; what `headers` say goes to the server that was named, and no further.
        """
        sent = dict(headers or {})
        for _ in range(_REDIRECTS):
            _require_safe(url)
            try:
                with self._opener(url).open(_request(url, sent), timeout=SECONDS) as answer:
                    return _body(answer, limit_bytes)
            except urllib.error.HTTPError as error:
                target = error.headers.get("Location", "")
                if error.code not in (301, 302, 303, 307, 308) or not target:
                    raise RefusedError(f"it answers {error.code}", error.code, dict(error.headers)) from None
                following = urljoin(url, target)
                sent = sent if _server(following) == _server(url) else {}
                url = following
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise RefusedError(_reason(error)) from None
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


def _body(answer: IO[bytes], limit_bytes: int) -> bytes:
    data = answer.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise RefusedError(f"its answer is larger than {size(limit_bytes)}")
    return data


def _require_safe(url: str) -> None:
    """Raises RefusedError for what is neither encrypted nor on this machine, and for what holds a password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise RefusedError("its address cannot be read") from None
    if parts.username is not None:
        raise RefusedError("its address holds credentials")
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and host in _LOOPBACK)):
        raise RefusedError("it is not asked over an open line: its address must begin with https")


def is_loopback(authority: str) -> bool:
    """Whether `host:port` is this machine, where a server needs no certificate."""
    return (urlsplit(f"//{authority}").hostname or "") in _LOOPBACK


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
