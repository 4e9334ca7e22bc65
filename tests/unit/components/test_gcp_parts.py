"""What only GCP has: the arguments it adds to each call, what it bills beside the rest, computed by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from groundplan import paths
from groundplan.clouds.gcp.preflight.requirements import requirements
from groundplan.components.base import ModuleCall
from groundplan.components.cluster.meters import meters as cluster_meters
from groundplan.components.cluster.part import cluster_of
from groundplan.components.load import components
from groundplan.components.needs import BucketName, Outsider, Permission
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.components.resolve import resolve
from groundplan.compose.compose import compose
from groundplan.compose.needs import needs_of
from groundplan.cost.estimate import estimate
from groundplan.hcl.read import parse
from groundplan.hcl.resources import resource_types
from groundplan.hcl.write import Term
from groundplan.stack.kept import Kept
from groundplan.stack.layers import HOST, LAYERS
from groundplan.stack.model import Stack
from tests.architecture.sources import REPOSITORY
from tests.unit.stack.specs import ON_GCP, gcp, gcp_stack, problem, serving, spec_of, training

STATE, FOUNDATION, PLATFORM = LAYERS
EXCLUSION = "google_logging_project_exclusion"
USAGE_LOGS = {**ON_GCP, "gcp": {"access_logs": "usage"}}
BUCKETS = {"buckets": {"data": {"size_gib": 10}}}
MANAGED = {"prometheus": {"hosting": "managed"}, "alerts": {"email": "ml-oncall@example.com"}}
ON_CLUSTER = {"alerts": {"email": "ml-oncall@example.com"}}
NAMED = {
    "host": "mlflow.ml.example.com",
    "gcp": {"certificate": "projects/fraud-dev/regions/us-central1/sslCertificates/mlflow"},
}
SERVERLESS = {"mlflow": {"hosting": "serverless", "artifacts_gib": 10, **NAMED}}
EXISTING = {
    "existing": {
        "id": "projects/host/global/networks/shared",
        "private_subnets": ["projects/host/regions/us-central1/subnetworks/ml"],
        "gcp": {"pods_range": "pods", "services_range": "services"},
    }
}


Usd = tuple[str, str, str]


def calls(**parts: Any) -> dict[str, ModuleCall]:
    """The calls of every root by name."""
    roots = compose(gcp_stack(**parts), gcp(), components(), paths.MODULES).roots
    return {call.name: call for root in roots for call in root.calls}


def plain(value: Any) -> Any:
    """A value with the text of its expressions."""
    if isinstance(value, Term):
        return value.text
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def arguments(name: str, **parts: Any) -> dict[str, Any]:
    return dict(plain(calls(**parts)[name].arguments))


def apis(layer: str, **parts: Any) -> set[str]:
    [call] = [
        call
        for root in compose(gcp_stack(**parts), gcp(), components(), paths.MODULES).roots
        for call in root.calls
        if call.name == "services" and call.layer == layer
    ]
    names = [str(name) for name in plain(call.arguments["apis"])]
    assert names == sorted(set(names))
    return {name.removesuffix(".googleapis.com") for name in names}


EVERYWHERE = {"cloudkms", "cloudresourcemanager", "iam", "logging", "serviceusage", "storage"}
NETWORK = {"compute", "dns", "monitoring", "servicenetworking"}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"storage": BUCKETS}, set()),
        ({"registry": {"repositories": {"trainer": {}}}}, {"artifactregistry"}),
        ({"tracking": SERVERLESS}, {*NETWORK, "artifactregistry", "secretmanager", "sqladmin", "run"}),
        ({"serving": serving(vcpus=2)}, {*NETWORK, "binaryauthorization", "container"}),
        (
            {"tracking": {"mlflow": {}}},
            {*NETWORK, "binaryauthorization", "container", "secretmanager", "sqladmin"},
        ),
    ],
    ids=["buckets", "registry", "serverless-tracking", "cluster", "tracking"],
)
def test_only_the_apis_that_are_called(parts: dict[str, Any], expected: set[str]) -> None:
    assert apis(FOUNDATION, **parts) == EVERYWHERE | expected
    assert apis(STATE, **parts) == EVERYWHERE, "the state's root has nothing but its bucket"


@pytest.mark.parametrize("name", ["state_store", "keys", "object_store", "registry", "mlflow_database"])
def test_modules_that_need_a_location_get_the_region(name: str) -> None:
    found = arguments(
        name, storage=BUCKETS, registry={"repositories": {"trainer": {}}}, tracking={"mlflow": {"artifacts_gib": 1}}
    )
    assert found["region"] == "var.region"


def test_the_key_of_storage_is_cloud_runs_too_without_a_cluster() -> None:
    assert arguments("keys", tracking=SERVERLESS)["further_users"] == {"storage": ["artifactregistry", "run"]}
    assert "further_users" not in arguments("keys", tracking={"mlflow": {}})
    assert "further_users" not in arguments("keys", storage=BUCKETS)


def test_a_cluster_gets_its_zones_and_what_the_spec_says_for_gke() -> None:
    found = arguments("cluster", serving=serving(vcpus=2), network={"zones": 2})
    assert found["region"] == "var.region"
    assert len(found["zones"]) == 2
    assert all(zone.startswith("us-central1-") for zone in found["zones"])
    assert not {"release_channel", "managed_prometheus", "location"} & found.keys()
    block = {"location": "zonal", "release_channel": "STABLE", "binary_authorization": False}
    found = arguments("cluster", serving=serving(vcpus=2), cluster={"gcp": block}, monitoring=MANAGED)
    assert block.items() <= found.items()
    assert found["managed_prometheus"] is True


def test_a_cluster_by_its_dns_name_asks_for_the_permission_to_connect() -> None:
    said = {"gcp": {"dns_endpoint": True}}
    assert arguments("cluster", serving=serving(vcpus=2), cluster=said)["access"] == {"dns_endpoint": True}
    stack = gcp_stack(serving=serving(vcpus=2), cluster=said)
    assert [one.path for one in stack.needed(Permission)] == ["cluster.gcp.dns_endpoint"]
    assert not gcp_stack(serving=serving(vcpus=2)).needed(Permission)


def test_a_version_in_extended_support_needs_the_extended_channel() -> None:
    extended = [v.version for v in gcp().catalog.kubernetes_versions if v.support(v.as_of) == "extended"]
    assert extended
    said = {"version": extended[-1], "gcp": {"release_channel": "EXTENDED"}}
    assert arguments("cluster", serving=serving(vcpus=2), cluster=said)["release_channel"] == "EXTENDED"
    stack = gcp_stack(serving=serving(vcpus=2), cluster=said)
    [meter] = [one for one in cluster_meters(stack, gcp().billing) if one.kind == "fixed"]
    assert meter.use.item == "cluster.control_plane_extended"


@pytest.mark.parametrize("channel", [None, "RAPID", "REGULAR", "STABLE"])
def test_no_other_channel_keeps_a_version_past_standard_support(channel: str | None) -> None:
    """Neither silently in the extended one, which costs six times as much, nor upgraded at once."""
    block = {"gcp": {"release_channel": channel}} if channel else {}
    for version in (v for v in gcp().catalog.kubernetes_versions if v.support(v.as_of) == "extended"):
        found = problem(cloud=ON_GCP, serving=serving(vcpus=2), cluster={"version": version.version, **block})
        assert found.code == "GP208"
        assert found.path == ("cluster.gcp.release_channel" if channel else "cluster.version")
        assert f"Kubernetes {version.version} is past standard support" in found.message
        assert "`cluster.gcp.release_channel: EXTENDED`, billed higher by the hour" in (found.hint or "")


def test_a_version_that_was_upgraded_since_is_not_kept() -> None:
    """The last render said 1.32; in any channel but the extended one the cluster has left it."""
    kept = Kept("gcp us-central1", {"cluster.version": "1.32"})
    cluster = cluster_of(resolve(spec_of(cloud=ON_GCP, serving=serving(vcpus=2)), gcp(), kept))
    assert cluster and not cluster.extended_support


def test_machines_that_gpus_are_attached_to_lose_the_catalogs_suffix() -> None:
    found = arguments("pool_training_main", training=training(gpu={"type": "t4"}))
    assert not any("+" in one for one in found["instance_types"])
    assert found["gpu"] == {"count": 1, "model": "t4"}
    assert all(one.startswith("n1-") for one in found["instance_types"])


def test_a_pool_is_put_into_the_zones_that_offer_its_type() -> None:
    name = "c3-standard-4-lssd"
    offer = gcp().catalog.offer("us-central1", name)
    assert offer and len(offer.zones) == 3, "not in us-central1-f"
    parts = {
        "training": {"pools": {"main": {"instance_types": [name], "nodes": {"max": 1}}}},
        "network": {"zones": 4},
    }
    found = arguments("pool_training_main", **parts)
    assert len(arguments("cluster", **parts)["zones"]) == 4
    assert found["zones"] == list(offer.zones)
    assert "zones" not in arguments("pool_system", **parts), "offered in all of them"


@pytest.mark.parametrize(
    ("instance", "gib"), [("c4-standard-4-lssd", 375), ("c3-standard-4-lssd", 375), ("n2-standard-8", None)]
)
def test_storage_that_comes_with_the_machine_is_declared(instance: str, gib: int | None) -> None:
    """GKE reports these disks, and a pool whose configuration does not name them would be replaced by every plan."""
    pool = training(instance_types=[instance], capacity="on_demand")
    assert arguments("pool_training_main", training=pool)["disk"].get("local_nvme_gib") == gib


def test_what_runs_mlflow_on_the_cluster() -> None:
    parts = {"tracking": {"mlflow": NAMED}, "training": training(vcpus=4)}
    found = arguments("mlflow", **parts)
    assert found["project"] == "var.account_id"
    assert found["database"]["cidr_blocks"] == ["10.20.128.0/18"]
    for name in ("ca_bundle_pem", "server_name"):
        assert found["database"][name] == f"module.mlflow_database_ca.database_ca.{name}"
    assert found["ingress"]["class_name"] == "gce-internal"
    assert found["clients"]["cidr_blocks"] == ["10.20.240.0/20"], "the proxies of the load balancer, and nobody else"
    unnamed = arguments("mlflow", tracking={"mlflow": {}}, training=training(vcpus=4))
    assert "ingress" not in unnamed
    assert "cidr_blocks" not in unnamed["clients"]
    elsewhere = arguments("mlflow", **parts, network=EXISTING)
    assert elsewhere["database"]["cidr_blocks"] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
    assert elsewhere["clients"]["cidr_blocks"] == ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


@pytest.mark.parametrize("mlflow", [{}, SERVERLESS["mlflow"]], ids=["on the cluster", "serverless"])
def test_the_database_is_known_by_authorities_that_are_looked_up_beside_the_server(mlflow: dict[str, Any]) -> None:
    """In the root of the server, by a name that is known there, so that a plan of that root alone sees a new one."""
    shared = {"database": {"gcp": {"server_ca_mode": "GOOGLE_MANAGED_CAS_CA"}}}
    found = calls(tracking={"mlflow": {**mlflow, **shared}})
    server, authority = found["mlflow_serverless" if mlflow else "mlflow"], found["mlflow_database_ca"]
    assert authority.layer == server.layer
    assert authority.arguments["server_ca_mode"] == "GOOGLE_MANAGED_CAS_CA"
    assert found["mlflow_database"].arguments["postgres"]["server_ca_mode"] == "GOOGLE_MANAGED_CAS_CA"
    if mlflow:
        known_by = plain(server.arguments["database"])["ca_bundle_pem"]
        assert known_by == "module.mlflow_database_ca.database_ca.ca_bundle_pem"


def test_what_the_database_keeps_after_a_destroy_is_said() -> None:
    said = {"final_backup_days": 60, "restore_from": "old-mlflow/17", "log_bucket": "second"}
    more = {"recovery_days": 8, "storage_gib": 40, "storage_max_gib": 90, "postgres": "17"}
    found = arguments("mlflow_database", tracking={"mlflow": {"database": {"gcp": said, **more}}})
    assert found["backups"] == {"days": 14, "final_days": 60, "restore_from": "old-mlflow/17"}
    assert found["logs"]["bucket"] == "second"
    assert found["secret"] == {"name": "test-mlflow", "recovery_days": 8}
    assert found["storage"] == {"size_gib": 40, "max_gib": 90}
    assert found["postgres"] == {"database_name": "mlflow", "version": "17"}


def test_managed_collectors_come_from_a_namespace_and_not_from_addresses() -> None:
    parts = {"tracking": {"mlflow": {}}, "training": training(vcpus=4), "monitoring": MANAGED}
    clients = arguments("mlflow", **parts)["clients"]
    assert clients["monitoring_namespace"] == "gke-gmp-system"
    assert "metrics_cidr_blocks" not in clients
    spaces = arguments("workspaces", **parts)["workspaces"]
    assert {name: space["ingress_from_namespaces"] for name, space in spaces.items()} == {
        "training-main": ["gke-gmp-system"]
    }
    assert not any("metrics_cidr_blocks" in space for space in spaces.values())


def test_monitoring_on_the_cluster_knows_what_gke_hides() -> None:
    found = arguments("monitoring", training=training(vcpus=4), monitoring=ON_CLUSTER)
    assert found["platform"] == {"coredns": False, "autoscaler": False}
    assert found["alerts"] == {"log": {}}
    found = arguments("monitoring", training=training(gpu={"type": "l4"}), monitoring={})
    assert found["platform"]["gpu_driver_root"] == "/home/kubernetes/bin/nvidia"
    assert found["alerts"] == {}


def test_managed_monitoring_looks_at_gpus_where_there_are_some() -> None:
    assert arguments("managed_prometheus", training=training(gpu={"type": "l4"}), monitoring=MANAGED)["gpu"] is True
    assert "gpu" not in arguments("managed_prometheus", training=training(vcpus=4), monitoring=MANAGED)


def test_the_managed_service_keeps_nothing_under_a_key() -> None:
    """Its policies mail by themselves: without a topic there is no key, and no grant to an agent of Pub/Sub."""
    assert "alerts" not in arguments("keys", training=training(vcpus=4), monitoring=MANAGED)["purposes"]


@pytest.mark.parametrize(
    ("parts", "logs"),
    [
        ({"training": training(vcpus=4)}, {"network", "cluster"}),
        ({"training": training(vcpus=4), "network": EXISTING}, {"cluster"}),
        (
            {"training": training(vcpus=4), "tracking": {"mlflow": {}}},
            {"network", "object_store", "cluster", "mlflow_database"},
        ),
        ({"tracking": SERVERLESS}, {"network", "object_store", "mlflow_database", "mlflow"}),
    ],
)
def test_one_exclusion_for_all_logs_of_an_environment(parts: Mapping[str, Any], logs: set[str]) -> None:
    """A project takes ten exclusions, and each module had one: three environments did not fit into a project."""
    made = [call for call in calls(**parts).values() if EXCLUSION in resource_types(paths.MODULES / call.source)]
    assert [set(plain(call.arguments["filters"])) for call in made] == [logs]


def test_without_a_log_of_its_own_an_environment_excludes_nothing() -> None:
    assert "log_exclusion" not in calls(storage=BUCKETS, cloud=USAGE_LOGS)


def host_of(**parts: Any) -> dict[str, Any] | None:
    """The arguments of the root for the administrator of the host project, None without one."""
    return roots(**parts).get((HOST, "shared_vpc_host"))


def test_the_host_projects_administrator_gets_a_root() -> None:
    """Grants, rules and ranges were a table in a README, and GKE refused the cluster."""
    found = host_of(training=training(vcpus=4), network=EXISTING)
    assert found == {
        "name": "var.name",
        "service_project": "var.account_id",
        "network": {"id": EXISTING["existing"]["id"], "subnetwork_id": EXISTING["existing"]["private_subnets"][0]},
        "serverless": False,
        "cluster": {"pods_range": "pods", "services_range": "services"},
    }


def test_ranges_that_the_host_makes_are_for_its_root_alone() -> None:
    ranges = {"proxies_cidr": "10.40.0.0/23", "private_services_cidr": "10.41.0.0/20"}
    existing = {"existing": {**EXISTING["existing"], "gcp": {**EXISTING["existing"]["gcp"], **ranges}}}
    host = host_of(tracking=SERVERLESS, network=existing)
    assert host and host["serverless"] is True and "cluster" not in host
    assert {key: host[key] for key in ranges} == ranges
    assert not set(ranges) & set(arguments("network", tracking=SERVERLESS, network=existing))


def test_a_network_of_the_same_project_has_no_host() -> None:
    own = {**EXISTING["existing"], "id": "projects/fraud-dev/global/networks/shared"}
    own["private_subnets"] = ["projects/fraud-dev/regions/us-central1/subnetworks/ml"]
    assert host_of(training=training(vcpus=4), network={"existing": own}) is None
    assert host_of(training=training(vcpus=4)) is None


def test_servers_without_a_cluster_have_a_subnet_of_their_own() -> None:
    """Cloud Run holds on to it for one to two hours after a destroy, which failed on the subnet of nodes."""
    ranges = arguments("network", tracking=SERVERLESS)["ranges"]
    assert (ranges["proxies"], ranges["servers"]) == ("10.20.240.0/21", "10.20.248.0/21")
    [caution] = [c for c in cautions(tracking=SERVERLESS) if "serverless-ipv4" in c]
    assert "fraud-dev-servers" in caution or "test-servers" in caution


def test_the_smallest_network_has_no_room_for_one_and_says_so() -> None:
    small = {"network": {"cidr": "10.20.0.0/22"}, "tracking": SERVERLESS}
    assert "servers" not in arguments("network", **small)["ranges"]
    assert [caution for caution in cautions(**small) if "-nodes" in caution]


def test_networks_without_such_servers_stay_as_they_are() -> None:
    ranges = arguments("network", training=training(vcpus=4), tracking={"mlflow": {}})["ranges"]
    assert ranges["proxies"] == "10.20.240.0/20" and "servers" not in ranges
    assert not [caution for caution in cautions(training=training(vcpus=4)) if "Cloud Run" in caution]


def cautions(**parts: Any) -> list[str]:
    stack = gcp_stack(**parts)
    return [caution for component in components() for caution in component.on(gcp()).cautions(stack)]


@pytest.mark.parametrize(
    ("image", "users", "gib"),
    [
        (None, ["artifactregistry", "run"], [("0.05", "0.10", "0.30")]),
        ("quay.io/acme/mlflow:3", ["artifactregistry", "run"], [("0.05", "0.10", "0.30")]),
        ("us-central1-docker.pkg.dev/fraud-dev/ml/mlflow:3", ["run"], []),
        ("docker.io/acme/mlflow:3", ["run"], []),
    ],
)
def test_images_that_cloud_run_cannot_pull_come_through_a_remote_repository(
    image: str | None, users: list[str], gib: list[Usd]
) -> None:
    """Cloud Run refuses ghcr.io, where the default image is; its copies are under the key and have a price."""
    mlflow = {**SERVERLESS["mlflow"], **({"image": image} if image else {})}
    tracking = {"mlflow": mlflow}
    assert arguments("keys", tracking=tracking)["further_users"]["storage"] == users
    assert ("artifactregistry" in apis(FOUNDATION, tracking=tracking)) == bool(gib)
    assert priced(gcp_stack(tracking=tracking), "registry.stored") == gib


def roots(**parts: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """The arguments of every call by its root and name."""
    composed = compose(gcp_stack(**parts), gcp(), components(), paths.MODULES).roots
    return {(root.layer, call.name): dict(plain(call.arguments)) for root in composed for call in root.calls}


def test_who_reads_buckets_is_in_audit_logs_unless_asked_otherwise() -> None:
    """Organisations made since May 2024 refuse the group that delivers usage logs, so applies failed in 00-state."""
    found = roots(storage=BUCKETS)
    assert found[STATE, "services"]["data_access_logs"] == {"storage.googleapis.com": ["DATA_READ", "DATA_WRITE"]}
    assert "data_access_logs" not in found[FOUNDATION, "services"], "one root of the environment owns the setting"
    assert "access_logs" not in found[STATE, "state_store"] and "access_logs" not in found[FOUNDATION, "object_store"]
    assert found[FOUNDATION, "object_store"]["logs_kms_key"] == "module.keys.keys.logs.id"
    assert set(found[FOUNDATION, "log_exclusion"]["filters"]) == {"object_store"}


def test_without_a_state_bucket_of_ours_the_foundation_turns_audit_logs_on() -> None:
    local = {"state": {"backend": "local"}}
    assert roots(storage=BUCKETS, **local)[FOUNDATION, "services"]["data_access_logs"]
    assert "data_access_logs" not in roots(training=training(vcpus=4), **local)[FOUNDATION, "services"]


def test_usage_logs_when_asked_for() -> None:
    found = roots(storage=BUCKETS, cloud=USAGE_LOGS)
    assert found[STATE, "state_store"]["access_logs"] == found[FOUNDATION, "object_store"]["access_logs"] == "usage"
    assert not [call for call, arguments in found.items() if "data_access_logs" in arguments]
    assert "logs_kms_key" not in found[FOUNDATION, "object_store"]


@pytest.mark.parametrize(("cloud", "buckets"), [({}, 2), ({"gcp": {"access_logs": "usage"}}, 4)])
def test_the_group_and_the_buckets_of_usage_logs_are_asked_for_with_them(cloud: dict[str, Any], buckets: int) -> None:
    stack = gcp_stack(storage=BUCKETS, cloud={**ON_GCP, **cloud})
    assert len(stack.needed(BucketName)) == buckets
    members = [outsider.member for outsider in stack.needed(Outsider)]
    assert members == (["group:cloud-storage-analytics@google.com"] if cloud else [])


def test_audit_logs_are_priced_by_the_gib() -> None:
    """0.11 to 11 million requests of 1.5 KiB: 0.165 to 16.5 GiB, 1.65 expected, at $0.50."""
    assert priced(gcp_stack(storage=BUCKETS), "logs.ingested") == [("0.08", "0.83", "8.25")]
    assert priced(gcp_stack(storage=BUCKETS, cloud=USAGE_LOGS), "logs.ingested") == []


def test_volumes_are_encrypted_with_the_clusters_key() -> None:
    key = arguments("storage_class", training=training(vcpus=4))["kms_key"]
    assert key == '"projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}/cryptoKeys/cluster"'


@pytest.mark.parametrize(("location", "expected"), [("regional", "var.region"), ("zonal", "us-central1-a")])
def test_the_platform_looks_for_the_cluster_where_it_is(location: str, expected: str) -> None:
    stack = gcp_stack(serving=serving(vcpus=2), cluster={"gcp": {"location": location}})
    found = {k: v for one in components() for k, v in plain(one.on(gcp()).template_values(stack)).items()}
    assert cluster_of(stack)
    where = cluster_of(stack).zones[0] if location == "zonal" else expected
    assert found == {"cluster_location": where, "cluster_dns_endpoint": False}


def test_what_an_administrator_prepares() -> None:
    """The APIs that turn on others: service agents, which took a command each, are resources of the module keys."""
    assert list(gcp().terraform.preparations("fraud-dev")) == [
        "gcloud services enable cloudresourcemanager.googleapis.com serviceusage.googleapis.com"
        " logging.googleapis.com storage.googleapis.com --project fraud-dev"
    ]


AGENTS_OF_APIS = {"compute", "container"}
"""Service agents that are there once their API is on; the module keys asks for the others."""


@pytest.mark.parametrize(
    "parts",
    [
        {"storage": BUCKETS},
        {"storage": BUCKETS, "registry": {"repositories": {"trainer": {}}}},
        {"tracking": SERVERLESS},
        {"tracking": {"mlflow": {}}},
        {"training": training(vcpus=4), "monitoring": MANAGED},
    ],
    ids=["buckets", "registry", "serverless", "mlflow", "monitoring"],
)
def test_every_service_that_uses_a_key_has_its_api_on(parts: dict[str, Any]) -> None:
    """Objects without images granted a key to Artifact Registry's agent, which nobody makes where its API is off."""
    keys = arguments("keys", **parts)
    module = parse((paths.MODULES / "gcp/keys/locals.tf").read_text("utf-8"), "locals.tf")
    [local] = [block for block in module.blocks if block.type == "locals"]
    of_purpose = dict(re.findall(r"(\w+) += \[(.*)]", local.attributes["users"].value))
    users = {user.strip('" ') for purpose in keys["purposes"] for user in of_purpose[purpose].split(",")}
    users |= {user for further in keys.get("further_users", {}).values() for user in further}
    assert users <= apis(FOUNDATION, **parts) | AGENTS_OF_APIS


