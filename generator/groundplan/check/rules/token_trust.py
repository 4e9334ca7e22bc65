"""GP920: tokens of a pipeline that a role or an account takes from more jobs than those of one repository."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import KNOWN_LATER, Resource, Rule, Subject, Violation, values_at
from groundplan.check.rules.peers import listed, statements
from groundplan.escaping import for_text

_WEB_IDENTITY = "sts:assumerolewithwebidentity"
_CLUSTER = re.compile(r"(^|/)oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?(/|$)")
"""Issuers of the tokens of pods, whose audience is the cluster's matter."""
_OPEN_BRANCH = re.compile(
    r"^(project_path:[\w.-]+(/[\w.-]+)+:ref_type:branch:ref:"
    r"|https://[a-z0-9][a-z0-9.:-]*(/[\w.-]+)*/job/[\w.-]+/job/PR-)\*$",
    re.ASCII,
)
"""Subjects of proposed changes where the branch comes last and everything before it is whole."""
_HELD = re.compile(
    r"\bassertion\.(?:repository_id|repository_owner_id|project_id|namespace_id|sub)\s*"
    r"(?:==\s*['\"][^'\"*]+['\"]|in\s*\[\s*['\"][^'\"]+['\"])"
    r"|\bassertion\.sub\.startsWith\('https://[a-z0-9][a-z0-9.:-]*(?:/[\w.-]+)*/job/[\w.-]+/job/'\)",
    re.ASCII,
)


class TokenTrust(Rule):
    """A trust has a wildcard in the subject, no audience, or is held to no repository or project."""

    code = "GP920"
    remedy = (
        "compare audience and subject by whole values (StringEquals), with the ids of repository and owner: "
        "names are free again for anybody once they are given up"
    )
    needs_plan = True
    answers = frozenset({"CKV_AWS_393", "CKV_GCP_125"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at roles of AWS that take tokens of an issuer, and at providers of Google's identity pools."""
        for resource in subject.planned():
            for message in _problems(resource, subject):
                yield Violation(message, resource.root, resource.address)


def _problems(resource: Resource, subject: Subject) -> Iterator[str]:
    if resource.type == "aws_iam_role":
        if subject.hidden(resource, ("assume_role_policy",)):
            if _may_federate(resource, subject):
                yield f"its assume_role_policy is {KNOWN_LATER}"
            return
        for statement in statements(resource.values.get("assume_role_policy")):
            yield from _statement(statement)
    if resource.type == "google_iam_workload_identity_pool_provider" and values_at(resource.values, ("oidc",)):
        yield from _provider(resource, subject)


def _may_federate(resource: Resource, subject: Subject) -> bool:
    """Whether the text of the policy speaks of an identity provider."""
    chain = subject.sources.chain(resource.root, resource.address)
    said = chain[-1].attributes.get("assume_role_policy") if chain else None
    return said is not None and any(word in said.value for word in ("WebIdentity", "Federated", "oidc"))


def _statement(statement: Mapping[str, Any]) -> Iterator[str]:
    actions = [str(action).lower() for action in listed(statement.get("Action"))]
    principal = statement.get("Principal")
    issuers = listed(principal.get("Federated")) if isinstance(principal, dict) else []
    federated = [str(one) for one in issuers if ":oidc-provider/" in str(one)]
    takes = _WEB_IDENTITY in actions or any(action in ("*", "sts:*", "sts:assumerole*") for action in actions)
    if statement.get("Effect") != "Allow" or not takes:
        return
    for issuer in (one.partition(":oidc-provider/")[2] for one in federated):
        if not _CLUSTER.search(issuer):
            yield from _of_issuer(issuer, statement.get("Condition"))


def _of_issuer(issuer: str, condition: Any) -> Iterator[str]:
    compared = list(_compared(condition))
    name = for_text(issuer)
    audiences = [one for one in compared if one[1] == f"{issuer}:aud".lower()]
    subjects = [one for one in compared if one[1] == f"{issuer}:sub".lower()]
    if not any(_whole(operator, values) for operator, _, values in audiences):
        yield f"tokens of {name} for any audience: no StringEquals of {name}:aud"
    if not subjects:
        yield f"any token of {name}: no condition on {name}:sub"
    elif not any(_whole(operator, values) or _branches(operator, values) for operator, _, values in subjects):
        shown = ", ".join(for_text(value) for _, _, values in subjects for value in values)[:200]
        yield f"subjects of {name} by wildcards, absence or what they are not: {shown}"


def _compared(condition: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Operator, key in lower case, and values of every condition."""
    for operator, keys in condition.items() if isinstance(condition, dict) else ():
        for key, values in keys.items() if isinstance(keys, dict) else ():
            yield str(operator), str(key).lower(), [str(value) for value in listed(values)]


def _whole(operator: str, values: list[str]) -> bool:
    """Whether one of some whole values is asked for. What compares nothing when the key is absent asks for nothing."""
    exact = operator in ("StringEquals", "StringEqualsIgnoreCase", "ForAnyValue:StringEquals")
    like = operator in ("StringLike", "ForAnyValue:StringLike") and not any(set("*?") & set(one) for one in values)
    return bool(values) and (exact or like)


def _branches(operator: str, values: list[str]) -> bool:
    return operator == "StringLike" and bool(values) and all(_OPEN_BRANCH.match(one) for one in values)


def _provider(resource: Resource, subject: Subject) -> Iterator[str]:
    """A condition of Google's has to compare an id, or a subject, and may not let in what has none."""
    if subject.hidden(resource, ("attribute_condition",)):
        yield f"its attribute_condition is {KNOWN_LATER}"
        return
    condition = str(resource.values.get("attribute_condition") or "")
    if not condition:
        yield "any token of its issuer: it has no attribute_condition"
    elif "||" in condition or "?" in condition:
        yield "its attribute_condition lets in by more than one way: write several providers"
    elif not _HELD.search(condition) or re.search(r"!\s*\(?[^=]*assertion", condition):
        yield "its attribute_condition compares no id of a repository, of its owner or of a project"
