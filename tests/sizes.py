"""Every blueprint in three sizes: as it is, with the least the format takes, and with every key that both clouds know.

`minimal` and `maximal` change a blueprint's values, not its text. What one spec cannot hold at once (an existing
network and one of our own, Prometheus on the cluster and managed, MLflow on the cluster and without one) is spread over
the blueprints.
"""

from __future__ import annotations

from typing import Any

import yaml

from groundplan.app.blueprints import blueprints, fill_in
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.paths import BLUEPRINTS

Values = dict[str, Any]
SIZES = ("default", "minimal", "maximal")
CASES = [(blueprint, cloud, size) for blueprint in blueprints() for cloud in CLOUDS for size in SIZES]
GOLDEN = [case for case in CASES if case[2] == "default" or case[0] == "small-team"]
"""Cases whose texts are kept: each blueprint as it is, and one blueprint in the two other sizes."""

_WHOLE_LIFE = {
    ("small-team", "maximal"): "managed Prometheus, MLflow without a cluster, one zone",
    ("cpu-serving", "maximal"): "an existing network, a state bucket of the user's, MLflow under a name on the cluster",
    ("llm-finetuning", "maximal"): "managed Prometheus that watches MLflow on the cluster, parts of a GPU",
    ("cpu-serving", "minimal"): "neither MLflow nor GPUs",
}
"""Sizes that are scanned and rehearsed like the blueprints as they are, with what only they have."""

REHEARSED = [case for case in CASES if case[2] == "default" or (case[0], case[2]) in _WHOLE_LIFE]
PLANNED = [case for case in CASES if case not in REHEARSED]
"""The others: no module and no argument of one that the rehearsed ones leave out, which a test holds."""


CERTIFICATE = (
    "-----BEGIN CERTIFICATE-----\nMIIBSjCB8KADAgECAhQNukuaRlpi+PKhRR6gH6tW1Mn3JTAKBggqhkjOPQQDAjAZ\n"
    "-----END CERTIFICATE-----\n"
)

THRESHOLDS: Values = {
    "gpu_idle_minutes": 30,
    "gpu_idle_percent": 10,
    "spot_interruptions_per_hour": 5,
    "unschedulable_minutes": 20,
    "training_stuck_minutes": 120,
    "mlflow_p95_seconds": 3.5,
    "disk_full_hours": 48,
    "serving_availability": 0.999,
    "model_quality_floor": 0.85,
    "model_drift_ceiling": 0.3,
    "data_freshness_hours": 50,
}
MANAGED_THRESHOLDS: Values = {
    "database_cpu_percent": 80,
    "database_free_storage_gib": 20,
    "database_connections": 300,
    "apiserver_error_percent": 2,
}
"""When alerts fire, and what only the clouds' own services look at."""


def ids(cases: list[tuple[str, str, str]]) -> list[str]:
    """A word for each case."""
    return ["-".join(case) for case in cases]


EXISTING: dict[str, Values] = {
    "aws": {"id": "vpc-0a1b2c3d4e5f60718", "private_subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"]},
    "gcp": {
        "id": "projects/example-host/global/networks/shared",
        "private_subnets": ["projects/example-host/regions/us-central1/subnetworks/ml"],
        "gcp": {
            "pods_range": "pods",
            "services_range": "services",
            "proxies_cidr": "10.40.0.0/23",
            "private_services_cidr": "10.41.0.0/20",
        },
    },
}
"""An existing network, in each cloud's terms."""


_EXISTING_KEY = {
    "aws": "alias/team/storage",
    "gcp": "projects/example-project/locations/us-central1/keyRings/team/cryptoKeys/storage",
}


def spec_text(blueprint: str, provider: str, size: str = "default") -> str:
    """The blueprint as `groundplan init` writes it for the cloud, or changed to another size."""
    cloud = find_cloud(provider)
    assert cloud is not None
    text = (BLUEPRINTS / blueprint / "blueprint.yaml").read_text(encoding="utf-8")
    where = f'{{provider: {provider}, region: {cloud.example_region}, account: "{cloud.account.example}"}}'
    text = fill_in(text, name=blueprint, cloud=where)
    if size == "default":
        return text
    values = yaml.safe_load(text)
    changed = minimal(values) if size == "minimal" else maximal(values)
    return yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)


