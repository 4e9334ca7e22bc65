"""Google Cloud."""

from __future__ import annotations

import json
from typing import Any

from groundplan.terraform.plugin.answers.registry import answers
from groundplan.terraform.plugin.synthetic import Synthesizer, project_number

_ZONES = "abc"
_KUBERNETES = "1.34"
_PATCH = ".1-gke.1000000"
_COMPUTE = "https://www.googleapis.com/compute/v1/"


@answers("data", "google_client_config")
@answers("ephemeral", "google_client_config")
def client_config(ask: Synthesizer) -> dict[str, Any]:
    """Project, region and labels of the provider block, and a token, which only the ephemeral resource keeps secret."""
    region = ask.scope.region
    return {
        "id": ask.render(f"projects/{{project}}/regions/{region}/zones/{region}-a"),
        "project": ask.scope.project,
        "region": region,
        "zone": f"{region}-a",
        "access_token": ask.render("ya29.{hex40}"),
        "default_labels": dict(ask.scope.default_tags),
    }


@answers("ephemeral", "google_service_account_access_token")
def service_account_access_token(ask: Synthesizer) -> dict[str, Any]:
    """A token."""
    return {"access_token": ask.render("ya29.{hex40}")}


@answers("ephemeral", "google_secret_manager_secret_version")
@answers("data", "google_secret_manager_secret_version")
def secret_version(ask: Synthesizer) -> dict[str, Any]:
    """A secret that is a JSON object with a user and a password, as database secrets are."""
    secret = json.dumps({"username": "offline", "password": ask.hex(32)})
    return {"secret_data": secret, "version": ask.known("version") or "1", "enabled": True}


@answers("data", "google_iam_policy")
def iam_policy(ask: Synthesizer) -> dict[str, Any]:
    """The document itself, roles and members in order: nothing about it needs a cloud."""
    blocks = sorted(ask.known("binding") or (), key=lambda block: str(block["role"]))
    bindings = [{**_condition(block), "members": sorted(block["members"]), "role": block["role"]} for block in blocks]
    return {"policy_data": json.dumps({"bindings": bindings} if bindings else {}, separators=(",", ":"))}


@answers("data", "google_compute_zones")
def compute_zones(ask: Synthesizer) -> dict[str, Any]:
    """Three zones of the region."""
    region = ask.field("region")
    return {
        "id": ask.render(f"projects/{{project}}/regions/{region}"),
        "region": region,
        "names": [f"{region}-{letter}" for letter in _ZONES],
    }


@answers("data", "google_project")
def project(ask: Synthesizer) -> dict[str, Any]:
    """The project asked for, or that of the provider block; its number goes with its id."""
    name = ask.known("project_id") or ask.scope.project
    return {"id": f"projects/{name}", "project_id": name, "name": name, "number": project_number(name)}


@answers("data", "google_compute_network")
def network(ask: Synthesizer) -> dict[str, Any]:
    """A network of that name."""
    path = ask.text(("id",))
    return {"id": path, "self_link": f"{_COMPUTE}{path}"}


@answers("data", "google_compute_subnetwork")
def subnetwork(ask: Synthesizer) -> dict[str, Any]:
    """A subnet with private Google access and ranges named as GKE's usually are, by name or by self link."""
    link = ask.known("self_link")
    path = link[link.index("projects/") :] if isinstance(link, str) and "projects/" in link else ask.text(("id",))
    _, in_project, _, region, _, name = path.split("/")
    return {
        "id": path,
        "self_link": f"{_COMPUTE}{path}",
        "name": name,
        "project": in_project,
        "region": region,
        "ip_cidr_range": "10.0.0.0/20",
        "gateway_address": "10.0.0.1",
        "private_ip_google_access": True,
        "secondary_ip_range": [
            {"range_name": "pods", "ip_cidr_range": "10.4.0.0/14"},
            {"range_name": "services", "ip_cidr_range": "10.0.16.0/20"},
        ],
    }


@answers("resource", "google_compute_address", "google_compute_global_address")
def address(ask: Synthesizer) -> dict[str, Any]:
    """The address asked for, else one of the documentation's ranges or, for internal ones, of a private range."""
    internal = ask.known("address_type") == "INTERNAL"
    made_up = ask.render("10.{byte}.0.10" if internal else "203.0.113.{byte}")
    return {"address": ask.known("address") or made_up}


@answers("resource", "google_compute_subnetwork")
def new_subnetwork(ask: Synthesizer) -> dict[str, Any]:
    """The gateway is the first address of the range."""
    first, _, last = str(ask.known("ip_cidr_range") or "10.0.0.0/20").partition("/")[0].rpartition(".")
    return {"gateway_address": f"{first}.{int(last) + 1}"}


