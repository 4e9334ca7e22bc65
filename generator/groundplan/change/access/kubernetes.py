"""Accesses of objects of Kubernetes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from groundplan.change.access.atoms import Atom, Everyone, Glob, Net, Ports, Reach, Whole, open_to_all, source
from groundplan.change.access.model import WHOLE, Access, Attributes, Box, Resource, Scope, Severity
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import blocks, first, text, texts
from groundplan.ranges import Network, network, within

POLICY = "https://kubernetes.io/docs/concepts/services-networking/network-policies/"
INGRESS = "https://cloud.google.com/kubernetes-engine/docs/concepts/ingress"
RBAC = "https://kubernetes.io/docs/reference/access-authn-authz/rbac/"
SERVICE = "https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer"

_NAMESPACE = "kubernetes.io/metadata.name"
_INTERNAL = {
    ("networking.gke.io/load-balancer-type", "internal"),
    ("cloud.google.com/load-balancer-type", "internal"),
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internal"),
    ("service.beta.kubernetes.io/aws-load-balancer-internal", "true"),
    ("service.beta.kubernetes.io/aws-load-balancer-type", "external"),
    ("service.beta.kubernetes.io/aws-load-balancer-type", "nlb-ip"),
    ("kubernetes.io/ingress.class", "gce-internal"),
    ("alb.ingress.kubernetes.io/scheme", "internal"),
}
"""Annotations that keep a load balancer inside a network; those of a controller do by its default."""
_FACING = {
    ("service.beta.kubernetes.io/aws-load-balancer-scheme", "internet-facing"),
    ("alb.ingress.kubernetes.io/scheme", "internet-facing"),
    ("kubernetes.io/ingress.class", "gce"),
}
"""Annotations that put it on the internet."""
MOST_EXCEPTIONS = 100
"""Ranges left out of a range that are cut from it; a block with more is read as the whole range."""


@dataclass(frozen=True, slots=True)
class Pods(Whole):
    """Pods by labels: of a namespace, or peers of any."""

    labels: str
    """As JSON; empty for all of them."""
    namespaces: str = ""
    """Likewise for those of their namespace; `*` for every namespace."""

    def covers(self, other: Atom) -> bool:
        """Whether the other selects no pods beside these."""
        if not isinstance(other, Pods):
            return False
        return self.labels in ("", other.labels) and self.namespaces in ("*", other.namespaces)

    def __str__(self) -> str:
        pods = f"pods {self.labels}" if self.labels else "every pod"
        if self.namespaces == "*":
            return f"{pods} of every namespace"
        return f"{pods} of {self.namespaces}" if self.namespaces else pods


def network_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """What a policy allows pods, and that it keeps all else from them."""
    spec = next(blocks(resource.values, "spec"), {})
    scope = Scope("namespace", text(resource.values, "metadata.namespace") or "default")
    chosen = Pods(_selector(first(spec, "pod_selector")))
    types = texts(spec, "policy_types") or ["Ingress", *(["Egress"] if first(spec, "egress") else [])]
    for direction in types:
        shut = (("pods", (chosen,)), ("direction", (Glob(direction),)))
        words = f"no longer keeps {{pods}} from {'being reached' if direction == 'Ingress' else 'reaching others'}"
        yield Access(scope, shut, words, "spec.pod_selector", resource.address, denies=True, source=POLICY)
        yield from _allowed(spec, chosen, direction, scope, resource)


def _allowed(spec: Attributes, chosen: Pods, direction: str, scope: Scope, resource: Resource) -> Iterator[Access]:
    way, peers = ("ingress", "from") if direction == "Ingress" else ("egress", "to")
    words = "lets {peer} reach {pods} on {ports}" if way == "ingress" else "lets {pods} reach {peer} on {ports}"
    for block in blocks(spec, way):
        found = tuple(atom for peer in blocks(block, peers) for atom in _peer(peer, scope))
        ports = tuple(_ports(one) for one in blocks(block, "ports")) or (Ports("all"),)
        box = (("pods", (chosen,)), ("peer", found or (Everyone(),)), ("ports", ports))
        severity = Severity.WIDER if found else Severity.WILDCARD
        path = f"spec.{way}"
        yield Access(scope, box, words, path, resource.address, False, severity, POLICY, closed=False)


def _peer(peer: Attributes, scope: Scope) -> Iterator[Atom]:
    for block in blocks(peer, "ip_block"):
        yield from _block(block)
    spaces, pods = first(peer, "namespace_selector"), first(peer, "pod_selector")
    if spaces is None and pods is None:
        return
    labels = _selector(pods)
    if spaces is None:
        yield Pods(labels, scope.key)
        return
    names = _namespaces(spaces)
    yield from (Pods(labels, one) for one in names or [_selector(spaces) or "*"])


def _namespaces(selector: object) -> list[str]:
    """Namespaces that a selector names one by one."""
    found = texts(selector, f'match_labels["{_NAMESPACE}"]')
    for one in blocks(selector, "match_expressions"):
        if (one.get("key"), one.get("operator")) == (_NAMESPACE, "In"):
            found += texts(one, "values")
    labels = first(selector, "match_labels")
    asked = len(list(blocks(selector, "match_expressions"))) + (len(labels) if isinstance(labels, Mapping) else 0)
    return found if asked == 1 else []


def _selector(selector: object) -> str:
    """A selector as text, the same for the same; empty for one that selects all."""
    found = selector[0] if isinstance(selector, list) and selector else selector
    if not isinstance(found, Mapping) or not any(found.values()):
        return ""
    body = {key: value for key, value in found.items() if value}
    return json.dumps(body.get("match_labels") if list(body) == ["match_labels"] else body, sort_keys=True)


def _block(block: Attributes) -> Iterator[Atom]:
    whole = network(text(block, "cidr"))
    if whole is None:
        return
    pieces = [whole]
    for one in islice(texts(block, "except"), MOST_EXCEPTIONS):
        pieces = [part for piece in pieces for part in _without(piece, network(one))]
    yield from (Net(piece) for piece in pieces)


def _without(piece: Network, left_out: Network | None) -> Iterator[Network]:
    if left_out is None or within(piece, left_out):
        return
    if within(left_out, piece):
        yield from piece.address_exclude(left_out)  # type: ignore[arg-type]
    else:
        yield piece


def _ports(block: Attributes) -> Atom:
    protocol, port = str(block.get("protocol") or "TCP").lower(), str(block.get("port") or "")
    end = str(block.get("end_port") or port)
    if port.isdecimal() and end.isdecimal():
        return Ports(protocol, int(port[:5]), int(end[:5]))
    return Glob(f"{protocol} {port}") if port else Ports(protocol)


def service(resource: Resource, side: Side) -> Iterator[Access]:
    """From where a Service is reached that is for more than its cluster."""
    values = resource.values
    scope = _object("service", values)
    kind = text(values, "spec.type")
    ports = tuple(_ports(one) for one in blocks(values, "spec.port")) or (Ports("all"),)
    if kind == "NodePort":
        box = (("source", (Glob("whoever reaches its nodes"),)), ("ports", ports))
        yield Access(scope, box, "answers {source} on {ports}", "spec.type", resource.address)
    if kind == "LoadBalancer":
        inside = _marked(values, _INTERNAL) or bool(text(values, "spec.load_balancer_class"))
        yield _balanced(scope, values, ports, inside=inside and not _marked(values, _FACING), resource=resource)
    others = tuple(Glob(one) for one in texts(values, "spec.external_ips"))
    if others:
        words = "answers at {address}"
        yield Access(scope, (("address", others),), words, "spec.external_ips", resource.address, source=SERVICE)


def _balanced(scope: Scope, values: Attributes, ports: tuple[Atom, ...], *, inside: bool, resource: Resource) -> Access:
    ranges = [*texts(values, "spec.load_balancer_source_ranges"), *_annotated(values, "/inbound-cidrs")]
    found = tuple(source(one) for one in ranges) or (source("0.0.0.0/0"),)
    severity = Severity.PUBLIC if not inside and any(map(open_to_all, found)) else Severity.WIDER
    box = (("source", found), ("ports", ports), ("reach", (Reach(not inside),)))
    words = "answers {source} {reach} on {ports}"
    return Access(scope, box, words, "spec", resource.address, severity=severity, source=SERVICE)


def _annotated(values: Attributes, end: str) -> list[str]:
    found = first(values, "metadata.annotations")
    notes = found.items() if isinstance(found, Mapping) else ()
    return [part.strip() for key, value in notes if str(key).endswith(end) for part in str(value).split(",")]


def _marked(values: Attributes, marks: set[tuple[str, str]]) -> bool:
    found = first(values, "metadata.annotations")
    return isinstance(found, Mapping) and any((key, str(value).lower()) in marks for key, value in found.items())


def ingress(resource: Resource, side: Side) -> Iterator[Access]:
    """From where an Ingress is reached; of a class that no cloud has, from where its controller is."""
    values = resource.values
    inside = _marked(values, _INTERNAL) or bool(text(values, "spec.ingress_class_name"))
    ports: tuple[Atom, ...] = (Ports("tcp", 443, 443),) if first(values, "spec.tls") else (Ports("tcp", 80, 80),)
    found = _balanced(
        _object("ingress", values), values, ports, inside=inside and not _marked(values, _FACING), resource=resource
    )
    yield Access(
        found.scope, found.box, found.sentence, "metadata.annotations", found.address, False, found.severity, INGRESS
    )


def _object(sort: str, values: Attributes) -> Scope:
    space = text(values, "metadata.namespace")
    name = text(values, "metadata.name") or text(values, "metadata.generate_name")
    return Scope(sort, f"{space}/{name}" if space else name)


def role(sort: str) -> Reader:
    """Reader of the rules of a role."""

    def read(resource: Resource, side: Side) -> Iterator[Access]:
        scope = _object(sort, resource.values)
        for block in blocks(resource.values, "rule"):
            yield from _rule(scope, block, resource)

    return read


def _rule(scope: Scope, block: Attributes, resource: Resource) -> Iterator[Access]:
    verbs, groups = _globs(block, "verbs"), _globs(block, "api_groups") or (Glob(""),)
    names = tuple(Glob(one) for one in texts(block, "resource_names")) or (Everyone(),)
    resources, urls = _globs(block, "resources"), _globs(block, "non_resource_urls")
    severity = Severity.WILDCARD if _all(verbs) and (_all(resources) or _all(urls)) else Severity.WIDER
    if resources:
        box: Box = (("verb", verbs), ("resource", resources), ("group", groups), ("name", names))
        words = "may {verb} {resource}"
        yield Access(scope, box, words, "rule", resource.address, severity=severity, source=RBAC)
    if urls:
        box = (("verb", verbs), ("url", urls))
        yield Access(scope, box, "may {verb} {url}", "rule", resource.address, severity=severity, source=RBAC)


def _globs(block: Attributes, path: str) -> tuple[Glob, ...]:
    return tuple(Glob(one) for one in texts(block, path))


def _all(atoms: tuple[Glob, ...]) -> bool:
    return any(one.text == "*" for one in atoms)


_SUBJECTS = {"system:anonymous": Severity.PUBLIC, "system:unauthenticated": Severity.PUBLIC}
_SUBJECTS |= {"system:authenticated": Severity.WILDCARD, "system:serviceaccounts": Severity.WILDCARD}


def binding(resource: Resource, side: Side) -> Iterator[Access]:
    """Who has which role, in a namespace or in the whole cluster."""
    values = resource.values
    space = text(values, "metadata.namespace")
    scope = Scope("namespace", space) if space else Scope("cluster", WHOLE)
    named = text(values, "role_ref.name")
    who = tuple(Glob(_subject(one)) for one in blocks(values, "subject"))
    plain = [str(one.get("name")) for one in blocks(values, "subject")]
    severity = min([_SUBJECTS.get(one, Severity.WIDER) for one in plain], default=Severity.WIDER)
    if named == "cluster-admin":
        severity = min(severity, Severity.WILDCARD)
    box = (("subject", who), ("role", (Glob(f"{text(values, 'role_ref.kind')} {named}"),)))
    yield Access(scope, box, "gives {subject} {role}", "subject", resource.address, severity=severity, source=RBAC)


def _subject(block: Attributes) -> str:
    space = f"{block['namespace']}/" if block.get("namespace") else ""
    return f"{block.get('kind', 'User')} {space}{block.get('name')}"


def account(resource: Resource, side: Side) -> Iterator[Access]:
    """Which identity of a cloud a service account has."""
    for key in ("iam.gke.io/gcp-service-account", "eks.amazonaws.com/role-arn"):
        path = f'metadata.annotations["{key}"]'
        for one in texts(resource.values, path):
            scope = _object("service account", resource.values)
            yield Access(scope, (("value", (Glob(one),)),), "has the identity {value}", path, resource.address)


def workload(resource: Resource, side: Side) -> Iterator[Access]:
    """Which service account pods have, and which files of their node they see."""
    scope = Scope(side.noun(resource), _object("", resource.values).key)
    for top in ("spec.template.spec", "spec.job_template.spec.template.spec", "spec"):
        for path, words in (
            (f"{top}.service_account_name", "has the service account {value}"),
            (f"{top}.volume.host_path.path", "sees {value} of its nodes"),
        ):
            found = tuple(Glob(one) for one in texts(resource.values, path))
            if found:
                yield Access(scope, (("value", found),), words, path, resource.address)


_WORKLOADS: tuple[str, ...] = ("deployment", "deployment_v1", "daemonset", "daemon_set_v1", "pod", "pod_v1")
_WORKLOADS += ("stateful_set", "stateful_set_v1", "job", "job_v1", "cron_job", "cron_job_v1")

READERS: Mapping[str, tuple[Reader, ...]] = {
    **{f"kubernetes_{one}": (workload,) for one in _WORKLOADS},
    **{f"kubernetes_network_policy{end}": (network_policy,) for end in ("", "_v1")},
    **{f"kubernetes_service{end}": (service,) for end in ("", "_v1")},
    **{f"kubernetes_ingress{end}": (ingress,) for end in ("", "_v1")},
    **{f"kubernetes_role{end}": (role("role"),) for end in ("", "_v1")},
    **{f"kubernetes_cluster_role{end}": (role("cluster role"),) for end in ("", "_v1")},
    **{f"kubernetes_role_binding{end}": (binding,) for end in ("", "_v1")},
    **{f"kubernetes_cluster_role_binding{end}": (binding,) for end in ("", "_v1")},
    **{f"kubernetes_service_account{end}": (account,) for end in ("", "_v1")},
}
"""By resource type, what reads its accesses."""

OWNERS: Mapping[str, tuple[str, ...]] = {
    "namespace": ("kubernetes_namespace_v1.metadata.name", "kubernetes_namespace.metadata.name"),
}
"""By sort of a thing, the attributes by which accesses name it."""
