# GKE makes the rules between its nodes, pods and load balancers itself, at priority 1000 or before and for its own nodes only.
# https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules

# Refused without it too, but not logged.
resource "google_compute_firewall" "deny_ingress" {
  name          = "${var.name}-deny-ingress"
  network       = google_compute_network.this.id
  description   = "Whatever no other rule allows"
  direction     = "INGRESS"
  priority      = 65534
  source_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "INCLUDE_ALL_METADATA"
  }
}

# Not logged: several packets a second for every backend.
resource "google_compute_firewall" "health_checks" {
  name               = "${var.name}-health-checks"
  network            = google_compute_network.this.id
  description        = "Health checks of load balancers to nodes and pods"
  direction          = "INGRESS"
  source_ranges      = local.health_check_cidrs
  destination_ranges = [var.ranges.nodes, var.ranges.pods]

  allow {
    protocol = "tcp"
  }
}

resource "google_compute_firewall" "proxies" {
  count = var.ranges.proxies == null ? 0 : 1

  name               = "${var.name}-proxies"
  network            = google_compute_network.this.id
  description        = "Internal application load balancers to nodes and pods"
  direction          = "INGRESS"
  source_ranges      = [var.ranges.proxies]
  destination_ranges = [var.ranges.nodes, var.ranges.pods]

  allow {
    protocol = "tcp"
  }
}

# The API server calls admission webhooks on the pods' own ports, 443 and 10250 aside, which GKE opens itself. Its private
# address is one of the nodes' subnet, and what calls for it (Konnectivity) runs on the nodes.
# https://docs.cloud.google.com/kubernetes-engine/docs/concepts/private-service-connect
resource "google_compute_firewall" "webhooks" {
  count = length(var.webhook_ports) > 0 ? 1 : 0

  name               = "${var.name}-webhooks"
  network            = google_compute_network.this.id
  description        = "Control plane to the webhooks of operators"
  direction          = "INGRESS"
  source_ranges      = [var.ranges.nodes]
  destination_ranges = [var.ranges.nodes, var.ranges.pods]

  allow {
    protocol = "tcp"
    ports    = [for port in var.webhook_ports : tostring(port)]
  }
}
