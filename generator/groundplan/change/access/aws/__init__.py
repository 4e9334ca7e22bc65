"""Accesses of resources of AWS."""

from __future__ import annotations

from collections.abc import Mapping

from groundplan.change.access.aws import identities, networks, policies
from groundplan.change.access.side import Reader

READERS: Mapping[str, tuple[Reader, ...]] = {**policies.READERS, **networks.READERS, **identities.READERS}
"""By resource type, what reads its accesses."""

OWNERS: Mapping[str, tuple[str, ...]] = {
    "bucket": ("aws_s3_bucket.bucket",),
    "cluster": ("aws_eks_cluster.name",),
    "key": ("aws_kms_key.key_id",),
    "load balancer": ("aws_lb.arn",),
    "policy": ("aws_iam_policy.name",),
    "repository": ("aws_ecr_repository.name",),
    "role": ("aws_iam_role.name",),
    "route table": ("aws_route_table.id", "aws_default_route_table.id"),
    "secret": ("aws_secretsmanager_secret.name",),
    "security group": ("aws_security_group.id",),
    "subnet": ("aws_subnet.id",),
    "topic": ("aws_sns_topic.name",),
}
"""By sort of a thing, the attribute by which accesses name it."""
