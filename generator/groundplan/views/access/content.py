"""What all formats say about access."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.access.model import Answer
from groundplan.access.world import Reply, Subject
from groundplan.app.access import Access, Asked

COLUMNS = ("who", "may", "as", "decided by", "where")


def identities(subject: Subject) -> str:
    """Why somebody has no identity; empty for who has one."""
    return "" if subject.names else subject.why or "no trust lets them in"


def verdict(words: str, reply: Reply) -> str:
    """`allowed, read objects: s3:GetObject on …`."""
    told = f"{reply.answer.verdict.value}, {words}" if words else reply.answer.verdict.value
    return f"{told}: {reply.answer.what or f'{reply.action} on {reply.resource}'}"


def decided(answer: Answer) -> str:
    """The statement, and the condition or the reason beside it."""
    by = answer.by.name if answer.by else ""
    return f"{by}: {answer.why}" if by and answer.why else by or answer.why


def where(access: Access, answer: Answer) -> str:
    """File and line of the statement; for what a cloud has by itself, its page."""
    place = access.place(answer.by)
    return f"{place.file}:{place.line}" if place else (answer.by.text if answer.by and not answer.by.given else "")


def cells(access: Access, asked: Asked, words: str, reply: Reply) -> tuple[str, ...]:
    """A row for one reply."""
    shown = verdict(words, reply), reply.identity, decided(reply.answer), where(access, reply.answer)
    return (asked.subject.shown, *shown)


def may(asked: Asked) -> Iterator[tuple[str, Reply]]:
    """What somebody may, perhaps under a condition."""
    return ((words, reply) for words, reply in asked.replies if reply.may)


def may_not(asked: Asked) -> str:
    """What they may not, in words."""
    return ", ".join(words for words, reply in asked.replies if not reply.may)
