"""What Terraform makes on the cluster, in the words of Kubernetes: for who reads it back.

A refresh gets an object by its name, and a release of Helm lists the Secrets of its namespace:
https://github.com/hashicorp/terraform-provider-kubernetes, https://github.com/hashicorp/terraform-provider-helm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from groundplan.components.base import ModuleCall
from groundplan.components.ci_identity.taken import types_of

KINDS: Mapping[str, tuple[str, str]] = {
    "kubernetes_annotations": ("storage.k8s.io", "storageclasses"),
    "kubernetes_cluster_role_binding_v1": ("rbac.authorization.k8s.io", "clusterrolebindings"),
    "kubernetes_cluster_role_v1": ("rbac.authorization.k8s.io", "clusterroles"),
    "kubernetes_config_map_v1": ("", "configmaps"),
    "kubernetes_default_service_account_v1": ("", "serviceaccounts"),
    "kubernetes_deployment_v1": ("apps", "deployments"),
    "kubernetes_horizontal_pod_autoscaler_v2": ("autoscaling", "horizontalpodautoscalers"),
    "kubernetes_ingress_v1": ("networking.k8s.io", "ingresses"),
    "kubernetes_limit_range_v1": ("", "limitranges"),
    "kubernetes_namespace_v1": ("", "namespaces"),
    "kubernetes_network_policy_v1": ("networking.k8s.io", "networkpolicies"),
    "kubernetes_pod_disruption_budget_v1": ("policy", "poddisruptionbudgets"),
    "kubernetes_priority_class_v1": ("scheduling.k8s.io", "priorityclasses"),
    "kubernetes_resource_quota_v1": ("", "resourcequotas"),
    "kubernetes_role_binding_v1": ("rbac.authorization.k8s.io", "rolebindings"),
    "kubernetes_role_v1": ("rbac.authorization.k8s.io", "roles"),
    "kubernetes_service_account_v1": ("", "serviceaccounts"),
    "kubernetes_service_v1": ("", "services"),
    "kubernetes_storage_class_v1": ("storage.k8s.io", "storageclasses"),
}
"""API group and kind by type; annotations are those of a storage class."""
RELEASES: Mapping[str, tuple[str, ...]] = {
    "kubernetes/autoscaler": ("kube-system",),
    "kubernetes/gpu_plugin": ("kube-system",),
    "kubernetes/load_balancer": ("kube-system",),
    "kubernetes/mlflow": ("mlflow",),
    "kubernetes/monitoring": ("monitoring", "monitoring-agents"),
    "kubernetes/pod_monitoring": ("gmp-public",),
}
"""Namespaces of the releases of a module, as the components call it."""


def objects_of(calls: Iterable[ModuleCall]) -> dict[str, list[str]]:
    """Kinds by API group of what the calls make, sorted."""
    kinds = sorted({KINDS[name] for name in types_of(calls) if name in KINDS})
    return {group: [kind for among, kind in kinds if among == group] for group, _ in kinds}


def releases_of(calls: Iterable[ModuleCall]) -> list[str]:
    """Namespaces in which Helm keeps the releases of the calls, sorted."""
    return sorted({namespace for call in calls for namespace in RELEASES.get(call.source, ())})
