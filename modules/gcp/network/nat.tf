resource "google_compute_router" "this" {
  count = var.nat_addresses > 0 ? 1 : 0

  name    = var.name
  network = google_compute_network.this.id
  region  = var.region
}

resource "google_compute_address" "nat" {
  count = var.nat_addresses

  name   = "${var.name}-nat-${count.index}"
  region = var.region

  # In no network, but no sooner than one: a project that has just turned Compute Engine on refuses it.
  depends_on = [google_compute_network.this]
}

resource "google_compute_router_nat" "this" {
  count = var.nat_addresses > 0 ? 1 : 0

  name                               = var.name
  router                             = google_compute_router.this[0].name
  region                             = var.region
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = google_compute_address.nat[*].self_link
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  # A node that pulls images and data keeps hundreds of connections to one server, an idle one a handful.
  enable_dynamic_port_allocation = true
  min_ports_per_vm               = 256
  max_ports_per_vm               = 8192

  subnetwork {
    name                     = google_compute_subnetwork.nodes.id
    source_ip_ranges_to_nat  = ["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"]
    secondary_ip_range_names = ["pods"]
  }

  dynamic "subnetwork" {
    for_each = google_compute_subnetwork.servers

    content {
      name                    = subnetwork.value.id
      source_ip_ranges_to_nat = ["PRIMARY_IP_RANGE"]
    }
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