def priced(stack: Stack, item: str) -> list[Usd]:
    """Low, expected and high of every line of the item."""
    lines = [line.monthly_usd for line in estimate(stack, gcp(), components()).lines if line.item == item]
    return [(str(band.low), str(band.expected), str(band.high)) for band in lines]


def test_nat_is_billed_by_the_machine() -> None:
    """Two system nodes, 1460 h, a third of 730 h at the most, and two training nodes for 80 h, half or one and a half
    times that; $0.0014 an hour."""
    stack = gcp_stack(training=training(vcpus=4, capacity="on_demand", nodes={"max": 2}, hours_per_month=80))
    assert priced(stack, "network.nat_vm") == [("2.16", "2.27", "3.40")]
    assert priced(stack, "network.public_ipv4") == [("3.65", "3.65", "3.65")], "730 h at $0.005"


def test_nat_is_billed_for_32_machines_at_the_most() -> None:
    """32 machines for 730 h at $0.0014 are $32.70; at the least there are 22, $22.48."""
    stack = gcp_stack(serving=serving(vcpus=4, nodes={"min": 20, "expected": 40, "max": 90}))
    assert priced(stack, "network.nat_vm") == [("22.48", "32.70", "32.70")]


def test_somebody_elses_network_has_somebody_elses_nat() -> None:
    stack = gcp_stack(serving=serving(vcpus=2), network=EXISTING)
    assert priced(stack, "network.nat_vm") == priced(stack, "network.public_ipv4") == []


