output "shared_vpc_host" {
  description = "`members`: who was let into the subnet, by what they are; `firewall_rules`: names of the rules; `private_services`: name of the range for `network.existing`, null when none was made."
  value = {
    members          = local.network_users
    firewall_rules   = sort(concat(google_compute_firewall.nodes[*].name, google_compute_firewall.webhooks[*].name, google_compute_firewall.health_checks[*].name, google_compute_firewall.proxies[*].name))
    private_services = one(google_compute_global_address.private_services[*].name)
  }
}
