"""What a change of one resource, or of a plan, opens; and that what narrows opens nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from groundplan.change.access.model import Severity
from groundplan.change.opens import opened, openings

P, W, U, R, A = Severity.PUBLIC, Severity.WILDCARD, Severity.UNPROTECTED, Severity.WIDER, Severity.ADDED
Values = Mapping[str, Any]
Case = tuple[str, Values | None, Values | None, Sequence[tuple[Severity, str]]]


def allow(action: Any, resource: Any = "arn:aws:s3:::acme-data/*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def doc(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def may(*statements: Mapping[str, Any]) -> Values:
    return {"role": "acme-trainer", "name": "p", "policy": doc(*statements)}


def trust(*statements: Mapping[str, Any]) -> Values:
    return {"name": "acme-ci", "assume_role_policy": doc(*statements)}


def by_token(subject: str, operator: str = "StringLike") -> dict[str, Any]:
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {operator: {"token.actions.githubusercontent.com:sub": subject}},
    }


def bucket(*statements: Mapping[str, Any]) -> Values:
    return {"bucket": "acme-data", "policy": doc(*statements)}


def key(*statements: Mapping[str, Any]) -> Values:
    return {"key_id": "k", "policy": doc(*statements)}


def where(operator: str, name: str, *values: str) -> dict[str, Any]:
    return {**GET, "Condition": {operator: {name: list(values)}}}


def rule(cidr: str, first: int = 443, last: int = 443) -> Values:
    return {"security_group_id": "sg-1", "cidr_ipv4": cidr, "ip_protocol": "tcp", "from_port": first, "to_port": last}


def group(*cidrs: str) -> Values:
    return {"id": "sg-1", "name": "g", "ingress": [{"cidr_blocks": list(cidrs), "protocol": "-1"}]}


def eks(public: bool, cidrs: Sequence[str] | None) -> Values:
    vpc = {"endpoint_public_access": public, "public_access_cidrs": cidrs}
    return {"name": "acme", "access_config": [{"authentication_mode": "API"}], "vpc_config": [vpc]}


def gke(cidrs: Sequence[str] | None, **private: Any) -> Values:
    named = [] if cidrs is None else [{"cidr_blocks": [{"cidr_block": one} for one in cidrs]}]
    return {
        "name": "acme",
        "datapath_provider": "ADVANCED_DATAPATH",
        "master_authorized_networks_config": named,
        "private_cluster_config": [{"enable_private_nodes": True, "enable_private_endpoint": False, **private}],
    }


def firewall(sources: Sequence[str], verb: str = "allow", **more: Any) -> Values:
    rules = {verb: [{"protocol": "tcp", "ports": ["443"]}]}
    return {"name": "f", "network": "n", "direction": "INGRESS", "source_ranges": list(sources), **rules, **more}


def member(who: str, role: str = "roles/storage.objectViewer", condition: str = "") -> Values:
    asked = [{"title": "t", "expression": condition}] if condition else []
    return {"bucket": "acme-data", "role": role, "member": who, "condition": asked}


def binding(*members: str) -> Values:
    return {"bucket": "b", "role": "r", "members": list(members)}


def project(role: str) -> Values:
    return {"project": "p", "policy_data": json.dumps({"bindings": [{"role": role, "members": ["user:a@x.org"]}]})}


def from_namespaces(*namespaces: str, pods: Mapping[str, str] | None = None) -> Values:
    peers = [{"namespace_selector": [{"match_labels": {"kubernetes.io/metadata.name": one}}]} for one in namespaces]
    ingress = [{"from": peers, "ports": [{"port": "5000", "protocol": "TCP"}]}] if peers else []
    spec = {"pod_selector": [{"match_labels": pods or {}}], "policy_types": ["Ingress"], "ingress": ingress}
    return {"metadata": [{"name": "p", "namespace": "mlflow"}], "spec": [spec]}


def service(kind: str, notes: Mapping[str, str] | None = None) -> Values:
    meta = [{"name": "api", "namespace": "team", "annotations": notes or {}}]
    return {"metadata": meta, "spec": [{"type": kind, "port": [{"port": 80, "protocol": "TCP"}]}]}


def ingress(scheme: str) -> Values:
    notes = {"kubernetes.io/ingress.class": "alb", "alb.ingress.kubernetes.io/scheme": scheme}
    return {"metadata": [{"name": "i", "annotations": notes}], "spec": [{}]}


def cluster_role(verbs: Sequence[str], resources: Sequence[str]) -> Values:
    return {"metadata": [{"name": "r"}], "rule": [{"api_groups": [""], "verbs": verbs, "resources": resources}]}


def tokens(issuer: str = "https://gitlab.com", condition: str | None = "c", **more: Any) -> Values:
    oidc = {"issuer_uri": issuer, "allowed_audiences": more.pop("audiences", []), "jwks_json": more.pop("keys", "")}
    return {"workload_identity_pool_provider_id": "gitlab", "attribute_condition": condition, "oidc": [oidc], **more}


def labelled(level: str | None) -> Values:
    labels = {} if level is None else {"pod-security.kubernetes.io/enforce": level}
    return {"metadata": [{"name": "team", "labels": labels}]}


TOKENS = "google_iam_workload_identity_pool_provider"
GET, PUT = allow("s3:GetObject"), allow("s3:PutObject")
NO_DELETE = {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"}
OTHER = {"AWS": "arn:aws:iam::444455556666:root"}
ORG = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
TLS_ONLY = {**NO_DELETE, "Action": "s3:*", "Principal": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
ROOT_KEY = allow("kms:*", "*", Principal=OTHER)
ALL_BUT_IAM = {"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "arn:aws:s3:::a"}
ALL_BUT_TWO = {"Effect": "Allow", "NotAction": ["iam:*", "kms:*"], "Resource": "arn:aws:s3:::a"}
MAIN = by_token("repo:acme/app:ref:refs/heads/main", "StringEquals")
ACCESS_BLOCK = {"bucket": "acme-data", "block_public_acls": True, "block_public_policy": True}
ADMIN = {
    "cluster_name": "acme",
    "principal_arn": "arn:aws:iam::1:role/ops",
    "policy_arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    "access_scope": [{"type": "cluster"}],
}
ADMIN_BINDING = {
    "metadata": [{"name": "b"}],
    "role_ref": [{"kind": "ClusterRole", "name": "cluster-admin"}],
    "subject": [{"kind": "Group", "name": "devs"}],
}

POLICIES: Mapping[str, Case] = {
    "an action": ("aws_iam_role_policy", may(GET), may(GET, PUT), [(R, "may s3:PutObject on arn:aws:s3")]),
    "a service": ("aws_iam_role_policy", may(GET), may(allow("s3:*", "*")), [(W, "may s3:* on everything")]),
    "everything": ("aws_iam_role_policy", may(GET), may(allow("*", "*")), [(W, "may everything on everything")]),
    "within a wildcard": ("aws_iam_role_policy", may(allow("s3:Get*")), may(GET), []),
    "another bucket": (
        "aws_iam_role_policy",
        may(GET),
        may(allow("s3:GetObject", ["arn:aws:s3:::acme-data/*", "arn:aws:s3:::acme-raw/*"])),
        [(R, "on arn:aws:s3:::acme-raw/*")],
    ),
    "split": ("aws_iam_role_policy", may(allow(["s3:GetObject", "s3:PutObject"])), may(PUT, GET), []),
    "fewer actions": ("aws_iam_role_policy", may(GET, PUT), may(GET), []),
    "other case": ("aws_iam_role_policy", may(GET), may(allow("S3:getobject")), []),
    "all but": ("aws_iam_role_policy", may(GET), may({**ALL_BUT_IAM, "Resource": "*"}), [(W, "everything but iam:*")]),
    "all but fewer": ("aws_iam_role_policy", may(ALL_BUT_TWO), may(ALL_BUT_IAM), [(W, "may everything but iam:*")]),
    "all but more": ("aws_iam_role_policy", may(ALL_BUT_IAM), may(ALL_BUT_TWO), []),
    "within all but": ("aws_iam_role_policy", may({**ALL_BUT_IAM, "Resource": "*"}), may(GET), []),
    "condition gone": ("aws_iam_role_policy", may(where("StringEquals", "k:a", "v")), may(GET), [(R, "may s3:Get")]),
    "condition new": ("aws_iam_role_policy", may(GET), may(where("StringEquals", "k:a", "v")), []),
    "value more": (
        "aws_iam_role_policy",
        may(where("StringEquals", "k:a", "v")),
        may(where("StringEquals", "k:a", "v", "w")),
        [(R, "may s3:GetObject")],
    ),
    "literal star": (
        "aws_iam_role_policy",
        may(where("StringEquals", "k:a", "v*")),
        may(where("StringEquals", "k:a", "vx")),
        [(R, "may s3:GetObject")],
    ),
    "negated value less": (
        "aws_iam_role_policy",
        may(where("StringNotEquals", "k:a", "v", "w")),
        may(where("StringNotEquals", "k:a", "v")),
        [(R, "may s3:GetObject")],
    ),
    "negated value more": (
        "aws_iam_role_policy",
        may(where("StringNotEquals", "k:a", "v")),
        may(where("StringNotEquals", "k:a", "v", "w")),
        [],
    ),
    "if the key exists": (
        "aws_iam_role_policy",
        may(where("StringEquals", "k:a", "v")),
        may(where("StringEqualsIfExists", "k:a", "v")),
        [(R, "may s3:GetObject")],
    ),
    "addresses": (
        "aws_iam_role_policy",
        may(where("IpAddress", "aws:SourceIp", "203.0.113.0/25")),
        may(where("IpAddress", "aws:SourceIp", "203.0.113.0/24")),
        [(R, "may s3:GetObject")],
    ),
    "denial gone": ("aws_iam_role_policy", may(GET, NO_DELETE), may(GET), [(U, "no longer denied s3:DeleteObject")]),
    "denial limited": (
        "aws_iam_role_policy",
        may(NO_DELETE),
        may({**NO_DELETE, "Condition": ORG}),
        [(U, "is no longer denied s3:DeleteObject on everything")],
    ),
    "denial wider": ("aws_iam_role_policy", may({**NO_DELETE, "Condition": ORG}), may(NO_DELETE), []),
    "branch to repository": (
        "aws_iam_role",
        trust(MAIN),
        trust(by_token("repo:acme/app:*")),
        [(R, "role acme-ci can be assumed by arn:aws:iam::111122223333:oidc-provider/token")],
    ),
    "repository to all": (
        "aws_iam_role",
        trust(by_token("repo:acme/app:*")),
        trust(by_token("repo:*")),
        [(P, "can be assumed by")],
    ),
    "no subject": ("aws_iam_role", trust(MAIN), trust({**MAIN, "Condition": {}}), [(P, "can be assumed by")]),
    "repository to branch": ("aws_iam_role", trust(by_token("repo:acme/app:*")), trust(MAIN), []),
    "another issuer": (TOKENS, tokens(), tokens("https://git.x.org"), [(R, "takes tokens of https://git.x.org")]),
    "same issuer": (TOKENS, tokens(), tokens(display_name="GitLab"), []),
    "other keys": (TOKENS, tokens(keys="{}"), tokens(keys='{"keys":[]}'), [(R, "tokens that other keys have signed")]),
    "any keys": (TOKENS, tokens(keys="{}"), tokens(), [(R, "takes tokens that any key of its issuer has signed")]),
    "one audience more": (TOKENS, tokens(audiences=["a"]), tokens(audiences=["a", "b"]), [(R, "takes tokens for b")]),
    "one audience less": (TOKENS, tokens(audiences=["a", "b"]), tokens(audiences=["a"]), []),
    "tokens where the condition has a star": (
        TOKENS,
        tokens(condition="assertion.sub.matches('repo:acme/.*')"),
        tokens(condition="assertion.sub.matches('repo:acme/app/.*') || true"),
        [(R, "takes tokens where assertion.sub.matches('repo:acme/app/.*') || true")],
    ),
    "no condition": (TOKENS, tokens(), tokens(condition=None), [(U, "takes every token of its issuer")]),
    "empty condition": (TOKENS, tokens(), tokens(condition=""), [(U, "takes every token of its issuer")]),
    "provider again": (TOKENS, tokens(disabled=True), tokens(disabled=False), [(R, "takes tokens again")]),
    "no boundary": (
        "aws_iam_role",
        {**trust(MAIN), "permissions_boundary": "arn:aws:iam::1:policy/b"},
        {**trust(MAIN), "permissions_boundary": None},
        [(U, "has no boundary")],
    ),
    "managed policy": (
        "aws_iam_role_policy_attachment",
        None,
        {"role": "acme", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        [(W, "role acme has the policy AdministratorAccess")],
    ),
    "account": (
        "aws_s3_bucket_policy",
        bucket(TLS_ONLY),
        bucket(TLS_ONLY, allow("s3:GetObject", Principal=OTHER)),
        [(A, "bucket acme-data lets account 444455556666 s3:GetObject")],
    ),
    "everybody": (
        "aws_s3_bucket_policy",
        bucket(TLS_ONLY),
        bucket(TLS_ONLY, allow("s3:GetObject", Principal="*")),
        [(P, "bucket acme-data lets everything s3:GetObject")],
    ),
    "organisation": (
        "aws_s3_bucket_policy",
        bucket(),
        bucket(allow("s3:GetObject", Principal="*", Condition=ORG)),
        [(A, "lets everything")],
    ),
    "organisation gone": (
        "aws_s3_bucket_policy",
        bucket(allow("s3:GetObject", Principal="*", Condition=ORG)),
        bucket(allow("s3:GetObject", Principal="*")),
        [(P, "lets everything")],
    ),
    "TLS": ("aws_s3_bucket_policy", bucket(TLS_ONLY), bucket(), [(U, "acme-data no longer denies everything s3:*")]),
    "bucket policy gone": ("aws_s3_bucket_policy", bucket(TLS_ONLY), None, [(U, "no longer denies")]),
    "root": ("aws_kms_key", key(ROOT_KEY), key({**ROOT_KEY, "Principal": {"AWS": "444455556666"}}), []),
    "key user": (
        "aws_kms_key",
        key(ROOT_KEY),
        key(ROOT_KEY, allow("kms:Decrypt", "*", Principal={"Service": "logs.amazonaws.com"})),
        [(R, "lets logs.amazonaws.com kms:Decrypt")],
    ),
    "grant": (
        "aws_kms_grant",
        None,
        {"key_id": "k", "grantee_principal": "arn:aws:iam::1:role/x", "operations": ["Decrypt"]},
        [(A, "key k lets arn:aws:iam::1:role/x kms:Decrypt")],
    ),
    "endpoint policy gone": (
        "aws_vpc_endpoint",
        {"policy": doc(allow("s3:*", "*", Principal="*", Condition=ORG))},
        {"policy": None},
        [(R, "lets everything everything")],
    ),
}
OF_AWS: Mapping[str, Case] = {
    "public access": (
        "aws_s3_bucket_public_access_block",
        ACCESS_BLOCK,
        {**ACCESS_BLOCK, "block_public_acls": False, "block_public_policy": False},
        [(U, "bucket acme-data can be made public")],
    ),
    "wider": (
        "aws_vpc_security_group_ingress_rule",
        rule("10.0.0.0/16"),
        rule("10.0.0.0/8"),
        [(R, "in 10.0.0.0/8 on")],
    ),
    "narrower": ("aws_vpc_security_group_ingress_rule", rule("10.0.0.0/8"), rule("10.0.0.0/16"), []),
    "internet": (
        "aws_vpc_security_group_ingress_rule",
        rule("10.0.0.0/8"),
        rule("0.0.0.0/0"),
        [(P, "lets in 0.0.0.0/0 (every address) on tcp 443")],
    ),
    "IPv6": (
        "aws_vpc_security_group_ingress_rule",
        None,
        {"security_group_id": "sg-1", "cidr_ipv6": "::/0", "ip_protocol": "-1"},
        [(P, "lets in ::/0 (every address) on every port")],
    ),
    "ports": (
        "aws_vpc_security_group_ingress_rule",
        rule("10.0.0.0/8"),
        rule("10.0.0.0/8", 443, 8443),
        [(R, "on tcp 443 to 8443")],
    ),
    "halves": ("aws_security_group", group("10.0.0.0/9", "10.128.0.0/9"), group("10.0.0.0/8"), []),
    "inside": ("aws_security_group", group("10.0.0.0/9"), group("10.0.0.0/8"), [(R, "lets in 10.0.0.0/8")]),
    "out": ("aws_vpc_security_group_egress_rule", rule("10.0.0.0/8"), rule("0.0.0.0/0"), [(R, "out to 0.0.0.0/0")]),
    "balancer": (
        "aws_lb",
        {"name": "acme", "internal": True},
        {"name": "acme", "internal": False},
        [(P, "load balancer acme answers on the internet")],
    ),
    "balancer taken off": ("aws_lb", {"name": "a", "internal": False}, {"name": "a", "internal": True}, []),
    "database": (
        "aws_db_instance",
        {"identifier": "d", "publicly_accessible": False},
        {"identifier": "d", "publicly_accessible": True},
        [(P, "database d has a public address")],
    ),
    "machines": (
        "aws_subnet",
        {"map_public_ip_on_launch": False},
        {"map_public_ip_on_launch": True},
        [(P, "gives machines public addresses")],
    ),
    "metadata": (
        "aws_launch_template",
        {"name": "t", "metadata_options": [{"http_tokens": "required", "http_put_response_hop_limit": 1}]},
        {"name": "t", "metadata_options": [{"http_tokens": "optional", "http_put_response_hop_limit": 2}]},
        [(U, "without a token"), (R, "further away")],
    ),
    "endpoint": (
        "aws_eks_cluster",
        eks(False, []),
        eks(True, ["8.8.8.0/24"]),
        [(A, "answers 8.8.8.0/24 on the inter")],
    ),
    "endpoint of all": (
        "aws_eks_cluster",
        eks(True, ["8.8.8.0/24"]),
        eks(True, ["8.8.8.0/24", "0.0.0.0/0"]),
        [(P, "cluster acme answers 0.0.0.0/0")],
    ),
    "no ranges": ("aws_eks_cluster", eks(False, None), eks(True, None), [(P, "cluster acme answers 0.0.0.0/0")]),
    "fewer ranges": ("aws_eks_cluster", eks(True, ["8.8.8.0/24", "9.9.9.0/24"]), eks(True, ["8.8.8.0/25"]), []),
    "administrator": (
        "aws_eks_access_policy_association",
        None,
        ADMIN,
        [(A, "gives arn:aws:iam::1:role/ops AmazonEKSClusterAdminPolicy in all of it")],
    ),
    "namespace to cluster": (
        "aws_eks_access_policy_association",
        {**ADMIN, "access_scope": [{"type": "namespace", "namespaces": ["team"]}]},
        ADMIN,
        [(A, "in all of it")],
    ),
    "pods": (
        "aws_eks_pod_identity_association",
        None,
        {"cluster_name": "c", "namespace": "n", "service_account": "s", "role_arn": "arn:aws:iam::1:role/x"},
        [(A, "role x is taken by n/s in c")],
    ),
    "SSH": (
        "aws_eks_node_group",
        {"node_group_name": "g", "remote_access": []},
        {"node_group_name": "g", "remote_access": [{"ec2_ssh_key": "k"}]},
        [(P, "lets in 0.0.0.0/0 (every address) on tcp 22")],
    ),
}
OF_GOOGLE: Mapping[str, Case] = {
    "member": ("google_storage_bucket_iam_member", None, member("user:a@x.org"), [(A, "bucket acme-data gives user:")]),
    "all users": ("google_storage_bucket_iam_member", None, member("allUsers"), [(P, "gives everybody roles/stor")]),
    "fewer users": ("google_storage_bucket_iam_member", member("allUsers"), member("user:a@x.org"), []),
    "of a domain": ("google_storage_bucket_iam_member", member("domain:x.org"), member("user:a@x.org"), []),
    "condition gone": (
        "google_storage_bucket_iam_member",
        member("user:a@x.org", condition="request.time < timestamp('2027-01-01T00:00:00Z')"),
        member("user:a@x.org"),
        [(R, "gives user:a@x.org")],
    ),
    "binding": (
        "google_storage_bucket_iam_binding",
        binding("user:a@x.org"),
        binding("user:a@x.org", "user:b@x.org"),
        [(R, "gives user:b@x.org r")],
    ),
    "owner": ("google_project_iam_policy", project("r"), project("roles/owner"), [(W, "project p gives user:a@x.org")]),
    "was owner": ("google_project_iam_policy", project("roles/owner"), project("r"), []),
    "permissions": (
        "google_project_iam_custom_role",
        {"role_id": "r", "permissions": ["a.b.get"]},
        {"role_id": "r", "permissions": ["a.b.get", "a.b.delete"]},
        [(R, "role r permits a.b.delete")],
    ),
    "firewall": ("google_compute_firewall", firewall(["10.0.0.0/8"]), firewall(["0.0.0.0/0"]), [(P, "network n lets")]),
    "no sources": ("google_compute_firewall", None, firewall([]), [(P, "lets in 0.0.0.0/0")]),
    "switched on": (
        "google_compute_firewall",
        firewall(["10.0.0.0/8"], disabled=True),
        firewall(["10.0.0.0/8"]),
        [(A, "lets in 10.0.0.0/8")],
    ),
    "refusal": ("google_compute_firewall", firewall(["0.0.0.0/0"], "deny"), None, [(U, "no longer refuses 0.0.0.0/0")]),
    "networks": (
        "google_container_cluster",
        gke(["8.8.8.0/24"]),
        gke(["8.8.8.0/24", "9.9.9.0/24"]),
        [(R, "cluster acme answers 9.9.9.0/24")],
    ),
    "private networks": (
        "google_container_cluster",
        gke(["8.8.8.0/24"]),
        gke(["8.8.8.0/24", "10.0.0.0/16"]),
        [(R, "cluster acme answers 10.0.0.0/16 within its network")],
    ),
    "no networks": ("google_container_cluster", gke(["8.8.8.0/24"]), gke(None), [(P, "acme answers 0.0.0.0/0")]),
    "nodes": (
        "google_container_cluster",
        gke(["8.8.8.0/24"]),
        gke(["8.8.8.0/24"], enable_private_nodes=False),
        [(P, "gives nodes public addresses")],
    ),
    "private endpoint": (
        "google_container_cluster",
        gke(["8.8.8.0/24"]),
        gke(["8.8.8.0/24"], enable_private_endpoint=True),
        [],
    ),
    "public endpoint": (
        "google_container_cluster",
        gke(["8.8.8.0/24"], enable_private_endpoint=True),
        gke(["8.8.8.0/24"]),
        [(R, "cluster acme answers 8.8.8.0/24 on the internet")],
    ),
    "bucket": (
        "google_storage_bucket",
        {"name": "b", "public_access_prevention": "enforced"},
        {"name": "b", "public_access_prevention": "inherited"},
        [(U, "bucket b can be made public")],
    ),
    "service": (
        "google_cloud_run_v2_service",
        {"name": "s", "ingress": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"},
        {"name": "s", "ingress": "INGRESS_TRAFFIC_ALL"},
        [(P, "service s answers more callers")],
    ),
    "SQL": (
        "google_sql_database_instance",
        {"name": "d", "settings": [{"ip_configuration": [{"ipv4_enabled": False, "ssl_mode": "ENCRYPTED_ONLY"}]}]},
        {"name": "d", "settings": [{"ip_configuration": [{"ipv4_enabled": True, "ssl_mode": "ENCRYPTED_ONLY"}]}]},
        [(P, "database d has a public address")],
    ),
}
OF_KUBERNETES: Mapping[str, Case] = {
    "another namespace": (
        "kubernetes_network_policy_v1",
        from_namespaces("monitoring"),
        from_namespaces("monitoring", "team"),
        [(R, "namespace mlflow lets every pod of team reach every pod on tcp 5000")],
    ),
    "namespace less": ("kubernetes_network_policy_v1", from_namespaces("a", "b"), from_namespaces("b"), []),
    "policy gone": (
        "kubernetes_network_policy_v1",
        from_namespaces(),
        None,
        [(U, "namespace mlflow no longer keeps every pod from being reached")],
    ),
    "fewer pods": (
        "kubernetes_network_policy_v1",
        from_namespaces(),
        from_namespaces(pods={"app": "x"}),
        [(U, "no longer keeps every pod from being reached")],
    ),
    "first policy": ("kubernetes_network_policy_v1", None, from_namespaces("team"), []),
    "service": (
        "kubernetes_service_v1",
        service("ClusterIP"),
        service("LoadBalancer"),
        [(P, "service team/api answers 0.0.0.0/0 (every address) on the internet on tcp 80")],
    ),
    "service inside": (
        "kubernetes_service_v1",
        service("ClusterIP"),
        service("LoadBalancer", {"networking.gke.io/load-balancer-type": "Internal"}),
        [(A, "(every address) within its network on tcp 80")],
    ),
    "ingress": ("kubernetes_ingress_v1", ingress("internal"), ingress("internet-facing"), [(P, "ingress i answers")]),
    "ingress inside": ("kubernetes_ingress_v1", ingress("internet-facing"), ingress("internal"), []),
    "verb": (
        "kubernetes_cluster_role_v1",
        cluster_role(["get"], ["pods"]),
        cluster_role(["get", "delete"], ["pods"]),
        [(R, "cluster role r may delete pods")],
    ),
    "every verb": (
        "kubernetes_cluster_role_v1",
        cluster_role(["get"], ["pods"]),
        cluster_role(["*"], ["*"]),
        [(W, "cluster role r may everything everything")],
    ),
    "administrator": ("kubernetes_cluster_role_binding_v1", None, ADMIN_BINDING, [(W, "gives Group devs ClusterRole")]),
    "pod security": ("kubernetes_namespace_v1", labelled("restricted"), labelled(None), [(U, "namespace team takes")]),
    "pod security up": ("kubernetes_namespace_v1", labelled("baseline"), labelled("restricted"), []),
    "chart": (
        "helm_release",
        {"name": "h", "values": ["service:\n  type: ClusterIP\n"]},
        {"name": "h", "values": ["service:\n  type: LoadBalancer\n"]},
        [(P, "chart h sets service.type = LoadBalancer, which is on the internet")],
    ),
}
CASES = {
    f"{table}: {name}": case
    for table, cases in (
        ("policies", POLICIES),
        ("aws", OF_AWS),
        ("google", OF_GOOGLE),
        ("kubernetes", OF_KUBERNETES),
    )
    for name, case in cases.items()
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_one_resource(case: Case) -> None:
    type_name, before, after, expected = case
    found = opened(type_name, f"{type_name}.this", before, after)
    assert [one.severity for one in found] == [severity for severity, _ in expected], found
    for opening, (_, words) in zip(found, expected, strict=True):
        assert words in opening.what
        assert opening.path
        assert not opening.unknown


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_stays_opens_nothing(case: Case) -> None:
    type_name, before, after, _ = case
    for values in (before, after):
        assert opened(type_name, "a", values, values) == ()


def change(address: str, before: Values | None, after: Values | None, unknown: Values | None = None) -> dict[str, Any]:
    body = {"before": before, "after": after, "after_unknown": unknown or {}, "actions": ["update"]}
    type_name = address.partition("[")[0].split(".")[-2]
    return {"address": address, "type": type_name, "mode": "managed", "change": body}


def whats(*changes: Mapping[str, Any]) -> list[str]:
    return [one.what for one in openings(changes)]


GROUP = change("aws_security_group.g", {"id": "sg-1", "name": "g"}, {"id": "sg-1", "name": "g"})
RULE = 'aws_vpc_security_group_ingress_rule.r["{}"]'


def test_a_rule_that_only_changes_its_key_opens_nothing() -> None:
    same = rule("10.0.0.0/8")
    assert whats(GROUP, change(RULE.format("a"), same, None), change(RULE.format("b"), None, same)) == []


def test_a_new_rule_of_a_group_that_is_there_is_an_opening() -> None:
    found = openings([GROUP, change(RULE.format("b"), None, rule("10.0.0.0/8"))])
    assert [(one.what, one.severity) for one in found] == [("security group g lets in 10.0.0.0/8 on tcp 443", A)]


def test_the_group_that_comes_with_a_cluster_is_called_by_it() -> None:
    cluster = {"name": "acme", "vpc_config": [{"cluster_security_group_id": "sg-1"}]}
    there = change("aws_eks_cluster.this", cluster, cluster)
    new = change(RULE.format("b"), None, rule("10.0.0.0/8"))
    assert whats(there, new) == ["security group of cluster acme lets in 10.0.0.0/8 on tcp 443"]


@pytest.mark.parametrize(("cidr", "count"), [("10.0.0.0/8", 0), ("0.0.0.0/0", 1)])
def test_of_a_new_group_only_what_everybody_reaches_counts(cidr: str, count: int) -> None:
    new = change("aws_security_group.g", None, {"name": "g"}, {"id": True})
    values = {**rule(cidr), "security_group_id": None}
    assert len(openings([new, change(RULE.format("a"), None, values, {"security_group_id": True})])) == count


@pytest.mark.parametrize(("resource", "count"), [("arn:aws:s3:::acme-new/*", 0), ("*", 1)])
def test_of_what_a_new_module_brings_only_wildcards_count(resource: str, count: int) -> None:
    there = change("module.network.aws_vpc.this", {"id": "vpc-1"}, {"id": "vpc-1"})
    role = change("module.new.aws_iam_role.this", None, {"name": "acme-trainer"})
    bucket_ = change("module.new.aws_s3_bucket.this", None, {"bucket": "acme-new"})
    new = change("module.new.aws_iam_role_policy.this", None, may(allow("s3:PutObject", resource)))
    assert len(openings([there, role, bucket_, new])) == count


FOREIGN = "arn:aws:iam::999988887777"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy"
STANDING: list[dict[str, Any]] = [
    change(address, values, values)
    for address, values in (
        ("module.s.aws_s3_bucket.data", {"bucket": "acme-data"}),
        ("module.s.aws_security_group.g", {"id": "sg-1", "name": "g"}),
        ("module.s.aws_eks_cluster.this", {"name": "acme"}),
        ("module.s.google_storage_bucket.this", {"name": "acme-data"}),
    )
]
ONTO_WHAT_STANDS: dict[str, tuple[dict[str, Values], str]] = {
    "a bucket lets an account in": (
        {"aws_s3_bucket_policy.x": bucket({**allow("s3:*"), "Principal": {"AWS": f"{FOREIGN}:root"}})},
        "bucket acme-data lets",
    ),
    "a cluster lets an administrator in": (
        {
            "aws_eks_access_entry.x": {"cluster_name": "acme", "principal_arn": f"{FOREIGN}:role/x"},
            "aws_eks_access_policy_association.x": {
                "cluster_name": "acme",
                "principal_arn": f"{FOREIGN}:role/x",
                "policy_arn": ADMIN,
                "access_scope": [{"type": "cluster"}],
            },
        },
        "cluster acme gives",
    ),
    "a group lets a range in": ({"aws_vpc_security_group_ingress_rule.x": rule("8.8.0.0/16", 5432, 5432)}, "8.8.0.0"),
    "a member of a bucket": (
        {"google_storage_bucket_iam_member.x": member("user:x@y.org", "roles/storage.admin")},
        "roles/storage.admin",
    ),
    "a role of another account reads a bucket": (
        {
            "aws_iam_role.x": trust({**allow("sts:AssumeRole"), "Principal": {"AWS": f"{FOREIGN}:root"}}),
            "aws_iam_role_policy.x": {**may(GET), "role": "acme-ci"},
        },
        "role acme-ci may s3:GetObject",
    ),
    "a policy that cannot be read": ({"aws_s3_bucket_policy.x": {"bucket": "acme-data", "policy": "{"}}, "cannot be"),
}


@pytest.mark.parametrize("module", ["module.new.", ""], ids=["new module", "root module"])
@pytest.mark.parametrize("case", ONTO_WHAT_STANDS.values(), ids=ONTO_WHAT_STANDS)
def test_a_new_module_that_gets_at_what_was_there_is_an_opening(
    case: tuple[dict[str, Values], str], module: str
) -> None:
    resources, said = case
    new = [change(f"{module}{address}", None, values) for address, values in resources.items()]
    assert any(said in one for one in whats(*STANDING, *new))


@pytest.mark.parametrize(("resource", "count"), [("arn:aws:s3:::acme-data/*", 1), ("arn:aws:s3:::acme-new/*", 0)])
def test_a_new_role_that_gets_at_what_was_there_is_an_opening(resource: str, count: int) -> None:
    there = change("module.m.aws_s3_bucket.data", {"bucket": "acme-data"}, {"bucket": "acme-data"})
    bucket_ = change("module.m.aws_s3_bucket.new", None, {"bucket": "acme-new"})
    role = change('module.m.aws_iam_role.r["a"]', None, trust(MAIN))
    policy = {**may(allow("s3:GetObject", resource)), "role": None}
    new = change('module.m.aws_iam_role_policy.r["a"]', None, policy, {"role": True})
    found = openings([there, bucket_, role, new])
    assert [(one.severity, one.what.startswith("role acme-ci may")) for one in found] == [(A, True)] * count


def test_a_name_within_another_name_is_no_new_thing() -> None:
    """A new `acme` does not make `acme-data` one."""
    there = change("module.m.aws_s3_bucket.data", {"bucket": "acme-data"}, {"bucket": "acme-data"})
    own = change("module.m.aws_s3_bucket.new", None, {"bucket": "acme"})
    role = change('module.m.aws_iam_role.r["a"]', None, trust(MAIN))
    policy = {**may(allow("s3:GetObject", "arn:aws:s3:::acme-data/*")), "role": None}
    new = change('module.m.aws_iam_role_policy.r["a"]', None, policy, {"role": True})
    assert any(one.what.startswith("role acme-ci may") for one in openings([there, own, role, new]))


@pytest.mark.parametrize("stands", [True, False])
def test_a_new_binding_for_a_whole_cluster_is_an_opening_where_the_cluster_is_not_new(stands: bool) -> None:
    binding = {
        "metadata": [{"name": "b"}],
        "role_ref": [{"kind": "ClusterRole", "name": "view"}],
        "subject": [{"kind": "User", "name": "x"}],
    }
    space = {"metadata": [{"name": "n"}]}
    there = change("module.m.kubernetes_namespace_v1.n", space if stands else None, space)
    found = openings([there, change("kubernetes_cluster_role_binding_v1.b", None, binding)])
    assert [one.what for one in found] == ["cluster gives User x ClusterRole view"] * stands


def test_what_goes_with_its_thing_opens_nothing() -> None:
    thing = change("aws_s3_bucket.b", {"bucket": "acme-data"}, None)
    block = change("aws_s3_bucket_public_access_block.b", ACCESS_BLOCK, None)
    policy = change("aws_s3_bucket_policy.b", bucket(TLS_ONLY), None)
    assert whats(thing, block, policy) == []
    assert len(whats(block, policy)) == 2
    thing["change"]["actions"] = ["forget"]
    assert len(whats(thing, block, policy)) == 2


def test_a_subnet_that_moves_to_the_table_of_the_internet_is_joined_to_it() -> None:
    route = {"route_table_id": "rtb-public", "destination_cidr_block": "0.0.0.0/0", "gateway_id": "igw-1"}
    subnet = {"id": "subnet-1", "tags": {"Name": "acme-private-a"}}
    there = [change("aws_route.public", route, route), change("aws_subnet.private", subnet, subnet)]
    joined, apart = ({"subnet_id": "subnet-1", "route_table_id": table} for table in ("rtb-public", "rtb-private"))
    expected = ["subnet acme-private-a is joined to the internet through an internet gateway"]
    assert whats(*there, change("aws_route_table_association.a", apart, joined)) == expected
    assert whats(*there, change("aws_route_table_association.a", joined, apart)) == []


def pool(service_account: str = "nodes", private: bool = True) -> Values:
    network = [{"enable_private_nodes": private}]
    return {"name": "pool", "node_config": [{"service_account": service_account}], "network_config": network}


POOL = 'module.pool.google_container_node_pool.this["{}"]'


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (pool(), []),
        (pool("admins"), ["node pool pool has nodes with the identity admins"]),
        (pool(private=False), ["node pool pool gives nodes public addresses"]),
    ],
)
def test_a_resource_with_another_key_is_held_against_the_one_that_goes(new: Values, expected: list[str]) -> None:
    assert whats(change(POOL.format("e2"), pool(), None), change(POOL.format("c3"), None, new)) == expected
    other = change(POOL.format("e2"), pool(), pool())
    public = [words for words in expected if "public" in words]
    assert whats(other, change(POOL.format("c3"), None, new)) == public


def test_policies_split_in_two_allow_what_they_did() -> None:
    before = change("aws_iam_role_policy.r", may(GET, PUT), may(GET))
    attached = {"role": "acme-trainer", "policy_arn": None}
    attachment = change('aws_iam_role_policy_attachment.a["a"]', None, attached, {"policy_arn": True})
    policy = change('aws_iam_policy.p["a"]', None, {"name": "p", "policy": doc(PUT)}, {"arn": True})
    assert whats(before, policy, attachment) == []
    wider = change('aws_iam_policy.p["a"]', None, {"name": "p", "policy": doc(allow("s3:DeleteObject"))})
    assert whats(before, wider, attachment) == ["role acme-trainer may s3:DeleteObject on arn:aws:s3:::acme-data/*"]


def test_a_network_policy_less_narrows_while_another_keeps_pods_apart() -> None:
    deny = change("kubernetes_network_policy_v1.deny", from_namespaces(), from_namespaces())
    team = from_namespaces("team")
    assert whats(deny, change("kubernetes_network_policy_v1.team", team, None)) == []
    assert len(whats(deny, change("kubernetes_network_policy_v1.team", None, team))) == 1


def test_a_policy_known_only_after_apply_is_unknown() -> None:
    after = {"role": "acme-trainer", "policy": None}
    found = openings([change("aws_iam_role_policy.r", may(GET), after, {"policy": True})])
    assert [(one.unknown, one.path) for one in found] == [(True, "policy")]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"Statement": [1]}', '"text"', "x" * 1_000_000])
def test_what_cannot_be_read_is_unknown(text: str) -> None:
    found = opened("aws_iam_role_policy", "r", may(GET), {"role": "a", "policy": text})
    assert [one.unknown for one in found] == [True]


def test_what_is_too_much_is_unknown() -> None:
    many = [f"s3:Get{number}" for number in range(600)]
    places = [f"arn:aws:s3:::bucket-{number}/*" for number in range(600)]
    found = opened("aws_iam_role_policy", "r", may(GET), may(allow(many, places)))
    assert [one.unknown for one in found] == [True]


def test_texts_of_resources_are_never_sentences() -> None:
    found = opened("google_storage_bucket_iam_member", "r", None, member("user:{role.__class__}", "{0}{member!x}"))
    assert [one.what for one in found] == ["bucket acme-data gives user:{role.__class__} {0}{member!x}"]


def test_the_heaviest_comes_first() -> None:
    balancer = change("aws_lb.x", {"name": "l", "internal": True}, {"name": "l", "internal": False})
    found = openings([GROUP, change(RULE.format("b"), None, rule("10.0.0.0/8")), balancer])
    assert [one.severity for one in found] == [P, A]
