"""How made-up values look. Templates are `str.format` texts; `Synthesizer.field` lists their fields.

Identifiers and ARNs follow the formats of the AWS service authorization reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/); those of Google Cloud stand in `google_patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from groundplan.terraform.plugin import google_patterns

ID_PREFIXES: Mapping[str, str] = {
    "ami": "ami",
    "customer_gateway": "cgw",
    "default_network_acl": "acl",
    "default_route_table": "rtb",
    "default_security_group": "sg",
    "default_subnet": "subnet",
    "default_vpc": "vpc",
    "ebs_snapshot": "snap",
    "ebs_volume": "vol",
    "ec2_capacity_reservation": "cr",
    "ec2_managed_prefix_list": "pl",
    "ec2_transit_gateway": "tgw",
    "efs_access_point": "fsap",
    "efs_file_system": "fs",
    "efs_mount_target": "fsmt",
    "egress_only_internet_gateway": "eigw",
    "eip": "eipalloc",
    "eks_pod_identity_association": "a",
    "flow_log": "fl",
    "fsx_lustre_file_system": "fs",
    "instance": "i",
    "internet_gateway": "igw",
    "key_pair": "key",
    "launch_template": "lt",
    "nat_gateway": "nat",
    "network_acl": "acl",
    "network_interface": "eni",
    "placement_group": "pg",
    "prefix_list": "pl",
    "route": "r",
    "route_table": "rtb",
    "route_table_association": "rtbassoc",
    "security_group": "sg",
    "security_group_rule": "sgrule",
    "subnet": "subnet",
    "vpc": "vpc",
    "vpc_dhcp_options": "dopt",
    "vpc_endpoint": "vpce",
    "vpc_ipv4_cidr_block_association": "vpc-cidr-assoc",
    "vpc_peering_connection": "pcx",
    "vpc_security_group_egress_rule": "sgr",
    "vpc_security_group_ingress_rule": "sgr",
    "vpn_gateway": "vgw",
}
"""AWS type without `aws_` -> what its ids start with."""

EC2_ARNS: Mapping[str, str] = {
    "ebs_snapshot": "snapshot",
    "ebs_volume": "volume",
    "ec2_capacity_reservation": "capacity-reservation",
    "ec2_managed_prefix_list": "prefix-list",
    "ec2_transit_gateway": "transit-gateway",
    "eip": "elastic-ip",
    "flow_log": "vpc-flow-log",
    "vpc_peering_connection": "vpc-peering-connection",
}
"""Types of EC2 whose resource word in an ARN is not the type with dashes."""

IDS: Mapping[str, str] = {
    "aws_cloudwatch_log_group": "{name}",
    "aws_db_instance": "db-{HEX26}",
    "aws_db_subnet_group": "{name}",
    "aws_ecr_repository": "{name}",
    "aws_eks_addon": "{cluster_name}:{addon_name}",
    "aws_eks_access_entry": "{cluster_name}:{principal_arn}",
    "aws_eks_cluster": "{name}",
    "aws_eks_fargate_profile": "{cluster_name}:{fargate_profile_name}",
    "aws_eks_node_group": "{cluster_name}:{node_group_name}",
    "aws_iam_instance_profile": "{name}",
    "aws_iam_openid_connect_provider": "{arn}",
    "aws_iam_policy": "{arn}",
    "aws_iam_role": "{name}",
    "aws_iam_role_policy": "{role}:{name}",
    "aws_iam_role_policy_attachment": "{role}/{policy_arn}",
    "aws_kms_alias": "{name}",
    "aws_kms_key": "{uuid}",
    "aws_lb": "{arn}",
    "aws_lb_listener": "{arn}",
    "aws_lb_target_group": "{arn}",
    "aws_acm_certificate": "{arn}",
    "aws_rds_cluster": "{cluster_identifier}",
    "aws_route53_zone": "Z{HEX20}",
    "aws_s3_bucket": "{bucket}",
    "aws_secretsmanager_secret": "{arn}",
    "aws_secretsmanager_secret_version": "{secret_id}|terraform-{hex26}",
    "aws_sns_topic": "{arn}",
    "aws_sqs_queue": "https://sqs.{region}.amazonaws.com/{account}/{name}",
    "aws_ssm_parameter": "{name}",
    "random_uuid": "{uuid}",
    **google_patterns.IDS,
}
"""Ids that are not a prefix and a number."""

ARNS: Mapping[str, str] = {
    "aws_acm_certificate": "acm:{region}:{account}:certificate/{uuid}",
    "aws_autoscaling_group": "autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
    "aws_cloudtrail": "cloudtrail:{region}:{account}:trail/{name}",
    "aws_cloudwatch_event_rule": "events:{region}:{account}:rule/{name}",
    "aws_cloudwatch_log_group": "logs:{region}:{account}:log-group:{name}",
    "aws_cloudwatch_metric_alarm": "cloudwatch:{region}:{account}:alarm:{alarm_name}",
    "aws_db_instance": "rds:{region}:{account}:db:{identifier}",
    "aws_db_parameter_group": "rds:{region}:{account}:pg:{name}",
    "aws_db_subnet_group": "rds:{region}:{account}:subgrp:{name}",
    "aws_dynamodb_table": "dynamodb:{region}:{account}:table/{name}",
    "aws_ecr_repository": "ecr:{region}:{account}:repository/{name}",
    "aws_efs_access_point": "elasticfilesystem:{region}:{account}:access-point/{id}",
    "aws_efs_file_system": "elasticfilesystem:{region}:{account}:file-system/{id}",
    "aws_eks_access_entry": "eks:{region}:{account}:access-entry/{cluster_name}/role/{account}/{hex8}/{uuid}",
    "aws_eks_addon": "eks:{region}:{account}:addon/{cluster_name}/{addon_name}/{uuid}",
    "aws_eks_cluster": "eks:{region}:{account}:cluster/{name}",
    "aws_eks_fargate_profile": "eks:{region}:{account}:fargateprofile/{cluster_name}/{fargate_profile_name}/{uuid}",
    "aws_eks_node_group": "eks:{region}:{account}:nodegroup/{cluster_name}/{node_group_name}/{uuid}",
    "aws_eks_pod_identity_association": "eks:{region}:{account}:podidentityassociation/{cluster_name}/a-{hex17}",
    "aws_iam_group": "iam::{account}:group/{name}",
    "aws_iam_instance_profile": "iam::{account}:instance-profile/{name}",
    "aws_iam_openid_connect_provider": "iam::{account}:oidc-provider/oidc.eks.{region}.amazonaws.com/id/{HEX32}",
    "aws_iam_policy": "iam::{account}:policy/{name}",
    "aws_iam_role": "iam::{account}:role/{name}",
    "aws_iam_user": "iam::{account}:user/{name}",
    "aws_kms_alias": "kms:{region}:{account}:{name}",
    "aws_kms_key": "kms:{region}:{account}:key/{uuid}",
    "aws_lambda_function": "lambda:{region}:{account}:function:{function_name}",
    "aws_lb": "elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex16}",
    "aws_lb_listener": "elasticloadbalancing:{region}:{account}:listener/app/{name}/{hex16}/{hex12}",
    "aws_lb_target_group": "elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex16}",
    "aws_prometheus_workspace": "aps:{region}:{account}:workspace/ws-{uuid}",
    "aws_rds_cluster": "rds:{region}:{account}:cluster:{cluster_identifier}",
    "aws_route53_zone": "route53:::hostedzone/{id}",
    "aws_s3_bucket": "s3:::{bucket}",
    "aws_secretsmanager_secret": "secretsmanager:{region}:{account}:secret:{name}-{hex6}",
    "aws_secretsmanager_secret_version": "secretsmanager:{region}:{account}:secret:{secret_id}-{hex6}",
    "aws_sns_topic": "sns:{region}:{account}:{name}",
    "aws_sqs_queue": "sqs:{region}:{account}:{name}",
    "aws_ssm_parameter": "ssm:{region}:{account}:parameter/{name}",
}
"""ARNs after `arn:PARTITION:`."""

TEXTS: Mapping[tuple[str, str], str] = {
    ("aws_db_instance", "address"): "{identifier}.{hex12}.{region}.rds.amazonaws.com",
    ("aws_db_instance", "endpoint"): "{identifier}.{hex12}.{region}.rds.amazonaws.com:5432",
    ("aws_db_instance", "identifier"): "terraform-{hex26}",
    ("aws_ecr_repository", "repository_url"): "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    ("aws_eks_cluster", "endpoint"): "https://{HEX32}.gr7.{region}.eks.amazonaws.com",
    ("aws_eks_cluster", "identity.oidc.issuer"): "https://oidc.eks.{region}.amazonaws.com/id/{HEX32}",
    ("aws_eks_cluster", "kubernetes_network_config.service_ipv4_cidr"): "172.20.0.0/16",
    ("aws_eks_cluster", "platform_version"): "eks.1",
    ("aws_eks_cluster", "version"): "1.34",
    ("aws_eks_node_group", "resources.autoscaling_groups.name"): "eks-{node_group_name}-{uuid}",
    ("aws_eks_node_group", "version"): "1.34",
    ("aws_iam_role", "unique_id"): "AROA{HEX17}",
    ("aws_lb", "dns_name"): "{name}-{hex10}.{region}.elb.amazonaws.com",
    ("aws_rds_cluster", "endpoint"): "{cluster_identifier}.cluster-{hex12}.{region}.rds.amazonaws.com",
    ("aws_s3_bucket", "bucket"): "terraform-{hex26}",
    ("aws_s3_bucket", "bucket_domain_name"): "{bucket}.s3.amazonaws.com",
    ("aws_s3_bucket", "bucket_regional_domain_name"): "{bucket}.s3.{region}.amazonaws.com",
    ("aws_s3_bucket", "hosted_zone_id"): "Z3AQBSTGFYJSTF",
    ("aws_sqs_queue", "url"): "https://sqs.{region}.amazonaws.com/{account}/{name}",
    **google_patterns.TEXTS,
}
"""(type, attribute path) -> text."""

NAMES: Mapping[str, str] = {
    "account_id": "{account}",
    "arn_suffix": "{hex16}",
    "allocation_id": "eipalloc-{hex17}",
    "association_id": "eipassoc-{hex17}",
    "availability_zone": "{region}a",
    "availability_zone_id": "{zone_id}",
    "aws_account_id": "{account}",
    "certificate_pem": "{pem}",
    "ca_certificate": "{base64_pem}",
    "cert_pem": "{pem}",
    "client_certificate": "{base64_pem}",
    "cluster_ca_certificate": "{base64_pem}",
    "cluster_security_group_id": "sg-{hex17}",
    "default_network_acl_id": "acl-{hex17}",
    "default_route_table_id": "rtb-{hex17}",
    "default_security_group_id": "sg-{hex17}",
    "deletion_policy": "DELETE",
    "dns_suffix": "amazonaws.com",
    "family": "offline",
    "image_id": "ami-{hex17}",
    "instance_id": "i-{hex17}",
    "ipv6_cidr_block": "2600:1f18:{hex4}:{hex4}::/64",
    "key_id": "{uuid}",
    "main_route_table_id": "rtb-{hex17}",
    "nat_gateway_id": "nat-{hex17}",
    "network_interface_id": "eni-{hex17}",
    "owner": "{account}",
    "owner_id": "{account}",
    "partition": "aws",
    "password": "{hex24}",
    "policy": "{{}}",
    "prefix_list_id": "pl-{hex17}",
    "primary_network_interface_id": "eni-{hex17}",
    "private_ip": "10.{byte}.{byte}.10",
    "private_key_pem": "{private_pem}",
    "private_key_pem_pkcs8": "{private_pem}",
    "private_key_openssh": "{private_pem}",
    "project": "{project}",
    "public_ip": "203.0.113.{byte}",
    "region": "{region}",
    "registry_id": "{account}",
    "route_table_id": "rtb-{hex17}",
    "secret": "{hex40}",
    "security_group_id": "sg-{hex17}",
    "sha1_fingerprint": "{hex40}",
    "snapshot_id": "snap-{hex17}",
    "state": "ACTIVE",
    "status": "ACTIVE",
    "subnet_id": "subnet-{hex17}",
    "thumbprint": "{hex40}",
    "token": "{hex40}",
    "vpc_id": "vpc-{hex17}",
    "zone_id": "Z{HEX20}",
}
"""Attribute name -> text, whatever the type."""

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(^|_)(certificate|ca)_data$|^data$"), "{base64_pem}"),
    (re.compile(r"(^|_)arn$"), "arn:{partition}:{service}:{region}:{account}:{kind}/{hex17}"),
    (re.compile(r"_self_link$|^self_link$"), "https://www.googleapis.com/{service}/v1/{id}"),
    (re.compile(r"(^|_)ipv6_cidr"), "2600:1f18:{hex4}:{hex4}::/64"),
    (re.compile(r"(^|_)cidr"), "10.{byte}.0.0/16"),
    (re.compile(r"(_at|_time|_date|_timestamp|^not_after|^not_before)$"), "2026-01-01T00:00:00Z"),
    (re.compile(r"(endpoint|url|uri|issuer)$"), "https://{hex12}.{region}.example.com"),
    (re.compile(r"(domain_name|dns_name|hostname|fqdn|address)$"), "{hex12}.{region}.example.com"),
    (re.compile(r"(fingerprint|thumbprint|sha1|etag|checksum)$"), "{hex40}"),
    (re.compile(r"(base64|b64)"), "{base64_pem}"),
    (re.compile(r"(^|_)json$"), "{{}}"),
    (re.compile(r"email$"), "offline@{project}.iam.gserviceaccount.com"),
)
"""Tried in order on the last name of the path."""

NUMBERS: Mapping[str, int] = {
    "default_version": 1,
    "generation": 1,
    "latest_version": 1,
    "metageneration": 1,
    "port": 5432,
    "version": 1,
}
"""Attribute name -> number; any other number is 0."""

_DIRECTIONS = {"central": "c", "east": "e", "north": "n", "northeast": "ne", "northwest": "nw"}
_DIRECTIONS |= {"south": "s", "southeast": "se", "southwest": "sw", "west": "w"}


def zone_id(region: str, number: int) -> str:
    """Zone id of a region: `us-east-1` has `use1-az1`, `ap-southeast-2` `apse2-az1`."""
    words = region.split("-")
    short = "".join(_DIRECTIONS.get(word, word) for word in (w[0] if w == "gov" else w for w in words))
    return f"{short}-az{number}"
