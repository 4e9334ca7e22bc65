"""Google Cloud."""

from __future__ import annotations

from typing import Any

from groundplan.terraform.plugin.answers.registry import answers
from groundplan.terraform.plugin.synthetic import Synthesizer

_ZONES = "abc"
_KUBERNETES = "1.34.1-gke.1000000"


def _region(ask: Synthesizer) -> str:
    named = ask.known("region")
    if isinstance(named, str):
        return named
    return ask.scope.region if ask.scope.region != "us-east-1" else "us-central1"


@answers("data", "google_client_config")
def client_config(ask: Synthesizer) -> dict[str, Any]:
    """Project and region of the provider block, and a token."""
    region = _region(ask)
    return {
        "id": ask.render("projects/{project}"),
        "project": ask.scope.project,
        "region": region,
        "zone": f"{region}-a",
        "access_token": ask.render("ya29.{hex40}"),
    }


@answers("data", "google_compute_zones")
def compute_zones(ask: Synthesizer) -> dict[str, Any]:
    """Three zones of the region."""
    region = _region(ask)
    return {
        "id": ask.render("projects/{project}/regions/") + region,
        "region": region,
        "names": [f"{region}-{letter}" for letter in _ZONES],
    }


@answers("data", "google_project")
def project(ask: Synthesizer) -> dict[str, Any]:
    """The project asked for, or that of the provider block."""
    name = ask.known("project_id") or ask.scope.project
    number = str(int(ask.hex(10), 16) % 10**12).zfill(12)
    return {"id": f"projects/{name}", "project_id": name, "name": name, "number": number}


@answers("data", "google_compute_subnetwork")
def subnetwork(ask: Synthesizer) -> dict[str, Any]:
    """A subnet with private Google access and ranges named as GKE's usually are."""
    return {
        "ip_cidr_range": "10.0.0.0/20",
        "private_ip_google_access": True,
        "secondary_ip_range": [
            {"range_name": "pods", "ip_cidr_range": "10.4.0.0/14"},
            {"range_name": "services", "ip_cidr_range": "10.0.16.0/20"},
        ],
    }


@answers("data", "google_container_engine_versions")
def engine_versions(_ask: Synthesizer) -> dict[str, Any]:
    """One version, in every channel."""
    channels = dict.fromkeys(("RAPID", "REGULAR", "STABLE"), _KUBERNETES)
    return {
        "default_cluster_version": _KUBERNETES,
        "latest_master_version": _KUBERNETES,
        "latest_node_version": _KUBERNETES,
        "valid_master_versions": [_KUBERNETES],
        "valid_node_versions": [_KUBERNETES],
        "release_channel_default_version": channels,
        "release_channel_latest_version": channels,
        "release_channel_upgrade_target_version": channels,
    }


@answers("data", "google_container_cluster")
def container_cluster(ask: Synthesizer) -> dict[str, Any]:
    """A running cluster with a private address."""
    return {"endpoint": "192.0.2.10", "master_version": _KUBERNETES, "id": ask.values["name"]}
