"""What Google Cloud gives for each component, and the wishes that hold otherwise there: for the parity report.

The facts are those of the modules' READMEs; a figure that is Google's own carries its source.
"""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.parity.words import Aspects, CloudWords, Note
from groundplan.stack.model import ExistingNetwork, Network, Stack

RESTORE_DAYS = 7
"""Days that Cloud SQL Enterprise keeps write-ahead logs: https://docs.cloud.google.com/sql/docs/postgres/backup-recovery/pitr."""


def _services(_: Stack) -> Aspects:
    return {
        "APIs": "turned on by name, left on by a destroy",
        "before the first apply": "two APIs by gcloud, and service agents that use keys",
    }


def _state_store(_: Stack) -> Aspects:
    return {
        "state": "Cloud Storage bucket, old states kept for 90 days, deleted ones for 7 more",
        "lock": "an object beside the state, by Cloud Storage",
        "encryption": "a Cloud KMS key of its own",
        "who read it": "usage logs, hourly and without names of users",
    }


def _keys(_: Stack) -> Aspects:
    return {
        "keys": "one Cloud KMS key per purpose, in a key ring",
        "rotation": "a new version every 90 days",
        "who uses them": "Google's service agents by IAM; workloads never",
        "after a destroy": "versions end after 30 days; ring and keys keep their names for ever",
    }


def _network(stack: Stack) -> Aspects:
    if isinstance(stack.network, ExistingNetwork):
        return {
            "network": "the VPC or shared VPC that is there, with one subnet and its secondary ranges",
            "way out": "as its owner made it",
            "cloud APIs": "private Google access, checked by the plan",
            "who talks to whom": "as its owner made it",
            "flow logs": "as its owner made them",
        }
    return {
        "network": "VPC with one regional subnet, secondary ranges for pods and services",
        "way out": "one Cloud NAT for the region, no machine behind it",
        "cloud APIs": "private Google access, free",
        "who talks to whom": "firewall that refuses and logs what is not allowed",
        "flow logs": "half of the connections, in a log bucket of their own",
    }


def _object_store(_: Stack) -> Aspects:
    return {
        "buckets": "Cloud Storage, uniform access, public access prevented; old TLS is the organization's to refuse",
        "archive": "Nearline",
        "deleted objects": "old versions for retention_days, and everything for 7 more days (soft deletion)",
        "access log": "usage logs, hourly, without promise",
    }


def _registry(stack: Stack) -> Aspects:
    bounded = any(repository.keeps_only for repository in stack.repositories)
    tags = "tags can be moved where keep_images is stated" if bounded else "tags cannot be moved"
    kept = "the newest keep_images stay where it is stated" if bounded else "tagged ones stay for ever"
    return {
        "images": f"Artifact Registry, {tags}",
        "old images": f"untagged after 14 days; {kept}",
        "scan": "if the project has Container Scanning on; billed by the image",
        "after a destroy": "a repository goes with the images in it",
    }


def _cluster(stack: Stack) -> Aspects:
    zonal = stack.cluster is not None and stack.cluster.options.get("location") == "zonal"
    channel = (stack.cluster.options.get("release_channel") if stack.cluster else None) or "REGULAR"
    if stack.cluster is not None and stack.cluster.extended_support:
        channel = "EXTENDED"
    return {
        "control plane": f"GKE Standard, {'in one zone' if zonal else 'regional'}, API private unless ranges are named",
        "upgrades": f"by the release channel {channel}, in the maintenance window",
        "network policies": "Dataplane V2",
        "people": "IAM (roles/container.admin) and RBAC",
        "logs": "control plane, system and all containers, in a log bucket of their own",
        "after a destroy": "the log bucket's name is taken for 7 days",
    }


def _node_pool(_: Stack) -> Aspects:
    return {
        "nodes": "GKE node pools, one per machine type and purchase option, Container-Optimized OS",
        # https://cloud.google.com/compute/docs/instances/spot
        "spot": "one machine type per pool; 30 seconds' notice",
        "fallback": "a second pool on demand; GKE takes the cheapest that has room",
        "GPU driver": "installed by GKE",
        "disks": "balanced persistent disk, Hyperdisk where the family takes nothing else, your key",
        "upgrades": "by the release channel",
    }


