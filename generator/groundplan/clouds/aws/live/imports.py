"""What AWS resources are imported by.

Each from the section "Import" of its page at https://registry.terraform.io/providers/hashicorp/aws/latest/docs, which
is website/docs/r/TYPE.html.markdown in https://github.com/hashicorp/terraform-provider-aws.
"""

from __future__ import annotations

from groundplan.live.imports import Imports

IMPORTS = Imports(
    {
        "aws_appautoscaling_policy": ("{service_namespace}/{resource_id}/{scalable_dimension}/{name}",),
        "aws_appautoscaling_target": ("{service_namespace}/{resource_id}/{scalable_dimension}",),
        "aws_autoscaling_group": ("{name}",),
        "aws_autoscaling_group_tag": ("{autoscaling_group_name},{tag.key}",),
        "aws_budgets_budget": ("{id}", "{account_id}:{name}"),
        "aws_cloudwatch_log_group": ("{name}",),
        "aws_cloudwatch_log_resource_policy": ("{policy_name}",),
        "aws_cloudwatch_metric_alarm": ("{alarm_name}",),
        "aws_db_instance": ("{identifier}",),
        "aws_db_parameter_group": ("{name}",),
        "aws_db_subnet_group": ("{name}",),
        "aws_ec2_subnet_cidr_reservation": ("{subnet_id}:{id}",),
        "aws_ecr_lifecycle_policy": ("{repository}",),
        "aws_ecr_repository": ("{name}",),
        "aws_ecs_cluster": ("{name}",),
        "aws_ecs_service": ("{cluster/}/{name}",),
        "aws_eip": ("{id}",),
        "aws_eks_access_entry": ("{cluster_name}:{principal_arn}",),
        "aws_eks_access_policy_association": ("{cluster_name}#{principal_arn}#{policy_arn}",),
        "aws_eks_addon": ("{cluster_name}:{addon_name}",),
        "aws_eks_cluster": ("{name}",),
        "aws_eks_node_group": ("{id}", "{cluster_name}:{node_group_name}"),
        "aws_eks_pod_identity_association": ("{cluster_name},{id}",),
        "aws_flow_log": ("{id}",),
        "aws_iam_instance_profile": ("{name}",),
        "aws_iam_openid_connect_provider": ("{id}",),
        "aws_iam_policy": ("{id}",),
        "aws_iam_role": ("{name}",),
        "aws_iam_role_policy": ("{role}:{name}",),
        "aws_iam_role_policy_attachment": ("{role}/{policy_arn}",),
        "aws_internet_gateway": ("{id}",),
        "aws_kms_alias": ("{name}",),
        "aws_kms_key": ("{id}",),
        "aws_launch_template": ("{id}",),
        "aws_lb": ("{id}",),
        "aws_lb_listener": ("{id}",),
        "aws_lb_target_group": ("{id}",),
        "aws_nat_gateway": ("{id}",),
        "aws_prometheus_alert_manager_definition": ("{workspace_id}",),
        "aws_prometheus_rule_group_namespace": ("{id}",),
        "aws_prometheus_scraper": ("{id}",),
        "aws_prometheus_scraper_logging_configuration": ("{scraper_id}",),
        "aws_prometheus_workspace": ("{id}",),
        "aws_prometheus_workspace_configuration": ("{workspace_id}",),
        "aws_route": (
            "{route_table_id}_{destination_cidr_block}",
            "{route_table_id}_{destination_ipv6_cidr_block}",
        ),
        "aws_route53_record": ("{zone_id}_{name}_{type}",),
        "aws_route_table": ("{id}",),
        "aws_route_table_association": ("{subnet_id}/{route_table_id}",),
        "aws_s3_bucket": ("{bucket}",),
        "aws_s3_bucket_lifecycle_configuration": ("{bucket}",),
        "aws_s3_bucket_logging": ("{bucket}",),
        "aws_s3_bucket_ownership_controls": ("{bucket}",),
        "aws_s3_bucket_policy": ("{bucket}",),
        "aws_s3_bucket_public_access_block": ("{bucket}",),
        "aws_s3_bucket_server_side_encryption_configuration": ("{bucket}",),
        "aws_s3_bucket_versioning": ("{bucket}",),
        "aws_secretsmanager_secret": ("{id}",),
        "aws_secretsmanager_secret_version": ("{id}",),
        "aws_security_group": ("{id}",),
        "aws_sns_topic": ("{id}",),
        "aws_sns_topic_policy": ("{arn}",),
        "aws_sns_topic_subscription": ("{id}",),
        "aws_subnet": ("{id}",),
        "aws_vpc": ("{id}",),
        "aws_vpc_endpoint": ("{id}",),
        "aws_vpc_security_group_egress_rule": ("{id}",),
        "aws_vpc_security_group_ingress_rule": ("{id}",),
    },
    again=frozenset({"aws_default_network_acl", "aws_default_route_table", "aws_default_security_group"}),
    never={
        "aws_ecs_task_definition": (
            "nothing runs it and it costs nothing: the plan makes another revision; "
            "`aws ecs deregister-task-definition` takes it away"
        ),
    },
)
"""Those that take the id alone have one that only AWS gives, so what was just begun cannot be looked for by it.

A network's three defaults are adopted by being made, as their pages say. A task definition is imported by its ARN,
which ends with the revision; Terraform tells the family alone.

Seen: a plan of Terraform 1.11 with provider 5.100.0 that imports 54 of these from moto 5.2 by what the forms give,
six of them with a change in place and two with a replacement; it was not applied, and no other provider nor AWS itself
was asked. The page alone stands for aws_appautoscaling_policy and _target, aws_budgets_budget, aws_eks_access_entry,
aws_eks_access_policy_association, aws_eks_addon, aws_eks_pod_identity_association, and of Prometheus the alert
manager's definition, the scraper, its logging and the workspace's configuration.
"""
