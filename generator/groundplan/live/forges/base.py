"""What is asked of a system that hosts repositories."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.reading import MIB, MalformedJSONError, parse_json

SECONDS = 20
ANSWER_BYTES = 16 * MIB
PAGES, PAGE = 30, 100
_TRIES = 3
_AGAIN = (429, 500, 502, 503, 504)
_LOOPBACK = ("http://127.0.0.1:", "http://localhost:")


@dataclass(frozen=True, slots=True)
class Post:
    """A comment or an issue that groundplan wrote before."""

    id: int
    body: str


class Forge(Protocol):
    """A system with the token of a job."""

    longest: int
    """Characters of a comment or an issue."""

    def comments(self) -> Iterator[Post]:
        """Of the proposed change, those that this token may have written."""

    def write_comment(self, body: str, old: Post | None) -> str:
        """Puts it there, in the place of the old one; its address."""

    def issues(self) -> Iterator[Post]:
        """Open ones that this token may have written."""

    def write_issue(self, title: str, body: str, old: Post | None) -> str:
        """Opens it, or gives the old one another text; its address."""

    def close_issue(self, old: Post, reason: str) -> None:
        """Closes it with a comment."""


class RefusedError(Exception):
    """An answer that is none, with its status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Rest:
    """An API below one address, asked with one header that holds the token. Redirects are not followed."""

    url: str
    headers: Mapping[str, str]
    title: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", *_LOOPBACK)):
            raise stopped("GP953", f"{self.title} is not asked over an open line: {shortened(self.url)}", "use https")

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The answer as JSON. Raises RefusedError for a status that is none of success, GP954 without an answer."""
        import urllib3

        retries = urllib3.Retry(
            _TRIES,
            redirect=0,
            backoff_factor=0.5,
            status_forcelist=_AGAIN,
            raise_on_status=False,
            raise_on_redirect=False,
        )
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "groundplan"}
        try:
            with urllib3.PoolManager(timeout=SECONDS, retries=retries) as pool:
                answer = pool.request(
                    method, f"{self.url}{path}", body=data, headers={**headers, **self.headers}, preload_content=False
                )
                text = answer.read(ANSWER_BYTES, decode_content=True)
        except urllib3.exceptions.HTTPError as error:
            message = f"{self.title} does not answer: {shortened(type(error).__name__)}"
            raise stopped("GP954", message, "check the address, DNS and the way out of the runner") from None
        found = _parsed(text)
        if not 200 <= answer.status < 300:
            raise RefusedError(answer.status, _message(found))
        return found

    def user(self) -> int | None:
        """Number of the user whose token it is; None where the server does not say."""
        try:
            found = self.call("GET", "/user")
        except RefusedError:
            return None
        number = found.get("id") if isinstance(found, dict) else None
        return number if type(number) is int else None

    def pages(self, path: str) -> Iterator[Mapping[str, Any]]:
        """The items of a list, page after page."""
        joined = "&" if "?" in path else "?"
        for number in range(1, PAGES + 1):
            found = self.call("GET", f"{path}{joined}per_page={PAGE}&page={number}")
            items = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
            yield from items
            if len(items) < PAGE:
                return


def stopped(code: str, message: str, hint: str) -> DiagnosticsError:
    """One line to raise."""
    return DiagnosticsError([Diagnostic(code, message, hint=hint)])


def post_of(item: Mapping[str, Any], number: str, text: str) -> Post | None:
    """A comment or an issue; None for what has no number or no text."""
    found, body = item.get(number), item.get(text)
    return Post(found, body) if type(found) is int and isinstance(body, str) else None


def address_of(answer: Any, *names: str) -> str:
    """Where people read it; empty where the answer does not say."""
    values = (answer.get(name) for name in names) if isinstance(answer, dict) else ()
    return next((shortened(value, 500) for value in values if isinstance(value, str)), "")


def _parsed(data: bytes) -> Any:
    try:
        return parse_json(data.decode("utf-8", errors="replace")) if data else None
    except MalformedJSONError:
        return None


def _message(found: Any) -> str:
    said = (found.get("message") or found.get("error")) if isinstance(found, dict) else None
    return shortened(said if isinstance(said, str) else json.dumps(said) if said else "no reason given", 300)