def minimal(values: Values) -> Values:
    """What the format requires of each thing that the blueprint names; what can be off or least is."""
    made: Values = {key: values[key] for key in ("apiVersion", "name", "owner", "cloud")}
    made["network"] = {"zones": 2, "nat": "single", "flow_logs_retention_days": 7}
    made["cluster"] = {
        "logs_retention_days": 7,
        "deletion_protection": False,
        "aws": {"admin_role_arns": []},
        "gcp": {"location": "zonal", "binary_authorization": False},
    }
    for kind in ("training", "serving"):
        if kind in values:
            made[kind] = {"pools": {name: _least_pool(pool) for name, pool in values[kind]["pools"].items()}}
    if "storage" in values:
        made["storage"] = {"buckets": {name: {"versioning": False} for name in values["storage"]["buckets"]}}
    if "tracking" in values:
        database = {"storage_gib": 20, "high_availability": False, "backup_days": 1, "deletion_protection": False}
        made["tracking"] = {"mlflow": {"replicas": 1, "database": database}}
    made["state"] = {"backend": "local"}
    return made


def _least_pool(pool: Values) -> Values:
    """One node at the most, with the first of the blueprint's needs."""
    need = {"gpu": {"memory_gib": pool["gpu"]["memory_gib"]}} if "gpu" in pool else {"vcpus": 1}
    return {**need, "nodes": {"min": 0, "max": 1}}


def maximal(values: Values) -> Values:
    """Every key that both clouds take and one spec can hold."""
    name = values["name"]
    return {
        **{key: values[key] for key in ("apiVersion", "name", "owner")},
        "labels": {"cost-center": "4711", "data_class": "confidential"},
        "cloud": {**values["cloud"], **_place(values["cloud"]["provider"])},
        "network": _network(name, values["cloud"]["provider"]),
        "cluster": _cluster(name),
        "training": {"pools": {**_own(values, "training"), **_training_pools(name)}},
        "serving": {"pools": {**_own(values, "serving"), **_serving_pools()}},
        "storage": {"buckets": {**values["storage"]["buckets"], **_buckets(values["cloud"]["provider"])}},
        "keys": {"storage": {"existing": _EXISTING_KEY[values["cloud"]["provider"]]}},
        "registry": {
            "repositories": {
                **values.get("registry", {}).get("repositories", {}),
                "tools": {"keep_images": 5, "size_gib": 2.5, "renamed_from": "utilities"},
                "legacy": {"existing": "ml-legacy-images", **_lacks(values["cloud"]["provider"], "lifecycle")},
            }
        },
        "tracking": {"mlflow": _mlflow(name)},
        "monitoring": _monitoring(name),
        "changes": {"allow": _allowed()},
        "drift": {"ignore": _ignored()},
        "ci": _ci(name),
        "access": {"deny": [{"who": "fork", "action": "write objects", "resource": "*"}]},
        "budget": _budget(name),
        "state": {"backend": "remote", "prefix": f"platforms/{name}", **_state(name)},
    }


def _allowed() -> Values:
    """A line that is over: what it allows is no part of an environment."""
    line = {"kind": "destroys-data", "at": "storage.buckets.old", "until": "2026-01-31", "reason": "moved to the lake"}
    return {"drop-old": line}


def _ignored() -> Values:
    """Two lines, one of which lets pass what lines hide only where they say so."""
    tags = {"at": "storage.buckets", "attributes": ["tags.*"], "until": "2026-12-31", "reason": "finance tags buckets"}
    guard = {"at": "module.network", "kind": "opens", "until": "2027-01-31", "reason": "the scanner comes and goes"}
    return {"cost-tags": tags, "scanner": guard}


def _budget(name: str) -> Values:
    """A budget of the cloud's own for one environment, of the whole account for another."""
    account = {"billing_account": "012345-6789AB-CDEF01"}
    alerts: Values = {"emails": ["finance@example.com"], "gcp": account}
    if name == "cpu-serving":
        limit = {"amount": 900_000.5, "currency": "EUR"}
        alerts |= {"scope": "account", "alert_percent": [50, 90], "forecast_percent": [100, 110]}
        alerts["gcp"] = {**account, "limit": limit}
    return {
        "monthly_usd": 1_000_000,
        "components": {"training": 500_000, "node_pool": 900_000},
        "unpriced_usd": {"load_balancer.policy": 10, "registry.stored": 10},
        "bounds": {"egress.internet": 5_000},
        "enforce": alerts,
    }


