output "network" {
  description = "`id`, `name`, `project` and `cidr` of the network, `region`; the one subnet: `subnetwork_id`, `subnetwork_name`, `nodes_cidr`, with `private_subnet_ids` as on other clouds; names of its secondary ranges, `pods_range` and `services_range`, and what they hold, `pods_cidr` and `services_cidr`; `proxies_cidr`: where internal application load balancers come from, null without; `servers_subnetwork_id`: the subnet of Cloud Run's servers, null without; `private_services`: name of the range that Cloud SQL takes its address from, `nat_public_ips`: addresses that the outside sees; `log_filter`: which log entries have the network's log bucket."
  value = {
    id                    = google_compute_network.this.id
    name                  = google_compute_network.this.name
    project               = local.project
    cidr                  = var.cidr
    region                = var.region
    subnetwork_id         = google_compute_subnetwork.nodes.id
    subnetwork_name       = google_compute_subnetwork.nodes.name
    private_subnet_ids    = [google_compute_subnetwork.nodes.id]
    nodes_cidr            = var.ranges.nodes
    pods_range            = "pods"
    pods_cidr             = var.ranges.pods
    services_range        = "services"
    services_cidr         = var.ranges.services
    proxies_cidr          = var.ranges.proxies
    servers_subnetwork_id = one(google_compute_subnetwork.servers[*].id)
    private_services      = google_compute_global_address.private_services.name
    nat_public_ips        = google_compute_address.nat[*].address
    log_filter            = local.log_filter
  }

  # Nodes without a way to Google APIs never join, and a database without the connection is refused.
  depends_on = [
    google_compute_firewall.deny_ingress,
    google_compute_firewall.health_checks,
    google_compute_firewall.proxies,
    google_compute_firewall.webhooks,
    google_compute_route.private_google,
    google_compute_router_nat.this,
    google_compute_subnetwork.proxies,
    google_dns_record_set.private_google_addresses,
    google_dns_record_set.private_google_names,
    google_service_networking_connection.this,
  ]
}