def _cluster_addons(_: Stack) -> Aspects:
    return {"add-ons": "part of GKE", "upgrades": "by GKE"}


def _mlflow(stack: Stack) -> Aspects:
    serverless = stack.mlflow is not None and not stack.mlflow.on_cluster
    named = stack.mlflow is not None and bool(stack.mlflow.host)
    return {
        "servers": "Cloud Run" if serverless else "pods on the system pool",
        "reached by": "regional internal Application Load Balancer, TLS by a regional certificate"
        if named
        else "the service inside the cluster, or kubectl port-forward",
        "database": "Cloud SQL for PostgreSQL, private, TLS only, from the whole network",
        "restore": f"to any second of {RESTORE_DAYS} days; daily backups for backup_days",
        "password": "Secret Manager, written with write-only arguments",
    }


def _workload_identity(_: Stack) -> Aspects:
    return {
        "identity": "Workload Identity Federation: the service account itself, without a key",
        "valid in": "every cluster of the project with such a namespace and account",
        "keys": "none: the services use them under their own names",
        "writers": "may read and delete old versions; soft deletion they cannot undo",
    }


def _autoscaler(_: Stack) -> Aspects:
    return {"scaling": "part of GKE, from zero up", "bound of all nodes": "the project's quota"}


def _gpu_plugin(_: Stack) -> Aspects:
    return {"GPUs": "part of GKE", "sharing a GPU": "time sharing, MPS or parts (MIG), by gpu.gcp"}


def _load_balancer(_: Stack) -> Aspects:
    return {
        "Ingress": "part of GKE: regional internal Application Load Balancers",
        "who connects": "whoever reaches the network",
    }


def _storage_class(_: Stack) -> Aspects:
    return {
        "volumes": "balanced persistent disks, your key",
        "without the class": "a claim that names GKE's own classes gets a disk with Google's key",
    }


def _monitoring(stack: Stack) -> Aspects:
    if stack.monitoring is not None and stack.monitoring.managed:
        return {
            "metrics": "Managed Service for Prometheus, collected by GKE",
            "alerts": "alert policies made from rule files; none looks back further than a day",
            "e-mail": "by the policies; no confirmation",
            "GPU metrics": "DCGM, run by GKE",
            "kept": "24 months",
        }
    return {
        "metrics": "Prometheus, on a volume of its own",
        "alerts": "Alertmanager on the cluster",
        "e-mail": "log lines that Cloud Monitoring mails; no confirmation, 20 a day for each policy",
        "GPU metrics": "DCGM exporter on GPU nodes",
        "kept": "retention_days, as the disk allows",
    }


def _pod_monitoring(_: Stack) -> Aspects:
    return {"your pods": "named by PodMonitoring objects: pods labelled groundplan/metrics=true"}


def _keep_images(stack: Stack) -> Iterable[str]:
    repositories = (repository.name for repository in stack.repositories if repository.keeps_only)
    return [f"registry.repositories.{name}.keep_images" for name in repositories]


def _nat(stack: Stack) -> Iterable[str]:
    return ["network.nat"] if isinstance(stack.network, Network) and stack.network.nat == "per_zone" else []


def _flow_logs(stack: Stack) -> Iterable[str]:
    return ["network.flow_logs_retention_days"] if isinstance(stack.network, Network) else []


def _backups(stack: Stack) -> Iterable[str]:
    longer = stack.mlflow is not None and stack.mlflow.database.backup_days > RESTORE_DAYS
    return ["tracking.mlflow.database.backup_days"] if longer else []


def _managed_retention(stack: Stack) -> Iterable[str]:
    return ["monitoring.prometheus.retention_days"] if stack.monitoring and stack.monitoring.managed else []


def _spot_types(stack: Stack) -> Iterable[str]:
    pools = (pool for pool in stack.workload_pools if pool.capacity != "on_demand" and len(pool.instance_types) == 1)
    return [f"{pool.path}.capacity" for pool in pools]


