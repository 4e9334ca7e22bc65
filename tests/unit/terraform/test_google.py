"""Google Cloud offline: what the answers and patterns make of a configuration, through real Terraform."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

import jinja2
import pytest

from groundplan.hcl.write import Expression, hcl
from groundplan.terraform.offline import PlanResult, offline_session
from groundplan.terraform.plugin import google_patterns
from groundplan.terraform.plugin.answers import answer
from groundplan.terraform.plugin.synthetic import Scope, Synthesizer, project_number

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = ROOT / "generator" / "groundplan" / "clouds" / "gcp" / "templates"

FOUNDATION = """
    provider "google" {
      project        = "fraud-ml"
      region         = "europe-west4"
      default_labels = { owner = "ml" }
    }

    data "google_project" "this" {}

    resource "google_compute_network" "this" {
      name                    = "demo"
      auto_create_subnetworks = false
    }

    resource "google_compute_subnetwork" "this" {
      name          = "demo"
      network       = google_compute_network.this.id
      ip_cidr_range = "10.8.0.0/20"
    }

    resource "google_kms_key_ring" "this" {
      name     = "demo"
      location = "europe-west4"
    }

    resource "google_kms_crypto_key" "this" {
      name     = "cluster"
      key_ring = google_kms_key_ring.this.id
      labels   = { purpose = "cluster" }
    }

    resource "google_service_account" "nodes" {
      account_id = "demo-nodes"
    }

    resource "google_container_cluster" "this" {
      name               = "demo"
      location           = "europe-west4"
      min_master_version = "1.33"
      resource_labels    = { tier = "dev" }
    }

    resource "google_container_node_pool" "this" {
      name           = "gpu"
      cluster        = google_container_cluster.this.name
      location       = google_container_cluster.this.location
      node_locations = ["europe-west4-b", "europe-west4-a"]
    }

    resource "google_compute_address" "inside" {
      name         = "inside"
      address_type = "INTERNAL"
    }

    resource "google_sql_database_instance" "this" {
      name             = "demo"
      database_version = "POSTGRES_17"
      settings { tier = "db-custom-2-8192" }
    }

    resource "google_secret_manager_secret" "this" {
      secret_id = "demo"
      replication {
        auto {}
      }
    }

    resource "google_logging_project_bucket_config" "this" {
      project   = "fraud-ml"
      location  = "europe-west4"
      bucket_id = "demo"
    }

    resource "google_logging_project_sink" "own" {
      name        = "own"
      destination = "logging.googleapis.com/${google_logging_project_bucket_config.this.id}"
    }

    resource "google_logging_project_sink" "far" {
      name        = "far"
      destination = "storage.googleapis.com/archive"
    }

    output "found" {
      value = {
        project   = data.google_project.this
        network   = google_compute_network.this
        subnet    = google_compute_subnetwork.this
        key       = google_kms_crypto_key.this
        account   = google_service_account.nodes
        cluster   = google_container_cluster.this
        authority = base64decode(google_container_cluster.this.master_auth[0].cluster_ca_certificate)
        pool      = google_container_node_pool.this
        address   = google_compute_address.inside.address
        sql       = google_sql_database_instance.this
        secret    = google_secret_manager_secret.this
        own       = google_logging_project_sink.own.writer_identity
        far       = google_logging_project_sink.far.writer_identity
      }
      sensitive = true
    }
"""


def folder_of(top: Path, text: str) -> Path:
    (top / "main.tf").write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return top


def ask(type_name: str, values: dict[str, Any], scope: Scope | None = None) -> Synthesizer:
    return Synthesizer(scope or Scope.from_provider("google", {"project": "fraud-ml"}), type_name, values, type_name)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the foundation is after it was applied."""
    with offline_session(folder_of(tmp_path_factory.mktemp("google"), FOUNDATION)) as session:
        assert session.initialise(".").ok
        applied = session.run(".", "apply", "-json", "-auto-approve", "-input=false")
        assert applied.returncode == 0, applied.stdout
        shown = json.loads(session.run(".", "output", "-json").stdout)
    value: dict[str, Any] = shown["found"]["value"]
    return value


