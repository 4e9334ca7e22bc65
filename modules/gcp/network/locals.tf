data "google_project" "this" {}

locals {
  project = trimprefix(data.google_project.this.id, "projects/")

  # Addresses under which Google APIs answer inside a VPC without a public one.
  # https://cloud.google.com/vpc/docs/configure-private-google-access#domain-options
  private_google_cidr = "199.36.153.8/30"
  private_google_ips  = [for number in range(4) : cidrhost(local.private_google_cidr, number)]

  # Domains that are answered with those addresses: by zone, the name that has them and the names that point to it.
  private_google_zones = {
    googleapis = { domain = "googleapis.com.", addressed = "private.googleapis.com." }
    gcr        = { domain = "gcr.io.", addressed = "gcr.io." }
    pkg        = { domain = "pkg.dev.", addressed = "pkg.dev." }
  }

  # Where Google's health checks come from. https://cloud.google.com/load-balancing/docs/health-checks#firewall_rules
  health_check_cidrs = ["130.211.0.0/22", "35.191.0.0/16"]

  logged_subnets = var.ranges.servers == null ? "\"${var.name}-nodes\"" : "(\"${var.name}-nodes\" OR \"${var.name}-servers\")"

  # What of the project's logs is this network's. Names of networks and routers are unique in a project.
  log_filter = join(" OR ", [
    "(resource.type=\"gce_subnetwork\" AND resource.labels.subnetwork_name=${local.logged_subnets} AND (log_id(\"compute.googleapis.com/vpc_flows\") OR log_id(\"compute.googleapis.com/firewall\")))",
    "(resource.type=\"nat_gateway\" AND resource.labels.gateway_name=\"${var.name}\" AND log_id(\"compute.googleapis.com/nat_flows\"))",
  ])
}