def test_conditions_of_managed_alerts() -> None:
    """13 conditions at $0.10, one more with GPUs and five with MLflow; three where Alertmanager's mail goes out."""
    pool = {"serving": serving(vcpus=2)}
    assert priced(gcp_stack(**pool, monitoring=MANAGED), "metrics.alarm") == [("1.30", "1.30", "1.30")]
    full = gcp_stack(serving=serving(gpu={"memory_gib": 16}), monitoring=MANAGED, tracking={"mlflow": {}})
    assert priced(full, "metrics.alarm") == [("1.90", "1.90", "1.90")]
    assert priced(gcp_stack(**pool, monitoring=ON_CLUSTER), "metrics.alarm") == [("0.30", "0.30", "0.30")]
    assert priced(gcp_stack(**pool, monitoring={}), "metrics.alarm") == []


def test_a_network_has_three_private_zones() -> None:
    """At $0.20 a month; an existing network has those of its owner."""
    assert priced(gcp_stack(serving=serving(vcpus=2)), "dns.zone") == [("0.60", "0.60", "0.60")]


def test_a_name_is_a_load_balancer() -> None:
    """730 h at $0.025, and 5, 50 or 500 GiB at $0.008."""
    named = gcp_stack(tracking={"mlflow": NAMED})
    assert priced(named, "load_balancer.forwarding_rule") == [("18.25", "18.25", "18.25")]
    assert priced(named, "load_balancer.data") == [("0.04", "0.40", "4.00")]
    assert priced(gcp_stack(tracking={"mlflow": {}}), "load_balancer.forwarding_rule") == []