def test_rehearsal_creates_is_stable_and_destroys(tmp_path: Path) -> None:
    with offline_session(folder_of(tmp_path, FOUNDATION)) as session:
        result = session.rehearse(".")
    assert result.ok, result.diagnostics
    assert (result.created, result.changed_by_second_plan, result.destroyed) == (13, 0, 13)


def test_ids_and_links_are_paths(found: dict[str, Any]) -> None:
    assert found["network"]["id"] == "projects/fraud-ml/global/networks/demo"
    assert found["subnet"]["id"] == "projects/fraud-ml/regions/europe-west4/subnetworks/demo"
    assert found["subnet"]["self_link"] == f"https://www.googleapis.com/compute/v1/{found['subnet']['id']}"
    assert found["subnet"]["gateway_address"] == "10.8.0.1"
    ring = "projects/fraud-ml/locations/europe-west4/keyRings/demo"
    assert found["key"]["id"] == f"{ring}/cryptoKeys/cluster"
    assert found["key"]["primary"] == [{"name": f"{ring}/cryptoKeys/cluster/cryptoKeyVersions/1", "state": "ENABLED"}]
    assert found["cluster"]["id"] == "projects/fraud-ml/locations/europe-west4/clusters/demo"
    assert found["pool"]["id"] == f"{found['cluster']['id']}/nodePools/gpu"
    assert found["account"]["member"] == "serviceAccount:demo-nodes@fraud-ml.iam.gserviceaccount.com"
    assert found["account"]["name"] == found["account"]["id"]


def test_one_number_for_one_project(found: dict[str, Any]) -> None:
    number = found["project"]["number"]
    assert len(number) == 12 and number.isdigit() and number == project_number("fraud-ml")
    assert found["project"]["id"] == "projects/fraud-ml"
    assert found["secret"]["name"] == f"projects/{number}/secrets/demo"
    assert found["secret"]["id"] == "projects/fraud-ml/secrets/demo"
    assert found["own"] == ""
    assert found["far"] == f"serviceAccount:service-{number}@gcp-sa-logging.iam.gserviceaccount.com"


def test_a_cluster_runs_a_patch_of_the_version_asked_for(found: dict[str, Any]) -> None:
    assert found["cluster"]["master_version"] == "1.33.1-gke.1000000"
    assert found["authority"].startswith("-----BEGIN CERTIFICATE-----")
    groups = found["pool"]["instance_group_urls"]
    assert [group.split("/zones/")[1].split("/")[0] for group in groups] == ["europe-west4-a", "europe-west4-b"]
    assert all("/gke-demo-" in group for group in groups)


def test_addresses_inside_are_private(found: dict[str, Any]) -> None:
    assert found["address"].startswith("10.")
    assert (
        found["sql"]["private_ip_address"].startswith("10.")
        and found["sql"]["connection_name"] == "fraud-ml:europe-west4:demo"
    )
    assert answer("resource", "google_compute_address", ask("google_compute_address", {}))["address"].startswith("203.")


def test_a_plan_shows_all_labels(tmp_path: Path) -> None:
    with offline_session(folder_of(tmp_path, FOUNDATION)) as session:
        result = session.plan(".")
    cluster, key = planned(result, "google_container_cluster.this"), planned(result, "google_kms_crypto_key.this")
    ours = {"goog-terraform-provisioned": "true", "owner": "ml"}
    assert cluster["effective_labels"] == {**ours, "tier": "dev"} == cluster["terraform_labels"]
    assert key["effective_labels"] == {**ours, "purpose": "cluster"} and key["labels"] == {"purpose": "cluster"}


def planned(result: PlanResult, address: str) -> dict[str, Any]:
    assert result.plan is not None, result.diagnostics
    changes: dict[str, dict[str, Any]] = {c["address"]: c["change"]["after"] for c in result.plan["resource_changes"]}
    return changes[address]


