"""Who can do what, for a comment or a page."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan import markdown as md
from groundplan.app.access import Access, Asked
from groundplan.views.access.content import COLUMNS, cells, identities, may, may_not


def markdown(access: Access) -> str:
    """A table of the replies to one question; without one, a section for each subject."""
    if access.can:
        rows = [cells(access, one, words, reply) for one in access.asked for words, reply in one.replies]
        return md.table(COLUMNS, rows)
    return "\n".join("\n".join(_section(access, one)) for one in access.asked)


def _section(access: Access, asked: Asked) -> Iterator[str]:
    yield md.heading(3, asked.subject.shown)
    yield md.line(f"Gets {', '.join(asked.subject.names) or f'no identity: {identities(asked.subject)}'}") + "\n"
    rows = [cells(access, asked, words, reply)[1:] for words, reply in may(asked)]
    if rows:
        yield md.table(COLUMNS[1:], rows)
    if (refused := may_not(asked)) and asked.subject.names:
        yield md.line(f"Not: {refused}") + "\n"
