# GKE may not make rules in the host project without roles/compute.securityAdmin there, which would be for all of its networks.
# https://cloud.google.com/kubernetes-engine/docs/concepts/firewall-rules

resource "google_compute_firewall" "nodes" {
  count = var.cluster == null ? 0 : 1

  project            = local.host_project
  name               = "${var.name}-nodes"
  network            = var.network.id
  description        = "Nodes and pods of ${var.name} among themselves"
  direction          = "INGRESS"
  source_ranges      = concat([local.nodes_cidr], local.pods_cidrs)
  destination_ranges = concat([local.nodes_cidr], local.pods_cidrs)

  allow {
    protocol = "tcp"
  }

  allow {
    protocol = "udp"
  }

  allow {
    protocol = "icmp"
  }
}

# The control plane has an address of the nodes' subnet.
resource "google_compute_firewall" "webhooks" {
  count = var.cluster == null || length(var.webhook_ports) == 0 ? 0 : 1

  project            = local.host_project
  name               = "${var.name}-webhooks"
  network            = var.network.id
  description        = "The control plane of ${var.name} to kubelets and webhooks"
  direction          = "INGRESS"
  source_ranges      = [local.nodes_cidr]
  destination_ranges = concat([local.nodes_cidr], local.pods_cidrs)

  allow {
    protocol = "tcp"
    ports    = [for port in sort([for port in setunion([443, 10250], var.webhook_ports) : format("%05d", port)]) : tostring(tonumber(port))]
  }
}

resource "google_compute_firewall" "health_checks" {
  count = var.cluster == null ? 0 : 1

  project            = local.host_project
  name               = "${var.name}-health-checks"
  network            = var.network.id
  description        = "Health checks of load balancers to nodes and pods of ${var.name}"
  direction          = "INGRESS"
  source_ranges      = local.health_check_cidrs
  destination_ranges = concat([local.nodes_cidr], local.pods_cidrs)

  allow {
    protocol = "tcp"
  }
}

resource "google_compute_firewall" "proxies" {
  count = var.proxies_cidr == null || var.cluster == null ? 0 : 1

  project            = local.host_project
  name               = "${var.name}-proxies"
  network            = var.network.id
  description        = "Internal application load balancers to nodes and pods of ${var.name}"
  direction          = "INGRESS"
  source_ranges      = [var.proxies_cidr]
  destination_ranges = concat([local.nodes_cidr], local.pods_cidrs)

  allow {
    protocol = "tcp"
  }
}