def test_a_proxy_runs_beside_each_server_of_cloud_run() -> None:
    """Two servers, up to four: 1460 to 2920 h of 1 vCPU at $0.0648 and 4 GiB at $0.0072; half and a quarter more."""
    stack = gcp_stack(tracking=SERVERLESS)
    assert priced(stack, "serverless.vcpu") == [("94.61", "94.61", "189.22"), ("47.30", "47.30", "94.61")]
    assert priced(stack, "serverless.memory") == [("42.05", "42.05", "84.10"), ("2.63", "2.63", "5.26")]


def test_logs_are_kept_for_thirty_days_at_no_charge() -> None:
    """Flow logs: 1, 5, 30 GiB a month. 30 days of them are free; of 90 days, 60 are billed: 5 x 60 x 12 / 365 GiB."""
    free = gcp_stack(serving=serving(vcpus=2), network={"flow_logs_retention_days": 30})
    kept = gcp_stack(serving=serving(vcpus=2), network={"flow_logs_retention_days": 90})

    def stored(stack: Stack) -> Decimal:
        [line] = [
            line
            for line in estimate(stack, gcp(), components()).lines
            if (line.item, line.path) == ("logs.stored", "network")
        ]
        return line.quantity

    assert stored(free) == 0
    assert round(stored(kept), 3) == Decimal("9.863")