def _ci(name: str) -> Values:
    """All three systems."""
    jenkins: Values = {"url": "https://jenkins.example.com", "job": "platform/infra"}
    if name == "cpu-serving":
        jenkins["identity"] = "agent"
    else:
        jenkins |= {"identity": "issuer", "issuer": "https://tokens.example.com/jenkins"}
        jenkins["comments"] = {"forge": "gitlab", "project": "acme/infra", "credential": "groundplan-comments"}
    return {
        "system": ["github", "gitlab", "jenkins"],
        "repository": {"owner": "acme", "name": "infra", "owner_id": 1234, "repository_id": 5678},
        "github": {"url": "https://github.com", "subject": "immutable"},
        "gitlab": {"project": "acme/platform/infra", "project_id": 4711, "url": "https://gitlab.example.com"},
        "jenkins": jenkins,
        "default_branch": "trunk",
        "runner": {"labels": ["self-hosted", "vpc"], "machines": {"count": 2, "group": "platform"}},
        "image": f"registry.example.com/ci/groundplan@sha256:{'1ee1' * 16}",
        "approvers": ["ml-platform"],
        "drift": {"cron": "0 5 * * *"},
        "aws": {"existing_providers": ["gitlab"]},
        "gcp": {"project_number": 987654321012},
    }


def _state(name: str) -> Values:
    """A bucket of the user's for one blueprint, for the others one that has its own state too."""
    if name != "cpu-serving":
        return {"own_state": "remote"}
    key = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    return {"bucket": "example-terraform-state", "aws": {"region": "eu-central-1", "kms_key_arn": key}}


def _place(provider: str) -> Values:
    """What the part `cloud` has for this cloud alone."""
    return {"gcp": {"key_ring_suffix": "blue", "access_logs": "usage"}} if provider == "gcp" else {}


def _own(values: Values, kind: str) -> Values:
    return {name: {**pool, "disk_gib": 300} for name, pool in values.get(kind, {}).get("pools", {}).items()}


def _network(name: str, provider: str) -> Values:
    traffic = {"internet_gib": 50, "other_region_gib": 200, "zone_gib": 400}
    if name == "cpu-serving":
        return {"existing": EXISTING[provider], "traffic": traffic}
    return {
        "cidr": "172.20.0.0/16",
        "zones": 4 if name == "llm-finetuning" else 3,
        "nat": "per_zone",
        "flow_logs_retention_days": 90,
        "traffic": traffic,
        **({"aws": {"readable_buckets": ["openaq-data-archive"]}} if provider == "aws" else {}),
        **({"gcp": {"webhook_ports": [8443, 9443, 15017]}} if provider == "gcp" else {}),
    }


def _cluster(name: str) -> Values:
    zonal = name == "small-team"
    return {
        "version": "1.35",
        "endpoint": {"public_cidrs": ["203.0.113.0/24", "198.51.100.7/32"], "private_cidrs": ["10.200.0.0/16"]},
        "logs_retention_days": 180,
        "deletion_protection": True,
        "aws": {
            "admin_role_arns": ["arn:aws:iam::123456789012:role/platform-admin"],
            "addon_versions": {
                "aws_ebs_csi_driver": "v1.63.1-eksbuild.1",
                "coredns": "v1.13.2-eksbuild.1",
                "eks_pod_identity_agent": "v1.3.10-eksbuild.2",
                "kube_proxy": "v1.34.3-eksbuild.2",
                "metrics_server": "v0.8.0-eksbuild.1",
                "node_monitoring_agent": "v1.4.2-eksbuild.1",
                "vpc_cni": "v1.21.1-eksbuild.3",
            },
            "node_release": "latest",
        },
        "gcp": {
            "location": "zonal" if zonal else "regional",
            "release_channel": "EXTENDED" if zonal else "STABLE",
            "binary_authorization": True,
            "dns_endpoint": zonal,
        },
    }


def _training_pools(name: str) -> Values:
    """One pool for each way to buy, on both architectures, with local storage, and GPUs by their model and shared."""
    sharing = {"strategy": "time_sharing", "clients": 4}
    pools: Values = {
        "prepare": {
            "vcpus": 8,
            "memory_gib": 32,
            "architecture": "arm64",
            "capacity": "spot",
            "disk_gib": 200,
            "nodes": {"min": 0, "max": 8},
            "update": {"strategy": "minimal", "max_unavailable": 2, "repair": True},
            "hours_per_month": 60.5,
            "reads": ["raw"],
            "writes": ["features"],
        },
        "shuffle": {
            "renamed_from": "sort",
            "vcpus": 8,
            "architecture": "x86_64",
            "local_storage_gib": 300,
            "capacity": "on_demand",
            "nodes": {"min": 1, "max": 2},
        },
        "explore": {
            "gpu": {"type": "l4", "count": 1, "aws": {"pods_per_gpu": 4}, "gcp": {"sharing": sharing}},
            "capacity": "spot_with_fallback",
            "nodes": {"min": 0, "max": 2},
            "gcp": {"local_ssds": 1},
        },
    }
    if name == "llm-finetuning":
        gpu = {"type": "a100", "count": 8, "total_memory_gib": 320, "gcp": {"partition": "1g.5gb"}}
        pools["small-jobs"] = {"gpu": gpu, "nodes": {"max": 1}}
    return pools