def _falls_back(stack: Stack) -> Iterable[str]:
    pools = (pool for pool in stack.workload_pools if pool.capacity == "spot_with_fallback")
    return [f"{pool.path}.nodes.max" for pool in pools]


def _version(stack: Stack) -> Iterable[str]:
    return ["cluster.version"] if stack.cluster else []


def _protection(stack: Stack) -> Iterable[str]:
    return ["cluster.deletion_protection"] if stack.cluster and stack.cluster.deletion_protection else []


def _cluster_logs(stack: Stack) -> Iterable[str]:
    return ["cluster.logs_retention_days"] if stack.cluster else []


def _unversioned(stack: Stack) -> Iterable[str]:
    return [f"storage.buckets.{bucket.name}.versioning" for bucket in stack.buckets if not bucket.versioning]


def _writes(stack: Stack) -> Iterable[str]:
    return [f"{pool.path}.writes" for pool in stack.workload_pools if pool.writes]


def _email(stack: Stack) -> Iterable[str]:
    mails = stack.monitoring is not None and stack.monitoring.email and not stack.monitoring.managed
    return ["monitoring.alerts.email"] if mails else []


def _clients(stack: Stack) -> Iterable[str]:
    on_cluster = stack.mlflow is not None and stack.mlflow.on_cluster and stack.mlflow.client_cidrs
    return ["tracking.mlflow.client_cidrs"] if on_cluster else []


def _serverless(stack: Stack) -> Iterable[str]:
    return ["tracking.mlflow.hosting"] if stack.mlflow and not stack.mlflow.on_cluster else []


WORDS = CloudWords(
    gives={
        "services": _services,
        "state_store": _state_store,
        "keys": _keys,
        "network": _network,
        "object_store": _object_store,
        "registry": _registry,
        "cluster": _cluster,
        "node_pool": _node_pool,
        "cluster_addons": _cluster_addons,
        "mlflow": _mlflow,
        "workload_identity": _workload_identity,
        "autoscaler": _autoscaler,
        "gpu_plugin": _gpu_plugin,
        "load_balancer": _load_balancer,
        "storage_class": _storage_class,
        "monitoring": _monitoring,
        "pod_monitoring": _pod_monitoring,
    },
    notes=(
        Note(
            "registry",
            "otherwise",
            "tags can be moved then, because Artifact Registry deletes no image whose tag cannot",
            _keep_images,
        ),
        Note("network", "otherwise", "one NAT serves the region and survives the loss of a zone; nothing to add", _nat),
        Note("network", "part", "a sample, half of the connections, is logged", _flow_logs),
        Note(
            "mlflow",
            "part",
            f"a restore to any second reaches back {RESTORE_DAYS} days (35 on Enterprise Plus); daily backups reach as "
            "far as asked",
            _backups,
        ),
        Note("mlflow", "none", "GKE's Ingress takes no ranges: whoever reaches the network may connect", _clients),
        Note(
            "mlflow",
            "part",
            "x86 images only, and no artifact file larger than the memory of Cloud Run, 32 GiB at the most",
            _serverless,
        ),
        Note(
            "monitoring", "none", "Google keeps metrics for 24 months, and nobody can change that", _managed_retention
        ),
        Note(
            "monitoring",
            "otherwise",
            "no address confirms anything; two policies send 20 mails a day each at the most, one in five minutes",
            _email,
        ),
        Note(
            "node_pool",
            "part",
            "a node pool has one machine type, so spot draws on one kind of machine and may be out sooner",
            _spot_types,
        ),
        Note(
            "node_pool", "otherwise", "each of the two node pools may grow so far; a quota bounds the sum", _falls_back
        ),
        Note("cluster", "otherwise", "a lower bound: the release channel upgrades by itself", _version),
        # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster
        Note("cluster", "part", "Terraform refuses to delete the cluster; console and gcloud do not", _protection),
        Note(
            "cluster",
            "otherwise",
            "logs of all containers are kept as long and billed",
            _cluster_logs,
        ),
        Note(
            "object_store", "part", "what was deleted can still be brought back for 7 days, and is billed", _unversioned
        ),
        Note("workload_identity", "otherwise", "who may write may delete old versions too", _writes),
    ),
)
"""Google Cloud in words."""
