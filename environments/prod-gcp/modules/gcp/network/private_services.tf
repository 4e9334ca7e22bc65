# Private service access: Cloud SQL and others get addresses of this range and are reached through a peering.

resource "google_compute_global_address" "private_services" {
  name          = "${var.name}-private-services"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = split("/", var.ranges.private_services)[0]
  prefix_length = tonumber(split("/", var.ranges.private_services)[1])
}

resource "google_service_networking_connection" "this" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.private_services.name]

  # Google holds on to the connection for up to four days after the last database is gone and refuses to delete it; the network
  # cannot be deleted with the peering. https://github.com/GoogleCloudPlatform/magic-modules/pull/18476
  deletion_policy = "REMOVE_PEERING"
}
