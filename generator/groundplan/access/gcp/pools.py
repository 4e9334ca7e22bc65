"""Who a token is in an identity pool, and which service accounts it may be.

https://docs.cloud.google.com/iam/docs/workload-identity-federation, https://docs.cloud.google.com/iam/docs/principal-identifiers
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.access.engine import Taken
from groundplan.access.gcp.bindings import Binding
from groundplan.access.gcp.cel import Missing, Open, UnreadableExpressionError, evaluate
from groundplan.access.given import of_type
from groundplan.access.model import Answer, Given, Statement, Verdict, widest
from groundplan.change.access.values import first, last, text, texts

IMPERSONATING = frozenset({"roles/iam.workloadIdentityUser", "roles/iam.serviceAccountTokenCreator"})
_POOL, _PROVIDER = "google_iam_workload_identity_pool", "google_iam_workload_identity_pool_provider"
_MOST_MAPPED = 50
"""Attributes of a provider; Google takes as many."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a provider makes of a token."""

    verdict: Verdict
    why: str
    members: frozenset[str]
    """What bindings call whoever has it."""
    source: Statement
    lacks: str = ""
    """The first attribute that cannot be computed, and why."""


def takes(resources: Sequence[Given], every: Sequence[Binding], claims: Mapping[str, str]) -> Iterator[Taken]:
    """Every account that somebody from a pool may be, and whether one with these claims may."""
    admitted = [_admitted(one, resources, claims) for one in of_type(resources, _PROVIDER)]
    for binding in every:
        pooled = [one for one in binding.members if "/workloadIdentityPools/" in one or one.startswith("principal")]
        if pooled and binding.role in IMPERSONATING and not any("/subject/ns/" in member for member in pooled):
            answers = [_answer(one, binding) for one in admitted if one is not None]
            yield Taken(last(binding.names[0]), widest(answers) if answers else _nobody(claims))


def _nobody(claims: Mapping[str, str]) -> Answer:
    why = f"no provider takes tokens of {claims['iss']}" if claims.get("iss") else "there is no token"
    return Answer(Verdict.NOT_GRANTED, None, why)


def _answer(one: Admitted, binding: Binding) -> Answer:
    if one.verdict is Verdict.NOT_GRANTED:
        return Answer(one.verdict, one.source, one.why)
    if not one.members.intersection(binding.members):
        wanted = ", ".join(_shown(member) for member in binding.members[:2])
        return Answer(Verdict.NOT_GRANTED, binding.source, f"it is for {wanted}{one.lacks and f'; {one.lacks}'}")
    return Answer(one.verdict, binding.source, one.why)


def _admitted(one: Given, resources: Sequence[Given], claims: Mapping[str, str]) -> Admitted | None:
    """None for a provider of another issuer."""
    if not claims.get("iss") or text(one.values, "oidc.issuer_uri") != claims["iss"]:
        return None
    source = Statement(one, text(one.values, "workload_identity_pool_provider_id"))
    if not _for_it(one, claims.get("aud", "")):
        return Admitted(Verdict.NOT_GRANTED, f"it takes no token for {claims['aud']}", frozenset(), source)
    assertion = {f"assertion.{name}": value for name, value in claims.items()}
    condition = text(one.values, "attribute_condition")
    try:
        holds = evaluate(condition, assertion) if condition else True
    except UnreadableExpressionError:
        holds = Open("a condition that is not understood")
    if holds is not True and not isinstance(holds, Open):
        why = f"its condition does not hold: {condition}"
        return Admitted(Verdict.NOT_GRANTED, why, frozenset(), source)
    members = frozenset(_members(one, resources, assertion))
    lacks = _lacks(one, assertion)
    if isinstance(holds, Open):
        return Admitted(Verdict.DEPENDS, holds.why, members, source, lacks)
    return Admitted(Verdict.ALLOWED, "", members, source, lacks)


def _lacks(one: Given, assertion: Mapping[str, str]) -> str:
    for attribute, expression in _mapped(one):
        value = _computed(expression, assertion)
        if isinstance(value, Missing):
            return f"{attribute} is an error: {value.what} is not in the token"
    return ""


def _shown(member: str) -> str:
    """`attribute.grant/apply` of a member from a pool."""
    attribute = member.partition("/attribute.")[2]
    return f"attribute.{attribute}" if attribute else member


def _mapped(one: Given) -> list[tuple[str, str]]:
    mapping = first(one.values, "attribute_mapping")
    found = mapping.items() if isinstance(mapping, Mapping) else ()
    return [(str(name), str(expression)) for name, expression in found][:_MOST_MAPPED]


def _for_it(one: Given, audience: str) -> bool:
    """Whether a token is for the provider: for one of its audiences, else for its own name; empty: as it expects."""
    listed = texts(one.values, "oidc.allowed_audiences")
    pool = text(one.values, "workload_identity_pool_id")
    own = f"/workloadIdentityPools/{pool}/providers/{text(one.values, 'workload_identity_pool_provider_id')}"
    return not audience or (audience in listed if listed else audience.endswith(own))


def _members(one: Given, resources: Sequence[Given], assertion: Mapping[str, str]) -> Iterator[str]:
    identifier = text(one.values, "workload_identity_pool_id")
    pools = [pool for pool in of_type(resources, _POOL) if text(pool.values, "workload_identity_pool_id") == identifier]
    for pool in pools:
        name = f"iam.googleapis.com/{text(pool.values, 'name')}"
        yield f"principalSet://{name}/*"
        for attribute, expression in _mapped(one):
            value = _computed(expression, assertion)
            if not isinstance(value, Open | Missing):
                subject = attribute == "google.subject"
                yield f"principal://{name}/subject/{value}" if subject else f"principalSet://{name}/{attribute}/{value}"


def _computed(expression: str, assertion: Mapping[str, str]) -> Any:
    try:
        return evaluate(expression, assertion)
    except UnreadableExpressionError:
        return Open("an expression that is not understood")
