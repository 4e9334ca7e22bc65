"""The components there are, in the order in which a reader of the roots should meet them."""

from __future__ import annotations

from groundplan.components.autoscaler import Autoscaler
from groundplan.components.base import Component
from groundplan.components.cluster import ClusterAddons, ClusterComponent
from groundplan.components.gpu_plugin import GpuPlugin
from groundplan.components.keys import Keys
from groundplan.components.load_balancer import LoadBalancer
from groundplan.components.mlflow import MlflowComponent
from groundplan.components.monitoring import MonitoringComponent
from groundplan.components.network import NetworkComponent
from groundplan.components.node_pool import NodePool
from groundplan.components.object_store import ObjectStore
from groundplan.components.pod_monitoring import PodMonitoring
from groundplan.components.registry import RegistryComponent
from groundplan.components.services import Services
from groundplan.components.state_store import StateStore
from groundplan.components.storage_class import StorageClass
from groundplan.components.workload_identity import WorkloadIdentity
from groundplan.components.workspaces import Workspaces

COMPONENTS: tuple[Component, ...] = (
    Services(),
    StateStore(),
    Keys(),
    NetworkComponent(),
    ObjectStore(),
    RegistryComponent(),
    ClusterComponent(),
    NodePool(),
    ClusterAddons(),
    MlflowComponent(),
    WorkloadIdentity(),
    Autoscaler(),
    GpuPlugin(),
    LoadBalancer(),
    StorageClass(),
    MonitoringComponent(),
    Workspaces(),
    PodMonitoring(),
)
"""One line per component."""
