"""How made-up values of Google Cloud look: templates as in `patterns`.

Ids are those the provider writes into the state, from the section "Attributes Reference" of each resource's page at
https://registry.terraform.io/providers/hashicorp/google/latest/docs.
"""

from __future__ import annotations

from collections.abc import Mapping

_LOCATION = "projects/{project}/locations/{location}"
_REGION = "projects/{project}/regions/{region}"
_GLOBAL = "projects/{project}/global"

IDS: Mapping[str, str] = {
    "google_artifact_registry_repository": f"{_LOCATION}/repositories/{{repository_id}}",
    "google_artifact_registry_repository_iam_member": f"{_LOCATION}/repositories/{{repository}}/{{role}}/{{member}}",
    "google_cloud_run_v2_service": f"{_LOCATION}/services/{{name}}",
    "google_cloud_run_v2_service_iam_member": f"{_LOCATION}/services/{{name}}/{{role}}/{{member}}",
    "google_compute_address": f"{_REGION}/addresses/{{name}}",
    "google_compute_firewall": f"{_GLOBAL}/firewalls/{{name}}",
    "google_compute_forwarding_rule": f"{_REGION}/forwardingRules/{{name}}",
    "google_compute_global_address": f"{_GLOBAL}/addresses/{{name}}",
    "google_compute_network": f"{_GLOBAL}/networks/{{name}}",
    "google_compute_region_backend_service": f"{_REGION}/backendServices/{{name}}",
    "google_compute_region_health_check": f"{_REGION}/healthChecks/{{name}}",
    "google_compute_region_network_endpoint_group": f"{_REGION}/networkEndpointGroups/{{name}}",
    "google_compute_region_security_policy": f"{_REGION}/securityPolicies/{{name}}",
    "google_compute_region_ssl_policy": f"{_REGION}/sslPolicies/{{name}}",
    "google_compute_region_target_https_proxy": f"{_REGION}/targetHttpsProxies/{{name}}",
    "google_compute_region_url_map": f"{_REGION}/urlMaps/{{name}}",
    "google_compute_route": f"{_GLOBAL}/routes/{{name}}",
    "google_compute_router": f"{_REGION}/routers/{{name}}",
    "google_compute_router_nat": "{project}/{region}/{router}/{name}",
    "google_compute_subnetwork": f"{_REGION}/subnetworks/{{name}}",
    "google_container_cluster": f"{_LOCATION}/clusters/{{name}}",
    "google_container_node_pool": f"{_LOCATION}/clusters/{{cluster}}/nodePools/{{name}}",
    "google_dns_managed_zone": "projects/{project}/managedZones/{name}",
    "google_dns_record_set": "projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}",
    "google_kms_crypto_key": "{key_ring}/cryptoKeys/{name}",
    "google_kms_crypto_key_iam_member": "{crypto_key_id}/{role}/{member}",
    "google_kms_key_ring": f"{_LOCATION}/keyRings/{{name}}",
    "google_logging_metric": "{name}",
    "google_logging_project_bucket_config": f"{_LOCATION}/buckets/{{bucket_id}}",
    "google_logging_project_cmek_settings": "projects/{project}/cmekSettings",
    "google_logging_project_exclusion": "projects/{project}/exclusions/{name}",
    "google_logging_project_sink": "projects/{project}/sinks/{name}",
    "google_monitoring_alert_policy": "projects/{project}/alertPolicies/{digits}",
    "google_monitoring_notification_channel": "projects/{project}/notificationChannels/{digits}",
    "google_project_iam_member": "{project}/{role}/{member}",
    "google_project_service": "{project}/{service_name}",
    "google_pubsub_topic": "projects/{project}/topics/{name}",
    "google_secret_manager_secret": "projects/{project}/secrets/{secret_id}",
    "google_secret_manager_secret_iam_member": "{secret_id}/{role}/{member}",
    "google_secret_manager_secret_version": "{secret}/versions/1",
    "google_service_account": "projects/{project}/serviceAccounts/{account_id}@{project}.iam.gserviceaccount.com",
    "google_service_account_iam_member": "{service_account_id}/{role}/{member}",
    "google_service_networking_connection": "{network}:{peering_service}",
    "google_sql_database": "projects/{project}/instances/{instance}/databases/{name}",
    "google_sql_database_instance": "{name}",
    "google_sql_user": "{name}//{instance}",
    "google_storage_bucket": "{name}",
    "google_storage_bucket_iam_member": "b/{bucket}/{role}/{member}",
    "google_storage_project_service_account": "service-{project_number}@gs-project-accounts.iam.gserviceaccount.com",
}
"""Ids as the provider composes them."""

