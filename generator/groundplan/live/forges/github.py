"""Comments and issues on GitHub and GitHub Enterprise: https://docs.github.com/en/rest."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from groundplan.live.forges.base import Post, Rest, address_of, post_of

_BOT = "Bot"


class Github:
    """A repository, and the pull request that a job is for, 0 without one."""

    longest = 65_000
    """GitHub takes 65,536, which some of its clients count in UTF-16."""

    def __init__(self, rest: Rest, repository: str, number: int = 0, *, is_person: bool = False) -> None:
        """`is_person`: the token may be that of a user, as Jenkins has it, and not that of a job."""
        self._rest, self._repository, self._number = rest, f"/repos/{repository}", number
        self._is_person = is_person

    @cached_property
    def _self(self) -> int | None:
        """The user whose token it is; None for that of a job or an app, which is told of none."""
        return self._rest.user() if self._is_person else None

    def comments(self) -> Iterator[Post]:
        """Its own and those of bots: what another person wrote is never replaced, whatever stands in it."""
        return self._posts(f"{self._repository}/issues/{self._number}/comments", "id")

    def write_comment(self, body: str, old: Post | None) -> str:
        """Puts it there; its address."""
        if old is not None:
            found = self._rest.call("PATCH", f"{self._repository}/issues/comments/{old.id}", {"body": body})
        else:
            found = self._rest.call("POST", f"{self._repository}/issues/{self._number}/comments", {"body": body})
        return address_of(found, "html_url")

    def issues(self) -> Iterator[Post]:
        """Open ones of its own and of bots; pull requests are issues there, and left out."""
        return self._posts(f"{self._repository}/issues?state=open&sort=created", "number")

    def write_issue(self, title: str, body: str, old: Post | None) -> str:
        """Opens it, or gives it another text."""
        if old is not None:
            found = self._rest.call("PATCH", f"{self._repository}/issues/{old.id}", {"body": body})
        else:
            found = self._rest.call("POST", f"{self._repository}/issues", {"title": title, "body": body})
        return address_of(found, "html_url")

    def close_issue(self, old: Post, reason: str) -> None:
        """With a comment."""
        self._rest.call("POST", f"{self._repository}/issues/{old.id}/comments", {"body": reason})
        closed = {"state": "closed", "state_reason": "completed"}
        self._rest.call("PATCH", f"{self._repository}/issues/{old.id}", closed)

    def _posts(self, path: str, number: str) -> Iterator[Post]:
        for item in self._rest.pages(path):
            found = post_of(item, number, "body")
            if found and self._is_own(item.get("user")) and "pull_request" not in item:
                yield found

    def _is_own(self, user: Any) -> bool:
        if not isinstance(user, dict):
            return False
        return user.get("type") == _BOT or (self._self is not None and user.get("id") == self._self)
