"""Policy documents of AWS: statements as accesses of a role, a bucket, a key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.change.access import globs
from groundplan.change.access.atoms import Atom, Glob
from groundplan.change.access.conditions import Conditions, conditions
from groundplan.change.access.model import Access, Scope, Severity

MOST_BYTES = 262_144
"""Of a document: more than any that a cloud takes, so that a folder cannot make it long to read."""

_ACCOUNT = re.compile(r"^\d{12}$")
_ANYBODY = Glob("*")
_LOOKS = ("describe", "list", "getauthorizationtoken")
"""Beginnings of actions that only look, so that "on everything" is what they need."""


class PolicyError(ValueError):
    """A text that is no policy document."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose policy it is."""

    scope: Scope
    sentence: str
    of_principals: bool = False
    """Whether statements name who may, so that everybody may be named."""
    guarded: bool = False
    """Whether everybody means everybody who gets there otherwise, such as through a network."""


def accesses(document: object, holder: Holder, path: str, address: str) -> Iterator[Access]:
    """The accesses of every statement; raises PolicyError for what is no document."""
    for statement in statements(document):
        denies = statement.get("Effect") == "Deny"
        asked = conditions(statement.get("Condition"))
        actions = tuple(names(statement, "Action", lower=True))
        resources = tuple(names(statement, "Resource")) or (Glob("*"),)
        who = tuple(principals(statement)) if holder.of_principals else (_ANYBODY,)
        severity = _severity(actions, resources, who, asked, holder)
        box = (("principal", who), ("action", actions), ("resource", resources), ("condition", (asked,)))
        yield Access(holder.scope, box, holder.sentence, path, address, denies, severity)


def statements(document: object) -> Iterator[Mapping[str, Any]]:
    """Statements of a document as they are written; raises PolicyError for what is none."""
    if not isinstance(document, str) or len(document) > MOST_BYTES:
        raise PolicyError
    try:
        body = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise PolicyError from error
    found = body.get("Statement", []) if isinstance(body, Mapping) else None
    for statement in found if isinstance(found, list) else [found]:
        if not isinstance(statement, Mapping):
            raise PolicyError
        yield statement


def names(statement: Mapping[str, Any], key: str, *, lower: bool = False) -> Iterator[Atom]:
    """Values of `Action` or `Resource`; all but those of `NotAction` or `NotResource` as one."""
    texts = [text.lower() if lower else text for text in _texts(statement.get(f"Not{key}"))]
    if f"Not{key}" in statement:
        yield Glob("*", tuple(sorted(texts)))
        return
    for text in _texts(statement.get(key)):
        yield Glob(text.lower(), shown=text) if lower else Glob(text)


def principals(statement: Mapping[str, Any]) -> Iterator[Atom]:
    """Whom it names, accounts as `account NUMBER`."""
    if "NotPrincipal" in statement:
        yield Glob("*", tuple(sorted(_flat(statement["NotPrincipal"]))))
        return
    yield from (Glob(text) for text in _flat(statement.get("Principal")))


def _flat(principal: object) -> Iterator[str]:
    """Principals by their names; an account and its root are the same, and so are everybody and every account."""
    if not isinstance(principal, Mapping):
        yield from ("*" if text == "*" else _named(text) for text in _texts(principal))
        return
    for sort, values in principal.items():
        for text in _texts(values):
            yield "*" if (sort, text) == ("AWS", "*") else _named(text)


def _named(text: str) -> str:
    account = text if _ACCOUNT.match(text) else re.sub(r"^arn:[\w-]+:iam::(\d{12}):root$", r"\1", text)
    return f"account {account}" if _ACCOUNT.match(account) else text


def _texts(value: object) -> Iterable[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one) for one in values]


def _severity(
    actions: Iterable[Atom], resources: Iterable[Atom], who: Iterable[Atom], asked: Conditions, holder: Holder
) -> Severity:
    if holder.of_principals and not holder.guarded and _public(who, asked):
        return Severity.PUBLIC
    if holder.guarded or asked.every:
        return Severity.WIDER
    everywhere = any(str(one) == "everything" or getattr(one, "but", ()) for one in resources)
    if any(_everything(one) for one in actions) or (everywhere and any(_all_of_service(one) for one in actions)):
        return Severity.WILDCARD
    changes = any(not _looks(one) for one in actions)
    return Severity.WILDCARD if everywhere and changes and not holder.of_principals else Severity.WIDER


def _public(who: Iterable[Atom], asked: Conditions) -> bool:
    """Everybody without a condition that names some, or whoever has a token of an identity provider."""
    principals = list(who)
    if any(isinstance(one, Glob) and one.text == "*" for one in principals):
        return not asked.fixes
    federated = [one for one in principals if "oidc-provider/" in str(one) or _provider(str(one))]
    return bool(federated) and not _subject(asked)


def _provider(text: str) -> bool:
    """Providers of tokens that anybody can have: `accounts.google.com`, `cognito-identity.amazonaws.com`."""
    return text in ("accounts.google.com", "graph.facebook.com", "www.amazon.com", "cognito-identity.amazonaws.com")


def _subject(asked: Conditions) -> bool:
    """Whether the token has to be of somebody: the subject is asked for, by more than wildcards."""
    wanted = [one for one in asked.every if one.key.endswith((":sub", ":amr")) and not one.negates]
    return any(all(_named_subject(value) for value in one.values) for one in wanted)


def _named_subject(value: str) -> bool:
    """`repo:acme/app:*` names an owner; `*` and `repo:*` do not."""
    fixed = value.partition("*")[0].partition("?")[0]
    return not globs.wild(value) or bool(fixed.partition(":")[2].strip(":/") or (":" not in fixed and fixed))


def _everything(one: Atom) -> bool:
    return isinstance(one, Glob) and one.text == "*"


def _all_of_service(one: Atom) -> bool:
    return isinstance(one, Glob) and one.text.endswith(":*")


def _looks(one: Atom) -> bool:
    return isinstance(one, Glob) and one.text.partition(":")[2].startswith(_LOOKS)
