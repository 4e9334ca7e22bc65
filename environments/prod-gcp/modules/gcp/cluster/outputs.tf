output "cluster" {
  description = "The cluster, usable: nodes can join it and their service account has its roles."
  value = {
    name                       = google_container_cluster.this.name
    id                         = google_container_cluster.this.id
    location                   = google_container_cluster.this.location
    zones                      = var.zones
    max_pods_per_node          = google_container_cluster.this.default_max_pods_per_node
    version                    = google_container_cluster.this.master_version
    endpoint                   = "https://${var.access.dns_endpoint ? google_container_cluster.this.control_plane_endpoints_config[0].dns_endpoint_config[0].endpoint : google_container_cluster.this.endpoint}"
    certificate_authority_data = var.access.dns_endpoint ? "" : google_container_cluster.this.master_auth[0].cluster_ca_certificate
    workload_pool              = local.workload_pool
    node_service_account       = google_service_account.nodes.email
    log_bucket                 = google_logging_project_bucket_config.this.id
    log_filter                 = local.log_filter
  }

  depends_on = [
    google_logging_project_sink.this,
    google_project_iam_member.admin,
    google_project_iam_member.nodes,
  ]
}
