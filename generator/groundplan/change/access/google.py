"""Accesses of resources of Google Cloud."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from groundplan.change.access.atoms import (
    Atom,
    Everyone,
    Glob,
    Net,
    Ports,
    Reach,
    Whole,
    open_to_all,
    source,
    whole_internet,
)
from groundplan.change.access.model import Access, Attributes, Resource, Scope, Severity
from groundplan.change.access.policy import MOST_BYTES, PolicyError
from groundplan.change.access.side import Reader, Side
from groundplan.change.access.values import blocks, first, last, text, texts
from groundplan.ranges import public

MEMBERS = (
    "https://github.com/googleapis/google-api-python-client/blob/v2.202.0/googleapiclient/discovery_cache/documents/"
    "cloudresourcemanager.v1.json#Binding.members"
)
FIREWALL = "https://github.com/hashicorp/terraform-provider-google/issues/6789"
AUTHORIZED = "https://cloud.google.com/php/docs/reference/cloud-container/latest/V1.MasterAuthorizedNetworksConfig"

GRANTS = re.compile(r"^(google_\w+?)_iam_(member|binding|policy)$")
"""Types that give members roles on the thing in front."""

_NOT_THE_THING = {"role", "member", "members", "condition", "policy_data", "etag", "id", "project", "region"}
_NOT_THE_THING |= {"location", "zone"}
_EVERYBODY = {"allusers": "everybody", "allauthenticatedusers": "everybody with an account of Google"}
_OF_POOL = re.compile(r"^principal(?:Set)?://.*/workloadIdentityPools/([^/]+)/(?:subject/|attribute\.)?(.+)$")
_BASIC = ("roles/owner", "roles/editor")
"""Roles of broad access to everything: https://docs.cloud.google.com/iam/docs/roles-overview.md.txt"""


@dataclass(frozen=True, slots=True)
class Member(Whole):
    """Who has a role."""

    text: str

    def covers(self, other: Atom) -> bool:
        """Whether the other is among those that this one stands for."""
        if not isinstance(other, Member):
            return False
        mine, theirs = self.text.lower(), other.text.lower()
        if mine.startswith("domain:") and theirs.startswith("user:"):
            return theirs.endswith(f"@{mine.removeprefix('domain:')}")
        return mine in ("allusers", theirs) or (mine == "allauthenticatedusers" and theirs != "allusers")

    @property
    def severity(self) -> Severity:
        """Of whatever role it has."""
        if self.text.lower() in ("allusers", "allauthenticatedusers"):
            return Severity.PUBLIC
        return Severity.WILDCARD if self.text.endswith("/*") else Severity.WIDER

    def __str__(self) -> str:
        pool = _OF_POOL.match(self.text)
        return _EVERYBODY.get(self.text.lower()) or (f"{pool[2]} of {pool[1]}" if pool else self.text)


