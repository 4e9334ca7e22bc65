"""Who may be a role of AWS: what its trust says to a token, a service, a pod."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from groundplan.access.aws.conditions import Context, holds
from groundplan.access.aws.identities import Role
from groundplan.access.aws.statements import Said, covered
from groundplan.access.engine import Taken
from groundplan.access.model import Answer, Verdict, widest
from groundplan.change.access.atoms import Glob

_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
_NOBODY = Answer(Verdict.NOT_GRANTED, None, "there is no token")


def takes(every: Iterable[Role], claims: Mapping[str, str]) -> Iterator[Taken]:
    """Every role that takes tokens, and whether it takes one with these claims.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
    """
    issuer = claims.get("iss", "").removeprefix("https://")
    known = {f"{issuer}:{name}".lower(): (value,) for name, value in claims.items()}
    context = Context(known, closed=(f"{issuer}:".lower(),))
    for role in every:
        if any("oidc-provider/" in who.text for one in role.trust for who in one.who):
            who = f"arn:aws:iam::{role.account}:oidc-provider/{issuer}"
            yield Taken(role.name, trusted(role, who, _WEB_IDENTITY, context) if issuer else _NOBODY)


def trusted(role: Role, who: str, action: str, context: Context) -> Answer:
    """What a role's trust says to a principal with an action."""
    if not role.trust:
        return Answer(Verdict.DEPENDS, None, f"the trust of {role.name} is not known")
    about = [one for one in role.trust if covered(one.who, Glob(who)) and covered(one.actions, Glob(action.lower()))]
    judged = [(one, holds(one.condition, context)) for one in about]
    for one, truth in judged:
        if not one.allows and truth.is_certain:
            return Answer(Verdict.DENIED, one.source)
    denials = [f"unless {each}" for one, truth in judged if not one.allows and truth.holds for each in truth.depends]
    found = widest([_allowed(one, (*truth.depends, *denials)) for one, truth in judged if one.allows and truth.holds])
    if found.verdict is Verdict.NOT_GRANTED:
        why = _differs([one for one in about if one.allows], context) or f"the trust of {role.name} names others"
        return Answer(Verdict.NOT_GRANTED, next((one.source for one in about if one.allows), None), why)
    return found


def _allowed(one: Said, depends: Sequence[str]) -> Answer:
    if depends:
        return Answer(Verdict.DEPENDS, one.source, "; ".join(depends[:3]))
    return Answer(Verdict.ALLOWED, one.source)


def _differs(about: Sequence[Said], context: Context) -> str:
    """The first condition that does not hold."""
    for one in about:
        for operator, keys in one.condition.items():
            for key, values in keys.items() if isinstance(keys, Mapping) else ():
                if not holds({operator: {key: values}}, context).holds:
                    have = ", ".join(context.values.get(str(key).lower(), ())) or "nothing"
                    return f"{operator} {key}: the token has {have}"
    return ""
