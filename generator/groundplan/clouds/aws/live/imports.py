"""What AWS resources are imported by whose import takes another name than their id, or whose name is known before.

Each from the section "Import" of its page below https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs.
`{id}` is the id that Terraform told; the other fields are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping

IMPORT_IDS: Mapping[str, tuple[str, ...]] = {
    "aws_appautoscaling_policy": ("{service_namespace}/{resource_id}/{scalable_dimension}/{name}",),
    "aws_appautoscaling_target": ("{service_namespace}/{resource_id}/{scalable_dimension}",),
    "aws_autoscaling_group_tag": ("{id}",),
    "aws_cloudwatch_log_group": ("{name}",),
    "aws_db_instance": ("{identifier}",),
    "aws_db_parameter_group": ("{name}",),
    "aws_db_subnet_group": ("{name}",),
    "aws_ec2_subnet_cidr_reservation": ("{subnet_id}:{id}",),
    "aws_ecr_repository": ("{name}",),
    "aws_ecs_cluster": ("{name}",),
    "aws_eks_addon": ("{cluster_name}:{addon_name}",),
    "aws_eks_cluster": ("{name}",),
    "aws_eks_node_group": ("{cluster_name}:{node_group_name}",),
    "aws_eks_pod_identity_association": ("{cluster_name},{id}",),
    "aws_iam_role": ("{name}",),
    "aws_iam_role_policy": ("{role}:{name}",),
    "aws_iam_role_policy_attachment": ("{role}/{policy_arn}",),
    "aws_kms_alias": ("{name}",),
    "aws_route": ("{route_table_id}_{destination_cidr_block}", "{route_table_id}_{destination_ipv6_cidr_block}"),
    "aws_route_table_association": ("{subnet_id}/{route_table_id}",),
    "aws_s3_bucket": ("{bucket}",),
}