def test_a_key_ring_of_another_name() -> None:
    """Google deletes no key ring: what is made again has a suffix, wherever the ring is named."""
    suffixed = {"provider": "gcp", "region": "us-central1", "account": "fraud-dev", "gcp": {"key_ring_suffix": "b"}}
    parts = {"training": training(vcpus=4)}
    assert arguments("keys", **parts, cloud=suffixed)["suffix"] == "b"
    key = arguments("storage_class", **parts, cloud=suffixed)["kms_key"]
    assert key == '"projects/${var.account_id}/locations/${var.region}/keyRings/${var.name}-b/cryptoKeys/cluster"'
    assert "suffix" not in arguments("keys", **parts)


def test_local_ssds_are_attached_priced_and_in_the_quotas() -> None:
    """Two of 375 GiB on each of two nodes that are always on."""
    pool = {"instance_types": ["n2-standard-8"], "nodes": {"min": 2, "max": 3}, "gcp": {"local_ssds": 2}}
    parts: dict[str, Any] = {"serving": {"pools": {"main": pool}}}
    disk = arguments("pool_serving_main", **parts)["disk"]
    assert disk["local_nvme_gib"] == 750
    stack = gcp_stack(**parts)
    [line] = [one for one in estimate(stack, gcp(), components()).lines if one.item == "disk.local"]
    assert (line.monthly_usd.low, line.monthly_usd.high) == (Decimal("120.00"), Decimal("180.00"))
    calls = [one for root in compose(stack, gcp(), components(), paths.MODULES).roots for one in root.calls]
    needs = needs_of(stack, gcp().catalog, calls, paths.MODULES)
    [quota] = [one for one in requirements(needs) if one.code == "LOCAL_SSD_TOTAL_GB"]
    assert (quota.at_once, quota.amount) == (1500, 2250)


