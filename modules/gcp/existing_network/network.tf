data "google_compute_network" "this" {
  project = local.project
  name    = local.name
}

data "google_compute_subnetwork" "nodes" {
  project = local.subnetwork.project
  region  = local.subnetwork.region
  name    = local.subnetwork.name

  lifecycle {
    postcondition {
      condition     = self.private_ip_google_access
      error_message = "private_subnet_ids: ${local.subnetwork.name} has no private Google access; nodes without public addresses do not reach Google APIs then."
    }

    postcondition {
      condition     = length(setsubtract([var.pods_range, var.services_range], [for range in self.secondary_ip_range : range.range_name])) == 0
      error_message = "pods_range, services_range: ${local.subnetwork.name} has the secondary ranges [${join(", ", [for range in self.secondary_ip_range : range.range_name])}], not both ${var.pods_range} and ${var.services_range}."
    }
  }
}
