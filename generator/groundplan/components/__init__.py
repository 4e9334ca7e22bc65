"""The components there are, a folder each. A new one is a folder here, its modules, and a line in this registry.

`docs/adding-a-component.md` has the files of the folder and what the tests check.
"""

PACKAGES: dict[str, str] = {
    "services": "groundplan.components.services",
    "state_store": "groundplan.components.state_store",
    "keys": "groundplan.components.keys",
    "network": "groundplan.components.network",
    "object_store": "groundplan.components.object_store",
    "registry": "groundplan.components.registry",
    "cluster": "groundplan.components.cluster",
    "node_pool": "groundplan.components.node_pool",
    "runner": "groundplan.components.runner",
    "cluster_addons": "groundplan.components.cluster_addons",
    "mlflow": "groundplan.components.mlflow",
    "workload_identity": "groundplan.components.workload_identity",
    "autoscaler": "groundplan.components.autoscaler",
    "gpu_plugin": "groundplan.components.gpu_plugin",
    "load_balancer": "groundplan.components.load_balancer",
    "storage_class": "groundplan.components.storage_class",
    "monitoring": "groundplan.components.monitoring",
    "workspaces": "groundplan.components.workspaces",
    "log_exclusion": "groundplan.components.log_exclusion",
    "pod_monitoring": "groundplan.components.pod_monitoring",
    "budget": "groundplan.components.budget",
    "changes": "groundplan.components.changes",
    "drift": "groundplan.components.drift",
    "ci": "groundplan.components.ci",
    "ci_identity": "groundplan.components.ci_identity",
    "access": "groundplan.components.access",
}
"""The package of each component by its name, in the order in which a reader of the roots should meet them."""
