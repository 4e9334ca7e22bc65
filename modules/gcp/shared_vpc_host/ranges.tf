# Google runs the proxies, so there is nothing to log or to let out.
resource "google_compute_subnetwork" "proxies" {
  count = var.proxies_cidr == null ? 0 : 1

  project       = local.host_project
  name          = "${var.name}-proxies"
  network       = var.network.id
  region        = local.region
  ip_cidr_range = var.proxies_cidr
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}

resource "google_compute_global_address" "private_services" {
  count = var.private_services_cidr == null ? 0 : 1

  project       = local.host_project
  name          = "${var.name}-private-services"
  network       = var.network.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = split("/", var.private_services_cidr)[0]
  prefix_length = tonumber(split("/", var.private_services_cidr)[1])
}

resource "google_service_networking_connection" "this" {
  count = var.private_services_cidr == null ? 0 : 1

  network                 = var.network.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.private_services[0].name]
  deletion_policy         = "REMOVE_PEERING"

  depends_on = [google_project_service.this]
}
