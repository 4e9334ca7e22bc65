"""What AWS gives for each component, and the wishes that hold otherwise there: for the parity report.

The facts are those of the modules' READMEs; a figure that is AWS's own carries its source.
"""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.parity.words import Aspects, CloudWords, Note
from groundplan.stack.model import ExistingNetwork, Network, Stack


def _services(_: Stack) -> Aspects:
    return {"APIs": "all on", "before the first apply": "nothing"}


def _state_store(_: Stack) -> Aspects:
    return {
        "state": "S3 bucket, old states kept for 90 days",
        "lock": "S3 conditional write (use_lockfile), no table",
        "encryption": "a KMS key of its own",
        "who read it": "S3 access log in a second bucket",
    }


def _keys(_: Stack) -> Aspects:
    return {
        "keys": "one KMS key per purpose, a policy each",
        "rotation": "every year, by KMS",
        "who uses them": "AWS services by key policy, workloads through S3 and Secrets Manager",
        "after a destroy": "keys end after 30 days; the name is free at once",
    }


def _network(stack: Stack) -> Aspects:
    if isinstance(stack.network, ExistingNetwork):
        return {
            "network": "the VPC that is there, with two or more subnets in zones of their own",
            "way out": "as its owner made it",
            "cloud APIs": "as its owner made it",
            "who talks to whom": "security groups of EKS and RDS",
            "flow logs": "as its owner made them",
        }
    zones = len(stack.network.zones) if isinstance(stack.network, Network) else 3
    per_zone = isinstance(stack.network, Network) and stack.network.nat == "per_zone"
    return {
        "network": f"VPC with a private and a public subnet in each of {zones} zones",
        "way out": f"{zones} NAT gateways, one per zone" if per_zone else "one NAT gateway, lost with its zone",
        "cloud APIs": "free S3 gateway; paid endpoints for ECR and STS in every zone",
        "who talks to whom": "security groups; the default one has no rule",
        "flow logs": "every connection, in CloudWatch Logs",
    }


def _object_store(_: Stack) -> Aspects:
    return {
        "buckets": "S3, public access blocked, TLS 1.2 and up only",
        "archive": "Standard-IA",
        "deleted objects": "old versions, for retention_days",
        "access log": "S3 access log, encrypted by S3 itself",
    }


def _registry(_: Stack) -> Aspects:
    return {
        "images": "ECR, tags cannot be moved",
        "old images": "untagged after 14 days; the newest keep_images stay",
        "scan": "on every push",
        "after a destroy": "ECR refuses to delete a repository that holds images",
    }


def _cluster(_: Stack) -> Aspects:
    return {
        "control plane": "EKS, in several zones, API private unless ranges are named",
        "upgrades": "when cluster.version is raised",
        "network policies": "VPC CNI, turned on for it",
        "people": "access entries: whoever applies, and roles named",
        "logs": "all five of the control plane, in CloudWatch Logs",
        "after a destroy": "EKS makes the log group again: delete it before the next cluster of that name",
    }


def _node_pool(_: Stack) -> Aspects:
    return {
        "nodes": "managed node groups, Amazon Linux 2023",
        "spot": "several machine types per pool; two minutes' notice",
        "fallback": "a second group on demand; the autoscaler tries spot first",
        "GPU driver": "in the NVIDIA image of EKS",
        "disks": "gp3, your key",
        "upgrades": "with cluster.version, or by a change of the pool",
    }


def _cluster_addons(_: Stack) -> Aspects:
    return {
        "add-ons": "CoreDNS, metrics server, EBS driver and node monitoring agent, by EKS",
        "upgrades": "by Terraform",
    }


