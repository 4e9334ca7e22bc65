resource "google_compute_network" "this" {
  name                    = var.name
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  # Nothing is logged before there is a place that keeps it as long as asked. And its key comes after the APIs are on, Compute Engine's too.
  depends_on = [google_logging_project_sink.network]
}

resource "google_compute_subnetwork" "nodes" {
  name                     = "${var.name}-nodes"
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = var.ranges.nodes
  stack_type               = "IPV4_ONLY"
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = var.ranges.pods
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = var.ranges.services
  }

  log_config {
    aggregation_interval = "INTERVAL_1_MIN"
    flow_sampling        = var.flow_logs.sampling
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# Proxies take connections to internal application load balancers; Google runs them, so there is nothing to log or to let out.
resource "google_compute_subnetwork" "proxies" {
  count = var.ranges.proxies == null ? 0 : 1

  name          = "${var.name}-proxies"
  network       = google_compute_network.this.id
  region        = var.region
  ip_cidr_range = var.ranges.proxies
  purpose       = "REGIONAL_MANAGED_PROXY"
  role          = "ACTIVE"
}

# Cloud Run keeps addresses of its subnet for one to two hours after the last server is gone, and a subnet in use cannot be deleted: in a
# subnet of its own that holds up nothing else.
# https://docs.cloud.google.com/run/docs/configuring/vpc-direct-vpc#delete-subnet
resource "google_compute_subnetwork" "servers" {
  count = var.ranges.servers == null ? 0 : 1

  name                     = "${var.name}-servers"
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = var.ranges.servers
  stack_type               = "IPV4_ONLY"
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_1_MIN"
    flow_sampling        = var.flow_logs.sampling
    metadata             = "INCLUDE_ALL_METADATA"
  }
}