TEXTS: Mapping[tuple[str, str], str] = {
    ("google_artifact_registry_repository", "name"): "{repository_id}",
    ("google_artifact_registry_repository", "registry_uri"): "{location}-docker.pkg.dev/{project}/{repository_id}",
    ("google_cloud_run_v2_service", "uri"): "https://{name}-{project_number}.{location}.run.app",
    ("google_cloud_run_v2_service", "url"): "https://{name}-{project_number}.{location}.run.app",
    ("google_container_cluster", "endpoint"): "192.0.2.10",
    ("google_container_cluster", "label_fingerprint"): "{hex8}",
    ("google_container_cluster", "self_link"): "https://container.googleapis.com/v1/{id}",
    ("google_container_node_pool", "node_config.service_account"): "default",
    ("google_kms_crypto_key", "primary.name"): "{id}/cryptoKeyVersions/1",
    ("google_kms_crypto_key", "primary.state"): "ENABLED",
    ("google_logging_project_bucket_config", "name"): "{id}",
    ("google_logging_project_cmek_settings", "name"): "{id}",
    ("google_logging_project_cmek_settings", "service_account_id"): "cmek-p{project_number}"
    "@gcp-sa-logging.iam.gserviceaccount.com",
    ("google_monitoring_alert_policy", "name"): "{id}",
    ("google_monitoring_notification_channel", "name"): "{id}",
    ("google_secret_manager_secret", "name"): "projects/{project_number}/secrets/{secret_id}",
    ("google_secret_manager_secret_version", "name"): "{id}",
    ("google_secret_manager_secret_version", "version"): "1",
    ("google_service_account", "email"): "{account_id}@{project}.iam.gserviceaccount.com",
    ("google_service_account", "member"): "serviceAccount:{account_id}@{project}.iam.gserviceaccount.com",
    ("google_service_account", "name"): "{id}",
    ("google_service_account", "unique_id"): "1{digits}",
    ("google_sql_database_instance", "connection_name"): "{project}:{region}:{name}",
    ("google_sql_database_instance", "name"): "terraform-{hex20}",
    ("google_sql_database_instance", "public_ip_address"): "",
    ("google_sql_database_instance", "self_link"): "https://sqladmin.googleapis.com/sql/v1beta4/projects/{project}"
    "/instances/{name}",
    ("google_sql_database_instance", "server_ca_cert.cert"): "{pem}",
    ("google_sql_database_instance", "service_account_email_address"): "p{project_number}-{hex6}"
    "@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    ("google_storage_bucket", "self_link"): "https://www.googleapis.com/storage/v1/b/{name}",
    ("google_storage_bucket", "time_created"): "2026-01-01T00:00:00Z",
    ("google_storage_bucket", "updated"): "2026-01-01T00:00:00Z",
    ("google_storage_bucket", "url"): "gs://{name}",
    ("google_storage_project_service_account", "email_address"): "{id}",
    ("google_storage_project_service_account", "member"): "serviceAccount:{id}",
}
"""(type, attribute path) -> text."""

BLOCKS: Mapping[str, tuple[str, ...]] = {"google_container_cluster": ("master_auth",)}
"""Blocks that the cloud fills in when a configuration leaves them out; a schema does not say so."""