def _mlflow(stack: Stack) -> Aspects:
    serverless = stack.mlflow is not None and not stack.mlflow.on_cluster
    named = stack.mlflow is not None and bool(stack.mlflow.host)
    return {
        "servers": "ECS on Fargate" if serverless else "pods on the system pool",
        "reached by": "internal Application Load Balancer, TLS by ACM"
        if named
        else "the service inside the cluster, or kubectl port-forward",
        "database": "RDS for PostgreSQL, private, TLS only, from named security groups",
        "restore": "to any second of backup_days",
        "password": "Secrets Manager, written with write-only arguments",
    }


def _workload_identity(_: Stack) -> Aspects:
    return {
        "identity": "EKS Pod Identity: an IAM role per service account",
        "valid in": "this cluster",
        "keys": "usable through S3 and Secrets Manager only",
        "writers": "cannot read or delete old versions",
    }


def _autoscaler(_: Stack) -> Aspects:
    return {
        "scaling": "cluster autoscaler, two pods on the system pool, from zero up",
        "bound of all nodes": "the sum of nodes.max",
    }


def _gpu_plugin(_: Stack) -> Aspects:
    return {"GPUs": "NVIDIA's device plugin, by Helm", "sharing a GPU": "the module's pods_per_gpu; not in the spec"}


def _load_balancer(_: Stack) -> Aspects:
    return {
        "Ingress": "AWS Load Balancer Controller: internal Application Load Balancers",
        "who connects": "client_cidrs, by security group",
    }


def _storage_class(_: Stack) -> Aspects:
    return {"volumes": "gp3, your key", "without the class": "the driver's role refuses volumes that are not encrypted"}


def _monitoring(stack: Stack) -> Aspects:
    if stack.monitoring is not None and stack.monitoring.managed:
        return {
            "metrics": "Amazon Managed Service for Prometheus, filled by AWS's collector",
            "alerts": "rule files and an alert manager; CloudWatch alarms",
            "e-mail": "SNS topic; each address confirms once",
            "GPU metrics": "none",
            "kept": "retention_days",
        }
    return {
        "metrics": "Prometheus, on a volume of its own",
        "alerts": "Alertmanager on the cluster",
        "e-mail": "SNS topic, to which Alertmanager publishes; each address confirms once",
        "GPU metrics": "DCGM exporter on GPU nodes",
        "kept": "retention_days, as the disk allows",
    }


def _pod_monitoring(_: Stack) -> Aspects:
    return {"your pods": "found by the collector: a Service, or a pod of a Job, labelled groundplan/metrics=true"}


def _falls_back(stack: Stack) -> Iterable[str]:
    pools = (pool for pool in stack.workload_pools if pool.capacity == "spot_with_fallback")
    return [f"{pool.path}.nodes.max" for pool in pools]


def _single_nat(stack: Stack) -> Iterable[str]:
    return ["network.nat"] if isinstance(stack.network, Network) and stack.network.nat == "single" else []


def _version(stack: Stack) -> Iterable[str]:
    return ["cluster.version"] if stack.cluster else []


def _email(stack: Stack) -> Iterable[str]:
    return ["monitoring.alerts.email"] if stack.monitoring and stack.monitoring.email else []


def _managed_gpus(stack: Stack) -> Iterable[str]:
    managed = stack.monitoring is not None and stack.monitoring.managed
    return ["monitoring.prometheus.hosting"] if managed and stack.has_gpu else []


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
            "network", "otherwise", "one gateway in one zone: nodes elsewhere lose their way out with it", _single_nat
        ),
        Note(
            "cluster",
            "otherwise",
            "stays until it is raised; when standard support ends EKS upgrades it, or extended support costs six times "
            "as much by the hour",
            _version,
        ),
        Note(
            "node_pool",
            "otherwise",
            "each of the two groups may grow so far; the autoscaler bounds the sum over all pools",
            _falls_back,
        ),
        Note("monitoring", "otherwise", "gets nothing before somebody follows the link in SNS's first mail", _email),
        Note(
            "monitoring", "part", "the managed collector brings no GPU metrics, so nobody sees idle GPUs", _managed_gpus
        ),
    ),
)
"""AWS in words."""
