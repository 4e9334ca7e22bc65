output "network" {
  description = "The object that `network` gives: `id`, `name`, `project` and `region`; `cidr` and `nodes_cidr`, both the subnet's own range; `subnetwork_id`, `subnetwork_name`, `private_subnet_ids`; `pods_range`, `pods_cidr`, `services_range`, `services_cidr`; `private_services` as given; `proxies_cidr` and `servers_subnetwork_id`, always null, and `nat_public_ips`, always empty here."
  value = {
    id                    = var.id
    name                  = data.google_compute_network.this.name
    project               = local.project
    cidr                  = data.google_compute_subnetwork.nodes.ip_cidr_range
    region                = local.subnetwork.region
    subnetwork_id         = "projects/${local.subnetwork.project}/regions/${local.subnetwork.region}/subnetworks/${local.subnetwork.name}"
    subnetwork_name       = local.subnetwork.name
    private_subnet_ids    = ["projects/${local.subnetwork.project}/regions/${local.subnetwork.region}/subnetworks/${local.subnetwork.name}"]
    nodes_cidr            = data.google_compute_subnetwork.nodes.ip_cidr_range
    pods_range            = var.pods_range
    pods_cidr             = local.secondary_cidrs[var.pods_range]
    services_range        = var.services_range
    services_cidr         = local.secondary_cidrs[var.services_range]
    proxies_cidr          = null
    servers_subnetwork_id = null
    private_services      = var.private_services
    nat_public_ips        = []
  }
}
