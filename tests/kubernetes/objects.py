"""Kubernetes objects as the provider would send them, made from a Terraform plan in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

KINDS = {
    "kubernetes_cluster_role_binding_v1": ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    "kubernetes_cluster_role_v1": ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    "kubernetes_config_map_v1": ("v1", "ConfigMap"),
    "kubernetes_default_service_account_v1": ("v1", "ServiceAccount"),
    "kubernetes_deployment_v1": ("apps/v1", "Deployment"),
    "kubernetes_horizontal_pod_autoscaler_v2": ("autoscaling/v2", "HorizontalPodAutoscaler"),
    "kubernetes_ingress_v1": ("networking.k8s.io/v1", "Ingress"),
    "kubernetes_limit_range_v1": ("v1", "LimitRange"),
    "kubernetes_namespace_v1": ("v1", "Namespace"),
    "kubernetes_network_policy_v1": ("networking.k8s.io/v1", "NetworkPolicy"),
    "kubernetes_pod_disruption_budget_v1": ("policy/v1", "PodDisruptionBudget"),
    "kubernetes_priority_class_v1": ("scheduling.k8s.io/v1", "PriorityClass"),
    "kubernetes_resource_quota_v1": ("v1", "ResourceQuota"),
    "kubernetes_role_binding_v1": ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    "kubernetes_role_v1": ("rbac.authorization.k8s.io/v1", "Role"),
    "kubernetes_service_account_v1": ("v1", "ServiceAccount"),
    "kubernetes_service_v1": ("v1", "Service"),
    "kubernetes_storage_class_v1": ("storage.k8s.io/v1", "StorageClass"),
}

ARRAYS = {
    "container": "containers",
    "egress": "egress",
    "env": "env",
    "from": "from",
    "ingress": "ingress",
    "init_container": "initContainers",
    "limit": "limits",
    "match_expressions": "matchExpressions",
    "metric": "metrics",
    "path": "paths",
    "port": "ports",
    "ports": "ports",
    "rule": "rules",
    "tls": "tls",
    "to": "to",
    "toleration": "tolerations",
    "topology_spread_constraint": "topologySpreadConstraints",
    "volume": "volumes",
    "volume_mount": "volumeMounts",
}
"""Blocks that are arrays in the API, under its plural; every other block is an object."""

AS_NUMBER = {
    "fs_group",
    "max_surge",
    "max_unavailable",
    "port",
    "replicas",
    "run_as_group",
    "run_as_user",
    "target_port",
}
"""Text in the provider, a number in the API when it is one."""

TERRAFORM_ONLY = {
    "id",
    "status",
    "timeouts",
    "wait_for_default_service_account",
    "wait_for_load_balancer",
    "wait_for_rollout",
}
NAMES_AND_VALUES = {
    "annotations",
    "data",
    "default_request",
    "hard",
    "labels",
    "limits",
    "match_labels",
    "node_selector",
    "parameters",
    "requests",
    "selector",
}
"""Maps whose keys are the user's, when they are maps and not blocks."""


def objects(plan: Json) -> Iterator[Json]:
    """Every Kubernetes object of a plan, in any module; a resource type that is not known is an error."""
    yield from _of_module(plan["planned_values"]["root_module"])


def _of_module(module: Json) -> Iterator[Json]:
    for resource in module.get("resources", ()):
        if resource["type"].startswith("kubernetes_"):
            version, kind = KINDS[resource["type"]]
            yield {"apiVersion": version, "kind": kind, **_named(resource)}
    for child in module.get("child_modules", ()):
        yield from _of_module(child)


def _named(resource: Json) -> Json:
    values = {name: value for name, value in resource["values"].items() if name not in TERRAFORM_ONLY}
    converted = _object(values, "")
    if resource["type"] == "kubernetes_default_service_account_v1":
        converted["metadata"]["name"] = "default"
    return converted


def _object(values: Mapping[str, Any], parent: str) -> Json:
    return dict(_field(name, value, parent) for name, value in values.items() if value is not None and value != [])


def _field(name: str, value: Any, parent: str) -> tuple[str, Any]:
    if isinstance(value, list) and isinstance(value[0] or {}, dict):
        # The port of a backend is the only block of that name which is an object.
        if name in ARRAYS and not (name == "port" and parent == "service"):
            return ARRAYS[name], [_object(item or {}, name) for item in value]
        (item,) = value
        return _camel(name), _object(item or {}, name)
    if isinstance(value, dict):
        return _camel(name), value if name in NAMES_AND_VALUES else _object(value, name)
    if name == "default_mode":
        return _camel(name), int(value, 8)
    if name in AS_NUMBER and isinstance(value, str) and value.isdigit():
        return _camel(name), int(value)
    return _camel(name), value


def _camel(name: str) -> str:
    camel = re.sub(r"_(\w)", lambda letter: letter[1].upper(), name)
    return re.sub(r"Ip(s?)$", r"IP\1", camel)
