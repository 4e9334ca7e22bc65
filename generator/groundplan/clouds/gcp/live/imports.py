"""What Google Cloud resources are imported by.

Each from the section "Import" of its page at https://registry.terraform.io/providers/hashicorp/google/latest/docs,
which is website/docs/r in https://github.com/hashicorp/terraform-provider-google (August 2026). Where the page gives an
attribute `id` of a form that can be imported, that is taken first.
"""

from __future__ import annotations

from groundplan.live.imports import Imports

_REGIONAL = {
    "address": "addresses",
    "forwarding_rule": "forwardingRules",
    "region_backend_service": "backendServices",
    "region_instance_group_manager": "instanceGroupManagers",
    "region_network_endpoint_group": "networkEndpointGroups",
    "region_security_policy": "securityPolicies",
    "region_ssl_policy": "sslPolicies",
    "region_target_https_proxy": "targetHttpsProxies",
    "region_url_map": "urlMaps",
    "router": "routers",
    "subnetwork": "subnetworks",
}
_GLOBAL = {
    "firewall": "firewalls",
    "global_address": "addresses",
    "instance_template": "instanceTemplates",
    "network": "networks",
    "route": "routes",
}


def _granted(resource: str) -> tuple[str, ...]:
    """A member of a policy, with the title of its condition where it has one.

    https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_iam#import
    """
    return (f"{resource} {{role}} {{member}} {{condition.title}}", f"{resource} {{role}} {{member}}")


def _made(*forms: str) -> tuple[str, ...]:
    return ("{id}", *forms)


IMPORTS = Imports(
    {
        **{
            f"google_compute_{kind}": _made(
                f"projects/{{project}}/regions/{{region}}/{plural}/{{name}}", "{region}/{name}"
            )
            for kind, plural in _REGIONAL.items()
        },
        **{
            f"google_compute_{kind}": _made(f"projects/{{project}}/global/{plural}/{{name}}", "{name}")
            for kind, plural in _GLOBAL.items()
        },
        "google_artifact_registry_repository": _made(
            "projects/{project}/locations/{location}/repositories/{repository_id}", "{location}/{repository_id}"
        ),
        "google_artifact_registry_repository_iam_member": _granted(
            "projects/{project}/locations/{location}/repositories/{repository/}"
        ),
        "google_billing_budget": ("{id}",),
        "google_cloud_run_v2_service": _made("projects/{project}/locations/{location}/services/{name}"),
        "google_compute_router_nat": _made("{region}/{router}/{name}"),
        "google_compute_subnetwork_iam_member": _granted(
            "projects/{project}/regions/{region}/subnetworks/{subnetwork/}"
        ),
        "google_container_cluster": ("projects/{project}/locations/{location}/clusters/{name}", "{location}/{name}"),
        "google_container_node_pool": (
            "{project}/{location}/{cluster/}/{name}",
            "{location}/{cluster/}/{name}",
        ),
        "google_dns_managed_zone": _made("{name}"),
        "google_dns_record_set": _made(
            "projects/{project}/managedZones/{managed_zone}/rrsets/{name}/{type}", "{managed_zone}/{name}/{type}"
        ),
        "google_iam_workload_identity_pool": _made("{workload_identity_pool_id}"),
        "google_iam_workload_identity_pool_provider": _made(
            "{workload_identity_pool_id}/{workload_identity_pool_provider_id}"
        ),
        "google_kms_crypto_key": _made("{key_ring}/cryptoKeys/{name}"),
        "google_kms_crypto_key_iam_member": _granted("{crypto_key_id}"),
        "google_kms_key_ring": _made("projects/{project}/locations/{location}/keyRings/{name}", "{location}/{name}"),
        "google_logging_metric": ("{project} {name}", "{name}"),
        "google_logging_project_bucket_config": ("{id}",),
        "google_logging_project_exclusion": _made("projects/{project}/exclusions/{name}"),
        "google_logging_project_sink": _made("projects/{project}/sinks/{name}"),
        "google_monitoring_alert_policy": ("{id}",),
        "google_monitoring_notification_channel": ("{id}",),
        "google_project_iam_audit_config": ("{project} {service}",),
        "google_project_iam_custom_role": _made("projects/{project}/roles/{role_id}", "{role_id}"),
        "google_project_iam_member": _granted("{project}"),
        "google_project_service": _made("{project}/{service}"),
        "google_secret_manager_secret": _made("projects/{project}/secrets/{secret_id}", "{secret_id}"),
        "google_secret_manager_secret_iam_member": _granted("{secret_id}"),
        "google_secret_manager_secret_version": ("{id}",),
        "google_service_account": _made("projects/{project}/serviceAccounts/{email}"),
        "google_service_account_iam_member": _granted("{service_account_id}"),
        "google_service_networking_connection": _made("{network}:{service}"),
        "google_sql_database": _made("{project}/{instance}/{name}", "{instance}/{name}"),
        "google_sql_database_instance": ("{name}",),
        "google_sql_user": ("{project}/{instance}/{name}",),
        "google_storage_bucket": ("{name}",),
        "google_storage_bucket_iam_member": _granted("b/{bucket/}"),
    },
    again=frozenset({"google_project_service_identity"}),
)
"""google_billing_budget, google_monitoring_* and versions of a secret have names that only Google Cloud gives.

google_project_service_identity "does not support import", and asking for an identity that is there gives the same one.
A key's grant takes the key's full name besides the short one of the page, as `ParseKmsCryptoKeyId` in
google/services/kms/kms_utils.go does.
"""
