"""Who can do what, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.app.access import Access, Asked
from groundplan.escaping import for_text
from groundplan.views.access.content import decided, identities, may, may_not, verdict, where
from groundplan.views.tables import bold


def text(access: Access, *, color: bool) -> str:
    """The replies to one question; without one, for each subject what they are, may and may not."""
    described = _replies if access.can else _subject
    return "\n".join(line for one in access.asked for line in described(access, one, color)) + "\n"


def _replies(access: Access, asked: Asked, color: bool) -> Iterator[str]:
    for words, reply in asked.replies:
        identity = f" as {reply.identity}" if reply.identity else ""
        yield bold(f"{asked.subject.shown}{identity}", color=color)
        yield for_text(f"  {verdict(words, reply)}")
        if told := decided(reply.answer):
            yield for_text(f"    {told}{_at(where(access, reply.answer))}")


def _subject(access: Access, asked: Asked, color: bool) -> Iterator[str]:
    yield bold(asked.subject.shown, color=color)
    if reason := identities(asked.subject):
        yield for_text(f"  gets no identity: {reason}")
    for taken in asked.subject.taken:
        if taken.name in asked.subject.names:
            yield for_text(f"  gets {taken.name}{_at(where(access, taken.answer))}")
    for words, reply in may(asked):
        identity = f", as {reply.identity}" if len(asked.subject.names) > 1 else ""
        yield for_text(f"  {verdict(words, reply)}{identity}")
        yield for_text(f"    {decided(reply.answer)}{_at(where(access, reply.answer))}")
    if (refused := may_not(asked)) and asked.subject.names:
        yield for_text(f"  not: {refused}")
    yield ""


def _at(place: str) -> str:
    return f" ({place})" if place else ""
