"""Accesses by networks of AWS: groups, lists, routes and endpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from groundplan.change.access import policy
from groundplan.change.access.atoms import Atom, Glob, Ports, open_to_all, source, whole_internet
from groundplan.change.access.aws.policies import documents, resource_policy
from groundplan.change.access.model import Access, Attributes, Box, Resource, Scope, Severity
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import blocks, first, last, text, texts

ENDPOINT = "https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html"
VPC_ENDPOINT = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-endpoints-access.html"
NODE_SSH = "https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html"
_WAYS: Mapping[str, str] = {
    "gateway_id": "an internet gateway",
    "vpc_peering_connection_id": "a peered network",
    "transit_gateway_id": "a transit gateway",
}


def endpoint(resource: Resource, side: Side) -> Iterator[Access]:
    """What an endpoint of a network lets through: everything where it has no policy."""
    scope = Scope("endpoint", resource.address, side.name(resource))
    holder = resource_policy(scope, guarded=True)
    if first(resource.values, "policy"):
        yield from documents(resource, holder, "policy")
    elif not side.unknown(resource, "policy"):
        everything = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}'
        found = policy.accesses(everything, holder, "policy", resource.address)
        yield from (replace(one, source=VPC_ENDPOINT) for one in found)
    yield from groups("security_group_ids")(resource, side)


def rule(direction: str) -> Reader:
    """Reader of a single rule of a security group."""

    def read(resource: Resource, side: Side) -> Iterator[Access]:
        values = resource.values
        names = ("cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id")
        found = [(name, source(one)) for name in names for one in texts(values, name)]
        for name, atom in found:
            box = (("source", (atom,)), ("ports", (_ports(values, "ip_protocol"),)))
            yield _rule(_group(resource, "security_group_id", side), direction, box, name, resource)

    return read


def classic_rule(resource: Resource, side: Side) -> Iterator[Access]:
    """A rule of the older resource type, which is of either direction."""
    yield from _rules([resource.values], _group(resource, "security_group_id", side), resource, "")


def security_group(resource: Resource, side: Side) -> Iterator[Access]:
    """Rules inside of a security group."""
    scope = Scope("security group", text(resource.values, "id") or resource.address, side.name(resource))
    for direction in ("ingress", "egress"):
        yield from _rules(blocks(resource.values, direction), scope, resource, direction)


def _rules(rules: Iterable[Attributes], scope: Scope, resource: Resource, direction: str) -> Iterator[Access]:
    for values in rules:
        names = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "source_security_group_id")
        found: list[Atom] = [source(one) for name in names for one in texts(values, name)]
        if values.get("self"):
            found.append(Glob(scope.key))
        if found:
            box = (("source", tuple(found)), ("ports", (_ports(values, "protocol"),)))
            yield _rule(scope, direction or str(values.get("type")), box, direction or "cidr_blocks", resource)


def _rule(scope: Scope, way: str, box: Box, path: str, resource: Resource) -> Access:
    if way != "ingress":
        return Access(scope, box, "lets out to {source} on {ports}", path, resource.address)
    severity = Severity.PUBLIC if any(map(open_to_all, dict(box)["source"])) else Severity.WIDER
    return Access(scope, box, "lets in {source} on {ports}", path, resource.address, severity=severity)


def _group(resource: Resource, path: str, side: Side) -> Scope:
    found = text(resource.values, path)
    return Scope("security group", found, side.named("aws_security_group", found))


def _ports(values: Attributes, protocol: str) -> Ports:
    name = str(values.get(protocol) or "-1").lower()
    start, end = values.get("from_port"), values.get("to_port")
    if name in ("-1", "all") or not isinstance(start, int) or not isinstance(end, int) or start < 0 or end < start:
        return Ports("all" if name == "-1" else name)
    return Ports(name, start, end)


def acl(resource: Resource, side: Side) -> Iterator[Access]:
    """What the access list of a network lets pass; security groups decide behind it."""
    scope = Scope("network ACL", resource.address, side.name(resource))
    for direction, words in (("ingress", "lets in {source} on {ports}"), ("egress", "lets out to {source} on {ports}")):
        for block in blocks(resource.values, direction):
            found = tuple(source(one) for name in ("cidr_block", "ipv6_cidr_block") for one in texts(block, name))
            if block.get("action") == "allow" and found:
                box = (("source", found), ("ports", (_ports(block, "protocol"),)))
                yield Access(scope, box, words, direction, resource.address)


def groups(path: str) -> Reader:
    """Reader of the security groups that something is in: another one lets in whatever it lets in."""

    def read(resource: Resource, side: Side) -> Iterator[Access]:
        found = tuple(Glob(one) for one in texts(resource.values, path))
        if found:
            scope = Scope(side.noun(resource), resource.address, side.name(resource))
            yield Access(scope, (("group", found),), "is in the security group {group} too", path, resource.address)

    return read


def cluster(resource: Resource, side: Side) -> Iterator[Access]:
    """From where the API of a cluster answers on the internet; to everybody where no ranges are named."""
    if not first(resource.values, "vpc_config.endpoint_public_access"):
        return
    found = tuple(source(one) for one in texts(resource.values, "vpc_config.public_access_cidrs"))
    ranges = found or whole_internet()
    severity = Severity.PUBLIC if any(map(open_to_all, ranges)) else Severity.WIDER
    scope = Scope("cluster", text(resource.values, "name"))
    sentence = "answers {source} on the internet"
    path = "vpc_config.public_access_cidrs" if found else "vpc_config.endpoint_public_access"
    box = (("source", ranges),)
    yield Access(scope, box, sentence, path, resource.address, severity=severity, source=ENDPOINT)


def node_group(resource: Resource, side: Side) -> Iterator[Access]:
    """From where nodes answer SSH: from everywhere where a key and no group is named."""
    scope = Scope("node group", resource.address, side.name(resource))
    for block in blocks(resource.values, "remote_access"):
        if not block.get("ec2_ssh_key"):
            continue
        named = tuple(Glob(one) for one in texts(block, "source_security_group_ids"))
        box = (("source", named or whole_internet()), ("ports", (Ports("tcp", 22, 22),)))
        severity = Severity.WIDER if named else Severity.PUBLIC
        sentence, path = "lets in {source} on {ports}", "remote_access.ec2_ssh_key"
        yield Access(scope, box, sentence, path, resource.address, severity=severity, source=NODE_SSH)


def listener(resource: Resource, side: Side) -> Iterator[Access]:
    """On which ports a load balancer answers."""
    number = resource.values.get("port")
    if isinstance(number, int):
        name = last(text(resource.values, "load_balancer_arn").rpartition("/")[0]) or side.name(resource)
        scope = Scope("load balancer", text(resource.values, "load_balancer_arn"), name)
        ports = Ports(text(resource.values, "protocol").lower() or "tcp", number, number)
        yield Access(scope, (("ports", (ports,)),), "answers on {ports}", "port", resource.address)


def route(resource: Resource, side: Side) -> Iterator[Access]:
    """What a route table sends out of the network, and to where: what comes back the same way can come first."""
    yield from _routes(resource, [resource.values], text(resource.values, "route_table_id"), "destination_cidr_block")


def routes(resource: Resource, side: Side) -> Iterator[Access]:
    """Routes inside of a route table."""
    yield from _routes(resource, blocks(resource.values, "route"), text(resource.values, "id"), "route")


def _routes(resource: Resource, found: Iterable[Attributes], table: str, path: str) -> Iterator[Access]:
    for values in found:
        names = ("destination_cidr_block", "cidr_block", "ipv6_cidr_block", "destination_ipv6_cidr_block")
        to = tuple(source(one) for name in names for one in texts(values, name))
        ways = [words for name, words in _WAYS.items() if values.get(name)]
        if to and ways:
            box = (("source", to), ("way", (Glob(ways[0]),)))
            scope = Scope("route table", table)
            yield Access(scope, box, "joins {source} through {way}", path, resource.address)


def association(resource: Resource, side: Side) -> Iterator[Access]:
    """That a subnet is one of those that the internet reaches, by the table that routes it."""
    table, subnet = text(resource.values, "route_table_id"), text(resource.values, "subnet_id")
    if table in side.to_the_internet and subnet:
        scope = Scope("subnet", subnet, side.named("aws_subnet", subnet))
        box = (("way", (Glob("an internet gateway"),)),)
        yield Access(scope, box, "is joined to the internet through {way}", "route_table_id", resource.address)


READERS: Mapping[str, tuple[Reader, ...]] = {
    "aws_db_instance": (groups("vpc_security_group_ids"),),
    "aws_default_network_acl": (acl,),
    "aws_default_route_table": (routes,),
    "aws_default_security_group": (security_group,),
    "aws_ecs_service": (groups("network_configuration.security_groups"),),
    "aws_eks_cluster": (cluster,),
    "aws_eks_node_group": (node_group,),
    "aws_launch_template": (groups("vpc_security_group_ids"), groups("network_interfaces.security_groups")),
    "aws_lb": (groups("security_groups"),),
    "aws_lb_listener": (listener,),
    "aws_network_acl": (acl,),
    "aws_route": (route,),
    "aws_route_table": (routes,),
    "aws_route_table_association": (association,),
    "aws_security_group": (security_group,),
    "aws_security_group_rule": (classic_rule,),
    "aws_vpc_endpoint": (endpoint,),
    "aws_vpc_security_group_egress_rule": (rule("egress"),),
    "aws_vpc_security_group_ingress_rule": (rule("ingress"),),
}
"""By resource type, what reads its accesses."""