def test_a_type_takes_so_many_local_ssds_and_no_others() -> None:
    def of(name: str, count: int) -> dict[str, Any]:
        return training(instance_types=[name], capacity="on_demand", gcp={"local_ssds": count})

    found = problem(cloud=ON_GCP, training=of("n2-standard-16", 1))
    assert (found.code, found.path) == ("GP208", "training.pools.main.gcp.local_ssds")
    assert found.message == "1 local SSDs cannot be attached to `n2-standard-16`, which takes 2, 4, 8, 16, 24"
    assert "takes none" in problem(cloud=ON_GCP, training=of("e2-standard-8", 1)).message
    assert "375 GiB of its own" in problem(cloud=ON_GCP, training=of("a2-ultragpu-1g", 1)).message
    for name, count in (("n2d-standard-8", 24), ("g2-standard-24", 2), ("a2-highgpu-8g", 8), ("c2-standard-60", 8)):
        [pool] = workload_pools_of(gcp_stack(training=of(name, count)))
        assert (pool.local_ssds, pool.local_storage_gib) == (count, count * 375)


def test_a_type_that_takes_local_ssds_is_chosen_where_they_are_asked_for() -> None:
    [pool] = workload_pools_of(gcp_stack(training=training(vcpus=16, capacity="on_demand", gcp={"local_ssds": 2})))
    machine = gcp().catalog.instance(pool.instance_types[0])
    assert machine and 2 in gcp().catalog.local_ssd_counts(machine)
    [pool] = workload_pools_of(gcp_stack(training=training(vcpus=16, capacity="on_demand")))
    assert pool.local_ssds == pool.local_storage_gib == 0