def _serving_pools() -> Values:
    needs = {"gpu": {"memory_gib": 16, "total_memory_gib": 16}, "vcpus": 4, "memory_gib": 16, "architecture": "x86_64"}
    return {
        "steady": {
            **needs,
            "capacity": "on_demand",
            "disk_gib": 150,
            "nodes": {"min": 1, "expected": 2, "max": 3},
            "reads": ["features"],
            "writes": ["raw"],
        },
        "fast-start": {"vcpus": 4, "local_storage_gib": 100, "nodes": {"max": 2}},
    }


def _lacks(provider: str, *settings: str) -> Values:
    """What something existing does not have yet, where that is a resource of its own."""
    return {"aws": {"lacks": list(settings)}} if provider == "aws" else {}


def _buckets(provider: str) -> Values:
    return {
        "raw": {"size_gib": 4000, "versioning": False, "archive_after_days": 30, "expire_after_days": 180},
        "legacy": {"existing": "ml-legacy-data", "size_gib": 20, **_lacks(provider, "lifecycle", "policy")},
        "features": {
            "renamed_from": "columns",
            "size_gib": 150.5,
            "churn_gib_per_month": 12.5,
            "versioning": True,
            "retention_days": 30,
        },
    }


def _mlflow(name: str) -> Values:
    serverless = name == "small-team"
    proxy = {"proxy_image": f"registry.example.com/ml/nginx:1.28.0@sha256:{'0a' * 32}"} if serverless else {}
    return {
        "hosting": "serverless" if serverless else "kubernetes",
        "host": "mlflow.ml.example.com",
        "client_cidrs": ["10.200.0.0/16"],
        "aws": {"certificate": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555"},
        "gcp": {"certificate": "projects/example-project/regions/us-central1/sslCertificates/mlflow", **proxy},
        "replicas": 3,
        "image": f"registry.example.com/ml/mlflow:v3.17.0-full@sha256:{'1b' * 32}",
        "artifacts_gib": 500,
        "default_permission": "USE",
        "database": {
            "vcpus": 4,
            "memory_gib": 16,
            "storage_gib": 100,
            "high_availability": True,
            "backup_days": 30,
            "deletion_protection": True,
            "password_version": 2,
            "recovery_days": 14,
            "storage_max_gib": 400,
            "postgres": "17",
            "aws": {
                "final_snapshot": "example-last",
                "restore_from": "example-before-move",
                "allow_major_upgrade": True,
                "ca_bundle_pem": CERTIFICATE,
            },
            "gcp": {
                "server_ca_mode": "GOOGLE_MANAGED_INTERNAL_CA" if serverless else "GOOGLE_MANAGED_CAS_CA",
                "final_backup_days": 60,
                "restore_from": "example-old-mlflow/1764403200000",
                "log_bucket": "example-second",
            },
        },
    }


def _monitoring(name: str) -> Values:
    alerts: Values = {"email": "ml-oncall@example.com", "runbook_url": "https://example.com/ml/runbooks.md"}
    if name in ("llm-finetuning", "small-team"):
        return {
            "prometheus": {"hosting": "managed"},
            "alerts": alerts,
            "thresholds": {**THRESHOLDS, **MANAGED_THRESHOLDS},
        }
    return {
        "prometheus": {"hosting": "kubernetes", "retention_days": 60, "storage_gib": 200},
        "grafana": {"url": "https://grafana.example.com/ml", "oidc": _sign_on()},
        "thresholds": THRESHOLDS,
        "alerts": {
            **alerts,
            "slack": {"channel": "#ml-alerts", "webhook_url": {"name": "slack", "key": "webhook-url"}},
            "pagerduty": {"routing_key": {"name": "pagerduty", "key": "routing-key"}},
            "heartbeat": {"url": {"name": "heartbeat", "key": "url"}},
            "repeat_hours": 6,
        },
    }


def _sign_on() -> Values:
    return {
        "client_id": "grafana",
        "client_secret": {"name": "grafana-oidc", "key": "client-secret"},
        "auth_url": "https://id.example.com/authorize",
        "token_url": "https://id.example.com/token",
        "api_url": "https://id.example.com/userinfo",
        "admin_group": "ml-platform",
    }
