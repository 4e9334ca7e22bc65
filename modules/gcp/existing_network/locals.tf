locals {
  project = split("/", var.id)[1]
  name    = split("/", var.id)[4]

  # From the end, so that a self link is read as the short form is.
  subnetwork_parts = reverse(split("/", one(var.private_subnet_ids)))
  subnetwork       = { name = local.subnetwork_parts[0], region = local.subnetwork_parts[2], project = local.subnetwork_parts[4] }

  secondary_cidrs = { for range in data.google_compute_subnetwork.nodes.secondary_ip_range : range.range_name => range.ip_cidr_range }
}