@pytest.mark.parametrize(
    ("location", "by_name"), [(Expression("var.region"), False), ("us-central1-a", False), ("us-central1-a", True)]
)
def test_the_token_of_the_roots_is_in_no_plan_and_no_state(
    tmp_path: Path, location: str | Expression, *, by_name: bool
) -> None:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters |= {"hcl": hcl, "comment": lambda text: f"# {text}"}
    providers = environment.get_template("providers.tf.j2")
    (tmp_path / "providers.tf").write_text(
        providers.render(
            header="Rendered.",
            on_cluster=True,
            cluster_location=location,
            cluster_dns_endpoint=by_name,
            configured_alike=(),
        )
        + "\n",
        encoding="utf-8",
    )
    folder = folder_of(
        tmp_path,
        """
        variable "name" { default = "demo" }
        variable "region" { default = "us-central1" }
        variable "account_id" { default = "fraud-ml" }
        variable "tags" { default = { owner = "ml" } }
        resource "kubernetes_namespace_v1" "this" {
          metadata { name = "jobs" }
        }
        """,
    )
    with offline_session(folder) as session:
        plan = session.plan(".")
        result = session.rehearse(".")
        issued = session.issued_secrets()
    assert plan.ok and result.ok, (*plan.diagnostics, *result.diagnostics)
    tokens = [secret for secret in issued if secret.startswith("ya29.")]
    assert tokens and not any(token in json.dumps(plan.plan) for token in tokens)


def test_a_policy_document_is_the_real_json() -> None:
    bindings = [
        {"role": "roles/viewer", "members": ["user:b@example.com", "user:a@example.com"], "condition": []},
        {
            "role": "roles/editor",
            "members": ["user:a@example.com"],
            "condition": [{"title": "t", "expression": "true", "description": None}],
        },
    ]
    policy = json.loads(
        answer("data", "google_iam_policy", ask("google_iam_policy", {"binding": bindings}))["policy_data"]
    )
    assert policy == {
        "bindings": [
            {
                "condition": {"title": "t", "expression": "true"},
                "members": ["user:a@example.com"],
                "role": "roles/editor",
            },
            {"members": ["user:a@example.com", "user:b@example.com"], "role": "roles/viewer"},
        ]
    }
    assert answer("data", "google_iam_policy", ask("google_iam_policy", {}))["policy_data"] == "{}"


@pytest.mark.parametrize(
    "values",
    [
        {"project": "host", "region": "us-east4", "name": "ml"},
        {"self_link": "https://www.googleapis.com/compute/v1/projects/host/regions/us-east4/subnetworks/ml"},
    ],
)
def test_a_subnet_is_found_by_name_and_by_link(values: dict[str, Any]) -> None:
    subnet = answer("data", "google_compute_subnetwork", ask("google_compute_subnetwork", values))
    assert subnet["id"] == "projects/host/regions/us-east4/subnetworks/ml"
    assert (subnet["project"], subnet["region"], subnet["name"]) == ("host", "us-east4", "ml")
    assert [secondary["range_name"] for secondary in subnet["secondary_ip_range"]] == ["pods", "services"]


def test_versions_follow_the_prefix() -> None:
    versions = answer(
        "data", "google_container_engine_versions", ask("google_container_engine_versions", {"version_prefix": "1.35."})
    )
    assert versions["valid_master_versions"] == ["1.35.1-gke.1000000"]
    assert versions["release_channel_default_version"]["EXTENDED"] == "1.35.1-gke.1000000"


@pytest.mark.parametrize(("visibility", "count"), [("private", 1), ("public", 4)])
def test_name_servers_of_zones(visibility: str, count: int) -> None:
    values = {"visibility": visibility}
    assert (
        len(answer("resource", "google_dns_managed_zone", ask("google_dns_managed_zone", values))["name_servers"])
        == count
    )


def test_scope_of_a_provider_block() -> None:
    assert Scope.from_provider("google", {}) == Scope(region="us-central1")
    full = Scope.from_provider("google", {"project": "p", "region": "europe-west1", "default_labels": {"a": "b"}})
    assert (full.project, full.region, full.default_tags) == ("p", "europe-west1", {"a": "b"})
    assert len({project_number(f"project-{n}") for n in range(100)}) == 100


@pytest.mark.parametrize("type_name", sorted(google_patterns.IDS))
def test_every_id_is_made_of_known_fields(type_name: str) -> None:
    arguments = (
        "account_id bucket bucket_id cluster crypto_key_id instance key_ring location managed_zone member name network "
        "peering_service repository repository_id role router secret secret_id service service_account_id type"
    )
    values = {name: f"the-{name}" for name in arguments.split() if name != "service"} | {
        "service": "run.googleapis.com"
    }
    made = ask(type_name, {**values, "id": None}).text(("id",))
    assert "offline-" not in made and "{" not in made
