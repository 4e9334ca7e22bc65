"""Comments and issues on GitLab: https://docs.gitlab.com/api/notes/ and https://docs.gitlab.com/api/issues/."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from groundplan.live.forges.base import Post, Rest, address_of, post_of


class Gitlab:
    """A project, and the merge request that a job is for, 0 without one."""

    longest = 900_000
    """GitLab takes 1,000,000: https://docs.gitlab.com/administration/instance_limits/."""

    def __init__(self, rest: Rest, project: int | str, number: int = 0) -> None:
        """`project` is its number, or its path with `%2F`."""
        self._rest, self._project, self._number = rest, f"/projects/{project}", number

    @cached_property
    def _self(self) -> int | None:
        """Whose token it is; None where GitLab does not say, and may refuse a change of what another wrote."""
        return self._rest.user()

    def comments(self) -> Iterator[Post]:
        """Its own."""
        return self._posts(f"{self._notes}?sort=desc", "id", "body")

    def write_comment(self, body: str, old: Post | None) -> str:
        """Puts it there; GitLab says no address."""
        if old is not None:
            self._rest.call("PUT", f"{self._notes}/{old.id}", {"body": body})
        else:
            self._rest.call("POST", self._notes, {"body": body})
        return ""

    def issues(self) -> Iterator[Post]:
        """Open ones of its own."""
        return self._posts(f"{self._project}/issues?state=opened", "iid", "description")

    def write_issue(self, title: str, body: str, old: Post | None) -> str:
        """Opens it, or gives it another text."""
        if old is not None:
            found = self._rest.call("PUT", f"{self._project}/issues/{old.id}", {"description": body})
        else:
            found = self._rest.call("POST", f"{self._project}/issues", {"title": title, "description": body})
        return address_of(found, "web_url")

    def close_issue(self, old: Post, reason: str) -> None:
        """With a comment."""
        self._rest.call("POST", f"{self._project}/issues/{old.id}/notes", {"body": reason})
        self._rest.call("PUT", f"{self._project}/issues/{old.id}", {"state_event": "close"})

    @property
    def _notes(self) -> str:
        return f"{self._project}/merge_requests/{self._number}/notes"

    def _posts(self, path: str, number: str, text: str) -> Iterator[Post]:
        for item in self._rest.pages(path):
            found, author = post_of(item, number, text), item.get("author")
            mine = isinstance(author, dict) and author.get("id") == self._self
            if found and mine and self._self is not None:
                yield found