def test_every_number_of_local_ssds_has_a_source_and_types() -> None:
    counts: dict[str, set[int]] = {}
    for machine in gcp().catalog.instances.values():
        counts.setdefault(machine.family, set()).update(gcp().catalog.local_ssd_counts(machine))
    assert {family for family, found in counts.items() if found} == {"a2", "c2", "c2d", "g2", "n1", "n2", "n2d"}
    rows = (REPOSITORY / "generator/groundplan/clouds/gcp/local_ssds.csv").read_text("utf-8").splitlines()[1:]
    assert {row.split(",")[3] for row in rows} <= set(gcp().prices.sources)
    assert {row.split(",")[0] for row in rows} <= set(counts)


def test_local_ssds_are_the_local_storage_where_both_are_stated() -> None:
    """One spec for two clouds: instance store there, attached here."""
    wanted = {"vcpus": 8, "local_storage_gib": 600, "capacity": "on_demand"}
    [pool] = workload_pools_of(gcp_stack(training=training(**wanted, gcp={"local_ssds": 2})))
    assert (pool.local_ssds, pool.local_storage_gib) == (2, 750)
    found = problem(cloud=ON_GCP, training=training(**wanted, gcp={"local_ssds": 1}))
    assert (found.code, found.path) == ("GP208", "training.pools.main.gcp.local_ssds")
    assert "wants 600 GiB of local storage, and its local SSDs have 375" in found.message