@dataclass(frozen=True, slots=True)
class Role(Whole):
    """What somebody is given; the owner's role has all the others in it."""

    text: str

    def covers(self, other: Atom) -> bool:
        """Whether it is the same, or the owner's."""
        return isinstance(other, Role) and self.text in ("roles/owner", other.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Expression(Whole):
    """A condition, which only itself or no condition at all is known to contain."""

    text: str = ""

    def covers(self, other: Atom) -> bool:
        """Whether it is none, or the same."""
        return not self.text or self == other

    def __str__(self) -> str:
        return self.text


def grants(resource: Resource, side: Side) -> Iterator[Access]:
    """Who has which role on the thing that a member, a binding or a policy is of."""
    scope = _thing(resource)
    if text(resource.values, "policy_data"):
        for one in bindings(text(resource.values, "policy_data")):
            yield from _granted(scope, one, "policy_data", resource)
        return
    many = "member" if text(resource.values, "member") else "members"
    yield from _granted(scope, resource.values, many, resource)


def _thing(resource: Resource) -> Scope:
    found = GRANTS.match(resource.type)
    stem = found.group(1) if found else resource.type
    named = [(path, text(resource.values, path)) for path in sorted(resource.values) if path not in _NOT_THE_THING]
    key = "/".join(last(value) for _, value in named if value) or last(text(resource.values, "project"))
    noun = stem.removeprefix("google_").replace("_", " ")
    return Scope(_NOUNS.get(stem, noun), key)


def bindings(document: str) -> Iterator[Attributes]:
    """Bindings of a policy as they are written; raises PolicyError for what is none."""
    if len(document) > MOST_BYTES:
        raise PolicyError
    try:
        body = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise PolicyError from error
    found = body.get("bindings") if isinstance(body, Mapping) else None
    yield from (one for one in found or () if isinstance(one, Mapping))


def _granted(scope: Scope, values: Attributes, path: str, resource: Resource) -> Iterator[Access]:
    who = tuple(Member(one) for name in ("member", "members") for one in texts(values, name))
    role = text(values, "role")
    asked = Expression(text(values, "condition.expression"))
    if not who:
        return
    severity = min(one.severity for one in who)
    if role in _BASIC and scope.sort in ("project", "folder", "organization"):
        severity = min(severity, Severity.WILDCARD)
    box = (("member", who), ("role", (Role(role),)), ("condition", (asked,)))
    yield Access(scope, box, "gives {member} {role}", path, resource.address, severity=severity, source=MEMBERS)


def custom_role(resource: Resource, side: Side) -> Iterator[Access]:
    """What a role of one's own permits."""
    permitted = tuple(Glob(one) for one in texts(resource.values, "permissions"))
    scope = Scope("role", text(resource.values, "role_id"))
    if permitted:
        yield Access(scope, (("permission", permitted),), "permits {permission}", "permissions", resource.address)


@dataclass(frozen=True, slots=True)
class Said(Whole):
    """A text that stands for itself alone."""

    text: str

    def __str__(self) -> str:
        return self.text


_SIGNERS = {
    "oidc.issuer_uri": "takes tokens of {signer}",
    "oidc.jwks_json": "takes tokens that other keys have signed",
    "oidc.allowed_audiences": "takes tokens for {signer}",
    "aws.account_id": "takes identities of account {signer} of AWS",
    "saml.idp_metadata_xml": "takes assertions of another identity provider",
    "x509.trust_store": "takes certificates of other authorities",
}
"""Whose tokens a provider takes, by what says so:
https://github.com/googleapis/google-api-python-client/blob/v2.202.0/googleapiclient/discovery_cache/documents/iam.v1.json
"""


def identity_provider(resource: Resource, side: Side) -> Iterator[Access]:
    """Which tokens of whom a pool takes, and what for: conditions and mappings are compared as texts."""
    values = resource.values
    scope = Scope("identity provider", text(values, "workload_identity_pool_provider_id"))
    for path, words in _SIGNERS.items():
        if signers := tuple(map(Said, texts(values, path))):
            yield Access(scope, (("signer", signers),), words, path, resource.address)
    condition = text(values, "attribute_condition")
    if condition:
        where = (("condition", (Said(condition),)),)
        yield Access(scope, where, "takes tokens where {condition}", "attribute_condition", resource.address)
    mapping = first(values, "attribute_mapping")
    for name, expression in mapping.items() if isinstance(mapping, Mapping) else ():
        box = (("attribute", (Said(str(name)),)), ("value", (Said(str(expression)),)))
        yield Access(scope, box, "takes {value} for {attribute}", "attribute_mapping", resource.address)


def firewall(resource: Resource, side: Side) -> Iterator[Access]:
    """What a rule lets in or out, or keeps from it; without a source it is for every address."""
    values = resource.values
    if values.get("disabled"):
        return
    inbound = text(values, "direction") != "EGRESS"
    names = ("source_ranges", "source_tags", "source_service_accounts") if inbound else ("destination_ranges",)
    found = tuple(source(one) for name in names for one in texts(values, name)) or whole_internet()
    targets = _targets(values, inbound=inbound)
    path = next((name for name in names if texts(values, name)), "source_ranges")
    words = "lets in {source} on {ports} to {target}" if inbound else "lets {target} out to {source} on {ports}"
    severity = Severity.PUBLIC if inbound and any(map(open_to_all, found)) else Severity.WIDER
    scope = Scope("network", last(text(values, "network")))
    for verb in ("allow", "deny"):
        for block in blocks(values, verb):
            box = (("source", found), ("ports", tuple(_ports(block))), ("target", targets))
            said = words if verb == "allow" else "no longer refuses {source} on {ports} to {target}"
            yield Access(scope, box, said, path, resource.address, verb == "deny", severity, FIREWALL)


def _targets(values: Attributes, *, inbound: bool) -> tuple[Atom, ...]:
    names = ["target_tags", "target_service_accounts", *(["destination_ranges"] if inbound else ["source_ranges"])]
    return tuple(source(one) for name in names for one in texts(values, name)) or (Everyone(),)


def _ports(block: Attributes) -> Iterator[Ports]:
    protocol = str(block.get("protocol") or "all").lower()
    for port in texts(block, "ports"):
        start, _, end = port.partition("-")
        if start.isdecimal() and (end or start).isdecimal():
            yield Ports(protocol, int(start[:5]), int((end or start)[:5]))
    if not texts(block, "ports"):
        yield Ports(protocol)


def cluster(resource: Resource, side: Side) -> Iterator[Access]:
    """From where the API of a cluster answers; from everywhere where it names no networks."""
    values = resource.values
    private = bool(first(values, "private_cluster_config.enable_private_endpoint"))
    named = list(blocks(values, "master_authorized_networks_config"))
    ranges = tuple(source(one) for one in texts(values, "master_authorized_networks_config.cidr_blocks.cidr_block"))
    found: Sequence[Atom] = ranges if named else (*whole_internet(), Everyone())
    outside = () if private else tuple(atom for atom in found if _on_the_internet(atom))
    for reach, those in ((Reach(True), outside), (Reach(False), tuple(atom for atom in found if atom not in outside))):
        if those:
            path, words = "master_authorized_networks_config", "answers {source} {reach}"
            severity = Severity.PUBLIC if any(map(open_to_all, outside)) and those == outside else Severity.WIDER
            box = (("source", those), ("reach", (reach,)))
            scope = Scope("cluster", text(values, "name"))
            yield Access(scope, box, words, path, resource.address, severity=severity, source=AUTHORIZED)


def _on_the_internet(atom: Atom) -> bool:
    return not isinstance(atom, Net) or public(atom.range)


def nodes(resource: Resource, side: Side) -> Iterator[Access]:
    """Which identity machines have, and which parts of it."""
    scope = Scope(side.noun(resource), resource.address, side.name(resource))
    for path, words in (
        ("node_config.service_account", "has nodes with the identity {value}"),
        ("node_config.oauth_scopes", "has nodes with the scope {value}"),
    ):
        found = tuple(Glob(one) for one in texts(resource.values, path))
        if found:
            yield Access(scope, (("value", found),), words, path, resource.address)


def run(resource: Resource, side: Side) -> Iterator[Access]:
    """Which identity a service has."""
    path = "template.service_account"
    found = tuple(Glob(one) for one in texts(resource.values, path))
    if found:
        scope = Scope(side.noun(resource), resource.address, side.name(resource))
        yield Access(scope, (("value", found),), "has the identity {value}", path, resource.address)


def database(resource: Resource, side: Side) -> Iterator[Access]:
    """From which networks of the internet a database lets in."""
    path = "settings.ip_configuration.authorized_networks.value"
    found = tuple(source(one) for one in texts(resource.values, path))
    if found and first(resource.values, "settings.ip_configuration.ipv4_enabled"):
        severity = Severity.PUBLIC if any(map(open_to_all, found)) else Severity.WIDER
        scope = Scope("database", text(resource.values, "name"))
        yield Access(scope, (("source", found),), "lets in {source}", path, resource.address, severity=severity)


def database_user(resource: Resource, side: Side) -> Iterator[Access]:
    """Who can log in to a database."""
    who = text(resource.values, "name")
    scope = Scope("database", text(resource.values, "instance"))
    yield Access(scope, (("user", (Glob(who),)),), "has the user {user}", "name", resource.address)


def security_policy(resource: Resource, side: Side) -> Iterator[Access]:
    """Whom a policy in front of a service lets in; the rule of the last priority is for everybody else."""
    scope = Scope("security policy", text(resource.values, "name"))
    for path in ("rules", "rule"):
        for block in blocks(resource.values, path):
            found = tuple(_anywhere(one) for one in texts(block, "match.config.src_ip_ranges"))
            if text(block, "action") == "allow" and found:
                severity = Severity.PUBLIC if any(map(open_to_all, found)) else Severity.WIDER
                where = f"{path}.match.config.src_ip_ranges"
                box = (("source", found),)
                yield Access(scope, box, "lets in {source}", where, resource.address, severity=severity)


def _anywhere(one: str) -> Atom:
    return source("0.0.0.0/0" if one == "*" else one)


def forwarding(resource: Resource, side: Side) -> Iterator[Access]:
    """On which ports a load balancer answers."""
    scope = Scope("load balancer", text(resource.values, "name"))
    protocol = (text(resource.values, "ip_protocol") or "tcp").lower()
    found = [*texts(resource.values, "port_range"), *texts(resource.values, "ports")]
    ports = tuple(port for one in found for port in _ports({"protocol": protocol, "ports": [one]}))
    if resource.values.get("all_ports"):
        ports = (Ports(protocol),)
    if ports:
        yield Access(scope, (("ports", ports),), "answers on {ports}", "port_range", resource.address)


def zone(resource: Resource, side: Side) -> Iterator[Access]:
    """Networks in which the names of a private zone are seen."""
    path = "private_visibility_config.networks.network_url"
    found = tuple(Glob(last(one)) for one in texts(resource.values, path))
    if found:
        scope = Scope("DNS zone", text(resource.values, "name"))
        yield Access(scope, (("network", found),), "is seen in {network}", path, resource.address)


_NOUNS: Mapping[str, str] = {
    "google_artifact_registry_repository": "repository",
    "google_compute_subnetwork": "subnet",
    "google_kms_crypto_key": "key",
    "google_kms_key_ring": "key ring",
    "google_project": "project",
    "google_secret_manager_secret": "secret",
    "google_service_account": "service account",
    "google_storage_bucket": "bucket",
}

READERS: Mapping[str, tuple[Reader, ...]] = {
    "google_cloud_run_v2_service": (run,),
    "google_compute_firewall": (firewall,),
    "google_compute_forwarding_rule": (forwarding,),
    "google_compute_global_forwarding_rule": (forwarding,),
    "google_compute_region_security_policy": (security_policy,),
    "google_compute_security_policy": (security_policy,),
    "google_container_cluster": (cluster, nodes),
    "google_container_node_pool": (nodes,),
    "google_dns_managed_zone": (zone,),
    "google_iam_workload_identity_pool_provider": (identity_provider,),
    "google_organization_iam_custom_role": (custom_role,),
    "google_project_iam_custom_role": (custom_role,),
    "google_sql_database_instance": (database,),
    "google_sql_user": (database_user,),
}
"""By resource type, what reads its accesses; types of `GRANTS` have one reader."""

OWNERS: Mapping[str, tuple[str, ...]] = {
    "bucket": ("google_storage_bucket.name",),
    "cluster": ("google_container_cluster.name",),
    "database": ("google_sql_database_instance.name",),
    "key": ("google_kms_crypto_key.name",),
    "key ring": ("google_kms_key_ring.name",),
    "load balancer": ("google_compute_forwarding_rule.name", "google_compute_global_forwarding_rule.name"),
    "network": ("google_compute_network.name",),
    "repository": ("google_artifact_registry_repository.repository_id",),
    "secret": ("google_secret_manager_secret.secret_id",),
    "security policy": ("google_compute_region_security_policy.name", "google_compute_security_policy.name"),
    "service account": ("google_service_account.email", "google_service_account.name"),
    "subnet": ("google_compute_subnetwork.name",),
}
"""By sort of a thing, the attributes by which accesses name it."""
