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
from groundplan.access.gcp.members import Somebody, may_be_of_pool, of_pool
from groundplan.access.given import of_type
from groundplan.access.model import Answer, Given, Statement, Verdict, widest
from groundplan.change.access.values import first, last, text, texts

IMPERSONATING = frozenset({"roles/iam.workloadIdentityUser", "roles/iam.serviceAccountTokenCreator"})
POOL, _PROVIDER = "google_iam_workload_identity_pool", "google_iam_workload_identity_pool_provider"
POOL_ID = "workload_identity_pool_id"
_NOBODY = Somebody(frozenset())
_MOST_MAPPED = 50
"""Attributes of a provider; Google takes as many."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What a provider makes of a token."""

    verdict: Verdict
    why: str
    somebody: Somebody
    """Whoever has it, as bindings call them."""
    source: Statement
    lacks: str = ""
    """The first attribute that cannot be computed, and why."""


def takes(resources: Sequence[Given], every: Sequence[Binding], claims: Mapping[str, str]) -> Iterator[Taken]:
    """Every account that somebody from a pool may be, and whether one with these claims may."""
    found = admitted(resources, claims)
    for binding in every:
        if binding.role in IMPERSONATING and binding.names and any(map(may_be_of_pool, binding.members)):
            answers = [_answer(one, binding) for one in found]
            yield Taken(last(binding.names[0]), widest(answers) if answers else _nobody(claims))


def admitted(resources: Sequence[Given], claims: Mapping[str, str]) -> tuple[Admitted, ...]:
    """What each provider of the issuer makes of a token with these claims."""
    found = (_admitted(one, claims) for one in of_type(resources, _PROVIDER))
    return tuple(one for one in found if one is not None)


def _nobody(claims: Mapping[str, str]) -> Answer:
    why = f"no provider takes tokens of {claims['iss']}" if claims.get("iss") else "there is no token"
    return Answer(Verdict.NOT_GRANTED, None, why)


def _answer(one: Admitted, binding: Binding) -> Answer:
    if one.verdict is Verdict.NOT_GRANTED:
        return Answer(one.verdict, one.source, one.why)
    among = one.somebody.among(binding.members)
    if not among.holds:
        wanted = ", ".join(_shown(member) for member in binding.members[:2])
        return Answer(Verdict.NOT_GRANTED, binding.source, f"it is for {wanted}{one.lacks and f'; {one.lacks}'}")
    if among.depends:
        return Answer(Verdict.DEPENDS, binding.source, among.depends[0])
    return Answer(one.verdict, binding.source, one.why)


def _admitted(one: Given, claims: Mapping[str, str]) -> Admitted | None:
    """None for a provider of another issuer."""
    if not claims.get("iss") or text(one.values, "oidc.issuer_uri") != claims["iss"]:
        return None
    source = Statement(one, text(one.values, "workload_identity_pool_provider_id"))
    if not _for_it(one, claims.get("aud", "")):
        return Admitted(Verdict.NOT_GRANTED, f"it takes no token for {claims['aud']}", _NOBODY, source)
    assertion = {f"assertion.{name}": value for name, value in claims.items()}
    condition = text(one.values, "attribute_condition")
    try:
        holds = evaluate(condition, assertion) if condition else True
    except UnreadableExpressionError:
        holds = Open("a condition that is not understood")
    if holds is not True and not isinstance(holds, Open):
        why = f"its condition does not hold: {condition}"
        return Admitted(Verdict.NOT_GRANTED, why, _NOBODY, source)
    somebody = _somebody(one, assertion)
    lacks = _lacks(one, assertion)
    if isinstance(holds, Open):
        return Admitted(Verdict.DEPENDS, holds.why, somebody, source, lacks)
    return Admitted(Verdict.ALLOWED, "", somebody, source, lacks)


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
    pool = text(one.values, POOL_ID)
    own = f"/workloadIdentityPools/{pool}/providers/{text(one.values, 'workload_identity_pool_provider_id')}"
    return not audience or (audience in listed if listed else audience.endswith(own))


def _somebody(one: Given, assertion: Mapping[str, str]) -> Somebody:
    identifier = text(one.values, POOL_ID)
    pool = of_pool(identifier)
    names: set[str] = {f"principalSet://{pool}*"}
    unclear: list[tuple[str, str]] = []
    for attribute, expression in _mapped(one):
        value = _computed(expression, assertion)
        start = f"principal://{pool}subject/" if attribute == "google.subject" else f"principalSet://{pool}{attribute}/"
        if isinstance(value, Open):
            unclear.append((start, f"what {attribute} is"))
        elif not isinstance(value, Missing):
            names.add(f"{start}{value}")
    return Somebody(frozenset(names), pool=identifier, open=tuple(unclear))


def _computed(expression: str, assertion: Mapping[str, str]) -> Any:
    try:
        return evaluate(expression, assertion)
    except UnreadableExpressionError:
        return Open("an expression that is not understood")