@answers("resource", "google_dns_managed_zone")
def managed_zone(ask: Synthesizer) -> dict[str, Any]:
    """A private zone has one name server, a public one four."""
    public = [f"ns-cloud-a{number}.googledomains.com." for number in range(1, 5)]
    return {"name_servers": ["ns-gcp-private.googledomains.com."] if ask.known("visibility") == "private" else public}


@answers("resource", "google_logging_project_sink")
def project_sink(ask: Synthesizer) -> dict[str, Any]:
    """Who writes: nobody has to be let in where the target is a log bucket of the same project."""
    own = str(ask.known("destination")).startswith(f"logging.googleapis.com/projects/{ask.field('project')}/")
    agent = ask.render("serviceAccount:service-{project_number}@gcp-sa-logging.iam.gserviceaccount.com")
    return {"writer_identity": ask.known("custom_writer_identity") or ("" if own else agent)}


@answers("resource", "google_sql_database_instance")
def sql_instance(ask: Synthesizer) -> dict[str, Any]:
    """An instance with a private address and none on the internet."""
    private = ask.render("10.{byte}.0.3")
    found = [{"ip_address": private, "time_to_retire": "", "type": "PRIVATE"}]
    return {"private_ip_address": private, "first_ip_address": private, "ip_address": found}


@answers("data", "google_sql_ca_certs")
def sql_ca_certs(ask: Synthesizer) -> dict[str, Any]:
    """The authority of an instance that has never been rotated."""
    times = {"create_time": "2026-01-01T00:00:00Z", "expiration_time": "2035-12-30T00:00:00Z"}
    found = {"cert": ask.render("{pem}"), "common_name": "", "sha1_fingerprint": ask.render("{hex40}"), **times}
    return {"certs": [found], "active_version": found["sha1_fingerprint"]}


@answers("data", "google_sql_database_instance")
def sql_instance_found(ask: Synthesizer) -> dict[str, Any]:
    """An instance with a name for its private address."""
    name = ask.render("{hex12}.{hex12}.us-central1.sql.goog.")
    return {"dns_names": [{"name": name, "connection_type": "PRIVATE_SERVICES_ACCESS", "dns_scope": "INSTANCE"}]}


@answers("data", "google_container_engine_versions")
def engine_versions(ask: Synthesizer) -> dict[str, Any]:
    """One version of the minor version asked for, in every channel."""
    version = _patched(ask.known("version_prefix"))
    channels = dict.fromkeys(("RAPID", "REGULAR", "STABLE", "EXTENDED"), version)
    return {
        "default_cluster_version": version,
        "latest_master_version": version,
        "latest_node_version": version,
        "valid_master_versions": [version],
        "valid_node_versions": [version],
        "release_channel_default_version": channels,
        "release_channel_latest_version": channels,
        "release_channel_upgrade_target_version": channels,
    }


@answers("data", "google_container_cluster")
def container_cluster(ask: Synthesizer) -> dict[str, Any]:
    """A running private cluster with Workload Identity; its certificate comes from the patterns of the type."""
    return {
        "endpoint": "192.0.2.10",
        "master_version": _patched(None),
        "node_version": _patched(None),
        "datapath_provider": "ADVANCED_DATAPATH",
        "workload_identity_config": [{"workload_pool": ask.render("{project}.svc.id.goog")}],
    }


@answers("resource", "google_container_cluster")
def new_container_cluster(ask: Synthesizer) -> dict[str, Any]:
    """A new cluster runs a patch version of the version asked for."""
    version = _patched(ask.known("min_master_version"))
    return {"master_version": version, "node_version": ask.known("node_version") or version}


@answers("resource", "google_container_node_pool")
def new_node_pool(ask: Synthesizer) -> dict[str, Any]:
    """A group of machines in each zone."""
    zones = ask.known("node_locations") or [f"{ask.scope.region}-a"]
    groups = [
        ask.render(f"{_COMPUTE}projects/{{project}}/zones/{zone}/instanceGroupManagers/gke-{{cluster}}-{{hex8}}-grp")
        for zone in sorted(zones)
    ]
    return {
        "version": ask.known("version") or _patched(None),
        "instance_group_urls": groups,
        "managed_instance_group_urls": [group.replace("Managers", "s") for group in groups],
    }


def _condition(binding: dict[str, Any]) -> dict[str, Any]:
    """The condition of a binding, if it has one, without what it leaves out."""
    blocks = binding.get("condition") or ()
    return {"condition": {name: text for name, text in blocks[0].items() if text}} if blocks else {}


def _patched(version: Any) -> str:
    """The GKE version of a minor version, or the version itself when it is one of GKE's."""
    wanted = str(version or _KUBERNETES).rstrip(".")
    return wanted if "-gke." in wanted else f"{wanted}{_PATCH}"
