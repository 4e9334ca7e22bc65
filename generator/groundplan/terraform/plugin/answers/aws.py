"""Amazon Web Services."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from groundplan.terraform.plugin.answers.registry import answers
from groundplan.terraform.plugin.patterns import zone_id
from groundplan.terraform.plugin.policy import policy_json
from groundplan.terraform.plugin.synthetic import Synthesizer

_ZONES = 3
_SUBNETS = 3
_MOST_ZONES = 6
_LIST = re.compile(r"\[[^\[\]]*\]")
_SUBNET_ID = re.compile(r'"(subnet-[0-9a-f]{8,17})"')
_ZONE_ID = re.compile(r'"([a-z]{2,5}[0-9]-az[0-9])"')
_KUBERNETES = "1.34"
_PUNCTUATION = "!#$%&()*+,-./:;<=>?@[]^_{|}~"


@answers("data", "aws_caller_identity")
def caller_identity(ask: Synthesizer) -> dict[str, Any]:
    """The account of the provider block, as an assumed role."""
    return {
        "id": ask.scope.account_id,
        "account_id": ask.scope.account_id,
        "arn": ask.render("arn:{partition}:sts::{account}:assumed-role/offline/offline"),
        "user_id": ask.render("AROA{HEX17}:offline"),
    }


@answers("data", "aws_partition")
def partition(ask: Synthesizer) -> dict[str, Any]:
    """The partition of the region."""
    china = ask.scope.partition == "aws-cn"
    return {
        "id": ask.scope.partition,
        "partition": ask.scope.partition,
        "dns_suffix": "amazonaws.com.cn" if china else "amazonaws.com",
        "reverse_dns_prefix": "cn.com.amazonaws" if china else "com.amazonaws",
    }


@answers("data", "aws_region")
def region(ask: Synthesizer) -> dict[str, Any]:
    """The region asked for, or that of the provider block."""
    name = ask.known("region") or ask.known("name") or ask.scope.region
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": f"Region {name}",
        "endpoint": f"ec2.{name}.amazonaws.com",
    }


@answers("data", "aws_availability_zones")
def availability_zones(ask: Synthesizer) -> dict[str, Any]:
    """Three zones of the region, less the excluded ones."""
    name = ask.field("region")
    zones = [(f"{name}{'abcdef'[number]}", zone_id(name, number + 1)) for number in range(_ZONES)]
    names, ids = set(ask.known("exclude_names") or ()), set(ask.known("exclude_zone_ids") or ())
    kept = [zone for zone in zones if zone[0] not in names and zone[1] not in ids]
    return {
        "id": name,
        "names": [zone[0] for zone in kept],
        "zone_ids": [zone[1] for zone in kept],
        "group_names": [name],
    }


@answers("data", "aws_availability_zone")
def availability_zone(ask: Synthesizer) -> dict[str, Any]:
    """One zone, named by name or id."""
    region_name = ask.field("region")
    letter = (ask.known("name") or "a")[-1]
    number = int((ask.known("zone_id") or f"{'abcdef'.index(letter) + 1}")[-1])
    letter = "abcdef"[number - 1]
    return {
        "id": f"{region_name}{letter}",
        "name": f"{region_name}{letter}",
        "name_suffix": letter,
        "zone_id": zone_id(region_name, number),
        "region": region_name,
        "state": "available",
        "zone_type": "availability-zone",
    }


@answers("data", "aws_iam_policy_document")
def iam_policy_document(ask: Synthesizer) -> dict[str, Any]:
    """The document itself: nothing about it needs a cloud."""
    indented, minified = policy_json(ask.values)
    return {"json": indented, "minified_json": minified}


@answers("data", "aws_iam_session_context")
def iam_session_context(ask: Synthesizer) -> dict[str, Any]:
    """The role behind an assumed-role ARN."""
    arn: str = ask.values["arn"]
    parts = arn.split("/")
    if ":assumed-role/" not in arn:
        return {"issuer_arn": arn, "issuer_name": "", "issuer_id": "", "session_name": ""}
    return {
        "issuer_arn": ask.render("arn:{partition}:iam::{account}:role/") + parts[1],
        "issuer_name": parts[1],
        "session_name": parts[-1],
    }


@answers("data", "aws_service_principal")
def service_principal(ask: Synthesizer) -> dict[str, Any]:
    """`SERVICE.amazonaws.com`."""
    suffix = "amazonaws.com"
    name = f"{ask.values['service_name']}.{suffix}"
    return {"id": name, "name": name, "suffix": suffix, "region": ask.field("region")}


@answers("data", "aws_eks_cluster")
def eks_cluster(ask: Synthesizer) -> dict[str, Any]:
    """A running cluster of the given name; its endpoint and certificate come from the patterns of the type."""
    return {
        "id": ask.values["name"],
        "version": _KUBERNETES,
        "status": "ACTIVE",
        "access_config": [{"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": False}],
        "enabled_cluster_log_types": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
    }


@answers("resource", "aws_eks_cluster")
def new_eks_cluster(ask: Synthesizer) -> dict[str, Any]:
    """A new cluster runs the version asked for."""
    return {"version": ask.known("version") or _KUBERNETES, "status": "ACTIVE"}


@answers("resource", "aws_eks_access_entry")
def access_entry(ask: Synthesizer) -> dict[str, Any]:
    """The name that EKS gives a role or a user that gets none.

    https://docs.aws.amazon.com/eks/latest/userguide/set-custom-username.html
    """
    principal = str(ask.known("principal_arn") or "")
    account, _, name = principal.partition(":role/")
    role = name.rpartition("/")[2]
    session = f"{account.replace(':iam:', ':sts:')}:assumed-role/{role}/{{{{SessionName}}}}"
    return {"user_name": ask.known("user_name") or (session if role else principal)}


@answers("data", "aws_eks_cluster_versions")
def eks_cluster_versions(_ask: Synthesizer) -> dict[str, Any]:
    """One version in standard support, with nothing said about its control plane."""
    version = {
        "cluster_type": "eks",
        "cluster_version": _KUBERNETES,
        "default_platform_version": "eks.1",
        "default_version": True,
        "end_of_extended_support_date": "2027-12-02T00:00:00Z",
        "end_of_standard_support_date": "2026-12-02T00:00:00Z",
        "kubernetes_patch_version": f"{_KUBERNETES}.1",
        "release_date": "2025-10-02T00:00:00Z",
        "version_status": "STANDARD_SUPPORT",
        "control_plane_component_config": [],
        "control_plane_scaling_tiers": [],
    }
    return {"cluster_versions": [version]}


@answers("data", "aws_eks_addon_version")
def eks_addon_version(ask: Synthesizer) -> dict[str, Any]:
    """A version in the format of EKS add-ons; kube-proxy has that of Kubernetes."""
    name, kubernetes = ask.values["addon_name"], ask.known("kubernetes_version") or _KUBERNETES
    return {"id": name, "version": f"v{kubernetes}.0-eksbuild.1" if name == "kube-proxy" else "v1.20.0-eksbuild.1"}


@answers("data", "aws_ssm_parameter")
def ssm_parameter(ask: Synthesizer) -> dict[str, Any]:
    """An image id, release version or JSON for the public parameters of images, else a made-up text."""
    name: str = ask.values["name"]
    version = re.search(r"/optimized-ami/(1\.\d+)/", name)
    release = f"{version[1] if version else _KUBERNETES}.1-20260101"
    if name.endswith("/release_version"):
        value = release
    elif name.endswith("/recommended"):
        value = json.dumps({"image_id": ask.render("ami-{hex17}"), "release_version": release})
    elif name.startswith("/aws/service/") and ("ami" in name or name.endswith("image_id")):
        value = ask.render("ami-{hex17}")
    else:
        value = ask.render("offline-{hex12}")
    return {"id": name, "value": value, "insecure_value": value, "type": "String", "version": 1}


@answers("ephemeral", "aws_ssm_parameter")
def ephemeral_parameter(ask: Synthesizer) -> dict[str, Any]:
    """A secret value."""
    return {"value": ask.render("offline-{hex24}"), "type": "SecureString"}


@answers("data", "aws_vpc")
def vpc(ask: Synthesizer) -> dict[str, Any]:
    """An available network with DNS."""
    return {
        "cidr_block": ask.known("cidr_block") or "10.0.0.0/16",
        "state": "available",
        "enable_dns_hostnames": True,
        "enable_dns_support": True,
    }


@answers("data", "aws_subnets", "aws_security_groups", "aws_vpcs", "aws_route_tables", "aws_instances")
def several_ids(ask: Synthesizer) -> dict[str, Any]:
    """Three of them."""
    prefix = {"aws_subnets": "subnet", "aws_security_groups": "sg", "aws_vpcs": "vpc", "aws_route_tables": "rtb"}
    start = prefix.get(ask.type_name, "i")
    return {"ids": [f"{start}-{ask.hex(17, str(number))}" for number in range(_SUBNETS)]}


@answers("data", "aws_subnet")
def subnet(ask: Synthesizer) -> dict[str, Any]:
    """An available subnet; its place in the network depends on its id, and no other of its list is in its zone."""
    number = int(ask.hex(2), 16)
    zones = _zones_of_subnets(ask.scope.files.configuration(), ask.field("region"))
    return {
        "availability_zone_id": zones.get(ask.known("id") or "")
        or zone_id(ask.field("region"), 1 + int(ask.hex(6), 16)),
        "cidr_block": ask.known("cidr_block") or f"10.0.{number}.0/24",
        "state": "available",
        "available_ip_address_count": 251,
    }


@cache
def _zones_of_subnets(text: str, region: str) -> dict[str, str]:
    """A zone for each subnet that a list of the configuration names: such that lists of zones are served.

    Where subnets are is known only to the account. Whoever lists zones for some nodes has a subnet in one of them, or
    the account will say so.
    """
    lists = _LIST.findall(text)
    wanted = [zones for one in lists if (zones := set(_ZONE_ID.findall(one)))]
    order = _serving(wanted, [zone_id(region, number + 1) for number in range(_MOST_ZONES)])
    found: dict[str, str] = {}
    for one in lists:
        found = {**dict(zip(sorted(set(_SUBNET_ID.findall(one))), order, strict=False)), **found}
    return found


def _serving(wanted: list[set[str]], zones: list[str]) -> list[str]:
    """The zones, each time the one that serves most of the lists that none before it does."""
    order: list[str] = []
    while len(order) < len(zones):
        unserved = [one for one in wanted if not one & set(order)]
        by_worth = {zone: sum(zone in one for one in unserved) for zone in zones if zone not in order}
        order.append(max(by_worth, key=by_worth.__getitem__))
    return order


@answers("data", "aws_ec2_instance_type_offerings")
def instance_type_offerings(ask: Synthesizer) -> dict[str, Any]:
    """Whatever types the filter names, in the region."""
    named = [v for f in ask.known("filter") or () if f["name"] == "instance-type" for v in f["values"]]
    place = ask.field("region")
    return {
        "instance_types": named,
        "locations": [place] * len(named),
        "location_types": [ask.known("location_type") or "region"] * len(named),
    }


@answers("data", "aws_autoscaling_groups")
def autoscaling_groups(_ask: Synthesizer) -> dict[str, Any]:
    """None: nothing runs yet."""
    return {"names": [], "arns": []}


@answers("data", "aws_ecr_authorization_token")
def ecr_authorization_token(ask: Synthesizer) -> dict[str, Any]:
    """A token for the registry of the account."""
    return {
        "user_name": "AWS",
        "password": ask.hex(40),
        "proxy_endpoint": ask.render("https://{account}.dkr.ecr.{region}.amazonaws.com"),
    }


@answers("data", "aws_eks_cluster_auth")
def eks_cluster_auth_data(ask: Synthesizer) -> dict[str, Any]:
    """A token that ends up in the state: the ephemeral resource does not."""
    return {"id": ask.values["name"], "token": ask.render("k8s-aws-v1.{hex40}")}


@answers("ephemeral", "aws_eks_cluster_auth")
def eks_cluster_auth(ask: Synthesizer) -> dict[str, Any]:
    """A token."""
    return {"token": ask.render("k8s-aws-v1.{hex40}")}


@answers("data", "aws_secretsmanager_secret_version")
@answers("ephemeral", "aws_secretsmanager_secret_version")
def secret_version(ask: Synthesizer) -> dict[str, Any]:
    """A secret that is a JSON object with a user and a password, as database secrets are."""
    return {"secret_string": json.dumps({"username": "offline", "password": ask.hex(32)}), "version_id": ask.hex(32)}


@answers("data", "aws_secretsmanager_random_password")
@answers("ephemeral", "aws_secretsmanager_random_password")
def secretsmanager_random_password(ask: Synthesizer) -> dict[str, Any]:
    """A password of the asked length and alphabet."""
    length = int(ask.known("password_length") or 32)
    kinds = {
        "exclude_lowercase": "abcdefghijklmnopqrstuvwxyz",
        "exclude_uppercase": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "exclude_numbers": "0123456789",
        "exclude_punctuation": _PUNCTUATION,
    }
    unwanted = set(ask.known("exclude_characters") or "")
    alphabet = "".join(
        c for option, characters in kinds.items() if not ask.known(option) for c in characters if c not in unwanted
    )
    return {"random_password": ask.characters(alphabet, length)}


@answers("resource", "aws_route53_zone")
def route53_zone(ask: Synthesizer) -> dict[str, Any]:
    """A zone has four name servers."""
    servers = [f"ns-{number}.awsdns-{number:02}.{end}" for number, end in enumerate(("com", "net", "org", "co.uk"))]
    return {"name_servers": servers, "primary_name_server": servers[0], "zone_id": ask.field("id")}


@answers("resource", "aws_subnet")
def new_subnet(ask: Synthesizer) -> dict[str, Any]:
    """The zone's name fits its id and the other way round."""
    region_name = ask.field("region")
    name, identifier = ask.known("availability_zone"), ask.known("availability_zone_id")
    if identifier and not name:
        return {"availability_zone": f"{region_name}{'abcdef'[int(identifier[-1]) - 1]}"}
    letter = (name or f"{region_name}a")[-1]
    return {
        "availability_zone": name or f"{region_name}a",
        "availability_zone_id": zone_id(region_name, "abcdef".index(letter) + 1),
    }


@answers("resource", "aws_eip")
def elastic_ip(ask: Synthesizer) -> dict[str, Any]:
    """An address whose allocation id is its id."""
    return {"allocation_id": ask.field("id"), "domain": ask.known("domain") or "vpc"}


@answers("resource", "aws_kms_key", "aws_kms_replica_key")
def kms_key(ask: Synthesizer) -> dict[str, Any]:
    """A key whose key id is its id."""
    return {"key_id": ask.render("{uuid}")}


@answers("data", "aws_default_tags")
def default_tags(ask: Synthesizer) -> dict[str, Any]:
    """The default tags of the provider block."""
    return {"id": ask.scope.partition, "tags": dict(ask.scope.default_tags)}
