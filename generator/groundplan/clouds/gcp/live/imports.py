"""What Google Cloud resources are imported by whose import takes another name than their id, or whose name is known.

Each from the section "Import" of its page below https://registry.terraform.io/providers/hashicorp/google/latest/docs.
`{id}` is the id that Terraform told; the other fields are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping

IMPORT_IDS: Mapping[str, tuple[str, ...]] = {
    "google_artifact_registry_repository_iam_member": (
        "projects/{project}/locations/{location}/repositories/{repository} {role} {member}",
    ),
    "google_compute_network": ("{name}",),
    "google_compute_router": ("{region}/{name}",),
    "google_compute_router_nat": ("{region}/{router}/{name}",),
    "google_compute_subnetwork": ("{region}/{name}",),
    "google_compute_subnetwork_iam_member": (
        "projects/{project}/regions/{region}/subnetworks/{subnetwork} {role} {member}",
    ),
    "google_container_cluster": ("projects/{project}/locations/{location}/clusters/{name}", "{location}/{name}"),
    "google_container_node_pool": ("{project}/{location}/{cluster}/{name}",),
    "google_dns_managed_zone": ("{name}",),
    "google_kms_crypto_key": ("{key_ring}/cryptoKeys/{name}",),
    "google_kms_crypto_key_iam_member": ("{crypto_key_id} {role} {member}",),
    "google_kms_key_ring": ("{project}/{location}/{name}", "{location}/{name}"),
    "google_project_iam_member": ("{project} {role} {member}",),
    "google_secret_manager_secret_iam_member": ("{secret_id} {role} {member}",),
    "google_sql_database_instance": ("{name}",),
    "google_sql_user": ("{project}/{instance}/{name}",),
    "google_storage_bucket": ("{name}",),
    "google_storage_bucket_iam_member": ("b/{bucket} {role} {member}",),
}
