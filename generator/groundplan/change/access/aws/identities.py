"""Who has an identity of AWS, or is let into a cluster with one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groundplan.change.access.atoms import Everyone, Glob
from groundplan.change.access.model import Access, Resource, Scope
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import blocks, last, text, texts


def access_entry(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a cluster lets in, and as a member of which groups."""
    scope = Scope("cluster", text(resource.values, "cluster_name"))
    who = tuple(Glob(one) for one in texts(resource.values, "principal_arn"))
    yield Access(scope, (("principal", who),), "lets {principal} in", "principal_arn", resource.address)
    member_of = tuple(Glob(one) for one in texts(resource.values, "kubernetes_groups"))
    if member_of:
        box = (("principal", who), ("group", member_of))
        yield Access(scope, box, "lets {principal} in as {group}", "kubernetes_groups", resource.address)


def access_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """What a policy of a cluster allows somebody in it."""
    values = resource.values
    everywhere = text(values, "access_scope.type") == "cluster"
    where = (Everyone(),) if everywhere else tuple(Glob(one) for one in texts(values, "access_scope.namespaces"))
    who = tuple(Glob(one) for one in texts(values, "principal_arn"))
    box = (("principal", who), ("policy", (Glob(last(text(values, "policy_arn"))),)), ("where", where))
    sentence = "gives {principal} {policy} in " + ("all of it" if everywhere else "{where}")
    yield Access(Scope("cluster", text(values, "cluster_name")), box, sentence, "policy_arn", resource.address)


def pods(resource: Resource, side: Side) -> Iterator[Access]:
    """Which pods take a role."""
    values = resource.values
    who = f"{text(values, 'namespace')}/{text(values, 'service_account')} in {text(values, 'cluster_name')}"
    yield _taken(text(values, "role_arn"), who, "role_arn", resource)


def addon(resource: Resource, side: Side) -> Iterator[Access]:
    """Which roles an add-on takes."""
    name = f"the add-on {text(resource.values, 'addon_name')} in {text(resource.values, 'cluster_name')}"
    for block in blocks(resource.values, "pod_identity_association"):
        yield _taken(text(block, "role_arn"), name, "pod_identity_association.role_arn", resource)
    for arn in texts(resource.values, "service_account_role_arn"):
        yield _taken(arn, name, "service_account_role_arn", resource)


def _taken(arn: str, who: str, path: str, resource: Resource) -> Access:
    box = (("principal", (Glob(who),)),)
    return Access(Scope("role", last(arn)), box, "is taken by {principal}", path, resource.address)


def task(resource: Resource, side: Side) -> Iterator[Access]:
    """Which role the containers of a task take."""
    name = f"containers of {text(resource.values, 'family')}"
    for path in ("task_role_arn", "execution_role_arn"):
        yield from (_taken(arn, name, path, resource) for arn in texts(resource.values, path))


def profile(resource: Resource, side: Side) -> Iterator[Access]:
    """Which role machines of a profile take."""
    yield _taken(text(resource.values, "role"), f"machines of {text(resource.values, 'name')}", "role", resource)


def provider(resource: Resource, side: Side) -> Iterator[Access]:
    """For which audiences an account takes tokens of an issuer; roles say whose."""
    scope = Scope("identity provider", text(resource.values, "url"))
    made_for = tuple(Glob(one) for one in texts(resource.values, "client_id_list"))
    if made_for:
        box = (("audience", made_for),)
        yield Access(scope, box, "takes tokens for {audience}", "client_id_list", resource.address)


READERS: Mapping[str, tuple[Reader, ...]] = {
    "aws_ecs_task_definition": (task,),
    "aws_eks_access_entry": (access_entry,),
    "aws_eks_access_policy_association": (access_policy,),
    "aws_eks_addon": (addon,),
    "aws_eks_pod_identity_association": (pods,),
    "aws_iam_instance_profile": (profile,),
    "aws_iam_openid_connect_provider": (provider,),
}
"""By resource type, what reads its accesses."""
