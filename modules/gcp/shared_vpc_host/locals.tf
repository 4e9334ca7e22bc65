data "google_project" "service" {
  project_id = var.service_project
}

# Looked up for its ranges: rules name addresses, and GKE names ranges.
data "google_compute_subnetwork" "this" {
  project = local.host_project
  region  = local.region
  name    = local.subnetwork

  lifecycle {
    postcondition {
      condition     = var.cluster == null ? true : length(setsubtract([var.cluster.pods_range, var.cluster.services_range], [for range in self.secondary_ip_range : range.range_name])) == 0
      error_message = "cluster: ${local.subnetwork} has the secondary ranges [${join(", ", [for range in self.secondary_ip_range : range.range_name])}], not both ${try(var.cluster.pods_range, "")} and ${try(var.cluster.services_range, "")}: add them to the subnet."
    }
  }
}

locals {
  host_project = split("/", var.network.id)[1]
  region       = split("/", var.network.subnetwork_id)[3]
  subnetwork   = split("/", var.network.subnetwork_id)[5]
  number       = data.google_project.service.number

  # Who works in the subnet for the service project.
  # https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-shared-vpc#enabling_and_granting_roles
  # https://docs.cloud.google.com/run/docs/configuring/shared-vpc-direct-vpc
  google_apis = "serviceAccount:${local.number}@cloudservices.gserviceaccount.com"
  gke         = "serviceAccount:service-${local.number}@container-engine-robot.iam.gserviceaccount.com"
  cloud_run   = "serviceAccount:service-${local.number}@serverless-robot-prod.iam.gserviceaccount.com"

  network_users = merge(
    var.cluster == null ? {} : { google_apis = local.google_apis, gke = local.gke },
    var.serverless ? { cloud_run = local.cloud_run } : {},
  )

  # Where Google's health checks come from. https://cloud.google.com/load-balancing/docs/health-checks#firewall_rules
  health_check_cidrs = ["130.211.0.0/22", "35.191.0.0/16"]

  nodes_cidr = data.google_compute_subnetwork.this.ip_cidr_range
  pods_cidrs = [for range in data.google_compute_subnetwork.this.secondary_ip_range : range.ip_cidr_range if range.range_name == try(var.cluster.pods_range, "")]
}
