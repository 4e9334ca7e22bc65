"""Who can do what, for machines."""

from __future__ import annotations

from typing import Any

from groundplan.access.engine import Taken
from groundplan.access.model import Answer
from groundplan.access.world import Reply
from groundplan.app.access import Access
from groundplan.views.access.content import where


def as_json(access: Access) -> dict[str, Any]:
    """Subjects with the identities that they may be, and the replies."""
    return {
        "subjects": [
            {
                "who": one.subject.word,
                "system": one.subject.system or None,
                "reason": one.subject.why or None,
                "identities": [_taken(access, taken) for taken in one.subject.taken],
                "replies": [_reply(access, words, reply) for words, reply in one.replies],
            }
            for one in access.asked
        ]
    }


def _taken(access: Access, taken: Taken) -> dict[str, Any]:
    return {"name": taken.name, **_answer(access, taken.answer)}


def _reply(access: Access, words: str, reply: Reply) -> dict[str, Any]:
    asked = {"words": words or None, "action": reply.action, "resource": reply.resource}
    return {**asked, "as": reply.identity or None, **_answer(access, reply.answer)}


def _answer(access: Access, answer: Answer) -> dict[str, Any]:
    return {
        "verdict": answer.verdict.value,
        "allowed": answer.what or None,
        "statement": answer.by.name if answer.by else None,
        "address": answer.by.address if answer.by else None,
        "place": where(access, answer) or None,
        "reason": answer.why or None,
    }
