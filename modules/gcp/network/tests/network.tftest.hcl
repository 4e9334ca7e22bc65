# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.this
  values = { id = "projects/acme-ml", number = "111122223333" }
}

variables {
  name   = "fraud-dev"
  region = "us-central1"
  cidr   = "10.20.0.0/16"
  ranges = {
    nodes            = "10.20.0.0/20"
    services         = "10.20.16.0/20"
    private_services = "10.20.32.0/20"
    proxies          = "10.20.48.0/23"
    pods             = "10.20.128.0/17"
  }
  flow_logs = { kms_key = "projects/acme-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs" }
}

run "servers_of_cloud_run" {
  command = plan

  variables {
    ranges = {
      nodes            = "10.20.0.0/20"
      services         = "10.20.16.0/20"
      private_services = "10.20.32.0/20"
      servers          = "10.20.50.0/26"
      pods             = "10.20.128.0/17"
    }
  }

  assert {
    condition     = google_compute_subnetwork.servers[0].ip_cidr_range == "10.20.50.0/26" && google_compute_subnetwork.servers[0].private_ip_google_access && google_compute_subnetwork.servers[0].log_config[0].flow_sampling == 0.5
    error_message = "they have a subnet of their own, which reaches Google APIs and is logged"
  }

  assert {
    condition     = strcontains(google_logging_project_sink.network.filter, "subnetwork_name=(\"fraud-dev-nodes\" OR \"fraud-dev-servers\")")
    error_message = "with the log bucket of the others"
  }
}

run "rejects_subnet_too_small_for_servers" {
  command = plan

  variables {
    ranges = {
      nodes            = "10.20.0.0/20"
      services         = "10.20.16.0/20"
      private_services = "10.20.32.0/20"
      servers          = "10.20.50.0/27"
      pods             = "10.20.128.0/17"
    }
  }

  expect_failures = [var.ranges]
}

run "readme_example" {
  command = plan

  assert {
    condition     = !google_compute_network.this.auto_create_subnetworks && google_compute_subnetwork.nodes.ip_cidr_range == "10.20.0.0/20" && google_compute_subnetwork.nodes.region == "us-central1"
    error_message = "one subnet, where the input says, and none made by Google"
  }

  assert {
    condition     = { for range in google_compute_subnetwork.nodes.secondary_ip_range : range.range_name => range.ip_cidr_range } == { pods = "10.20.128.0/17", services = "10.20.16.0/20" }
    error_message = "pods and services have secondary ranges"
  }

  assert {
    condition     = output.network.pods_range == "pods" && output.network.services_range == "services" && output.network.cidr == "10.20.0.0/16" && output.network.region == "us-central1" && output.network.project == "acme-ml" && output.network.proxies_cidr == "10.20.48.0/23" && output.network.private_services == "fraud-dev-private-services"
    error_message = "the object says what consumers have to name"
  }

  assert {
    condition     = google_compute_subnetwork.proxies[0].purpose == "REGIONAL_MANAGED_PROXY" && google_compute_subnetwork.proxies[0].ip_cidr_range == "10.20.48.0/23"
    error_message = "proxies have a subnet"
  }

  assert {
    condition     = google_compute_global_address.private_services.address == "10.20.32.0" && google_compute_global_address.private_services.prefix_length == 20 && google_service_networking_connection.this.deletion_policy == "REMOVE_PEERING"
    error_message = "Cloud SQL takes addresses of a range of ours, and a destroy does not wait for Google to let go"
  }
}

run "ways_out" {
  command = plan

  variables {
    nat_addresses = 2
  }

  assert {
    condition     = length(google_compute_address.nat) == 2 && length(output.network.nat_public_ips) == 2 && google_compute_router_nat.this[0].nat_ip_allocate_option == "MANUAL_ONLY"
    error_message = "NAT has as many addresses as asked for, and they stay"
  }

  assert {
    condition     = one(google_compute_router_nat.this[0].subnetwork).source_ip_ranges_to_nat == toset(["PRIMARY_IP_RANGE", "LIST_OF_SECONDARY_IP_RANGES"]) && one(google_compute_router_nat.this[0].subnetwork).secondary_ip_range_names == toset(["pods"])
    error_message = "nodes and pods leave through NAT"
  }

  assert {
    condition     = google_compute_router_nat.this[0].log_config[0].enable && google_compute_router_nat.this[0].log_config[0].filter == "ERRORS_ONLY"
    error_message = "NAT errors are logged"
  }

  assert {
    condition     = google_compute_subnetwork.nodes.private_ip_google_access && google_compute_route.private_google.dest_range == "199.36.153.8/30"
    error_message = "Google APIs are reached without NAT"
  }

  assert {
    condition     = { for zone, set in google_dns_record_set.private_google_names : set.name => one(set.rrdatas) } == { "*.googleapis.com." = "private.googleapis.com.", "*.gcr.io." = "gcr.io.", "*.pkg.dev." = "pkg.dev." }
    error_message = "names of Google APIs and registries are answered inside"
  }

  assert {
    condition = alltrue([
      for set in google_dns_record_set.private_google_addresses :
      set.rrdatas == tolist(["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"])
    ]) && alltrue([for zone in google_dns_managed_zone.private_google : zone.visibility == "private"])
    error_message = "with the private addresses, for this network only"
  }
}

run "firewall" {
  command = plan

  assert {
    condition     = google_compute_firewall.deny_ingress.priority == 65534 && one(google_compute_firewall.deny_ingress.deny).protocol == "all" && google_compute_firewall.deny_ingress.log_config[0].metadata == "INCLUDE_ALL_METADATA"
    error_message = "what no rule allows is refused and logged"
  }

  assert {
    condition = alltrue([
      for rule in [google_compute_firewall.health_checks, google_compute_firewall.proxies[0]] :
      rule.destination_ranges == toset(["10.20.0.0/20", "10.20.128.0/17"]) && !contains(rule.source_ranges, "0.0.0.0/0")
    ])
    error_message = "allowed are known sources to nodes and pods"
  }
}

run "webhooks_of_operators_are_reached" {
  command = plan

  assert {
    condition     = google_compute_firewall.webhooks[0].source_ranges == toset(["10.20.0.0/20"]) && google_compute_firewall.webhooks[0].destination_ranges == toset(["10.20.0.0/20", "10.20.128.0/17"]) && one(google_compute_firewall.webhooks[0].allow).ports == tolist(["8443", "9443"])
    error_message = "from where the control plane's address is, to nodes and pods, on the usual ports"
  }
}

run "webhooks_on_other_ports" {
  command = plan

  variables {
    webhook_ports = [15017]
  }

  assert {
    condition     = one(google_compute_firewall.webhooks[0].allow).ports == tolist(["15017"])
    error_message = "the ports asked for"
  }
}

run "no_webhooks" {
  command = plan

  variables {
    webhook_ports = []
  }

  assert {
    condition     = length(google_compute_firewall.webhooks) == 0
    error_message = "no rule without a port"
  }
}

run "rejects_port" {
  command = plan

  variables {
    webhook_ports = [443]
  }

  expect_failures = [var.webhook_ports]
}

run "logs" {
  command = plan

  assert {
    condition     = google_compute_subnetwork.nodes.log_config[0].metadata == "INCLUDE_ALL_METADATA" && google_compute_subnetwork.nodes.log_config[0].flow_sampling == 0.5
    error_message = "flows are logged with what they belong to"
  }

  assert {
    condition     = google_logging_project_bucket_config.network.retention_days == 365 && google_logging_project_bucket_config.network.location == "us-central1" && google_logging_project_bucket_config.network.bucket_id == "fraud-dev-network"
    error_message = "they are kept for a year, in the region"
  }

  assert {
    condition     = google_logging_project_bucket_config.network.cmek_settings[0].kms_key_name == var.flow_logs.kms_key
    error_message = "under our key"
  }

  assert {
    condition     = output.network.log_filter == google_logging_project_sink.network.filter && strcontains(google_logging_project_sink.network.filter, "subnetwork_name=\"fraud-dev-nodes\"") && strcontains(google_logging_project_sink.network.filter, "gateway_name=\"fraud-dev\"")
    error_message = "what goes there stays out of _Default, and it is this network's only"
  }
}

run "without_proxies_and_without_nat" {
  command = plan

  variables {
    nat_addresses = 0
    ranges = {
      nodes            = "10.20.0.0/20"
      services         = "10.20.16.0/20"
      private_services = "10.20.32.0/20"
      pods             = "10.20.128.0/17"
    }
  }

  assert {
    condition     = length(google_compute_subnetwork.proxies) == 0 && length(google_compute_firewall.proxies) == 0 && output.network.proxies_cidr == null
    error_message = "no proxies unless asked for"
  }

  assert {
    condition     = length(google_compute_router_nat.this) == 0 && length(google_compute_router.this) == 0 && length(output.network.nat_public_ips) == 0
    error_message = "no way out unless asked for"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud_Dev"
  }

  expect_failures = [var.name]
}

run "rejects_zone_for_region" {
  command = plan

  variables {
    region    = "us-central1-a"
    flow_logs = { kms_key = "projects/acme-ml/locations/us-central1-a/keyRings/fraud-dev/cryptoKeys/logs" }
  }

  expect_failures = [var.region]
}

run "rejects_cidr_inside_its_range" {
  command = plan

  variables {
    cidr = "10.20.0.1/16"
  }

  expect_failures = [var.cidr]
}

run "rejects_small_cidr" {
  command = plan

  variables {
    cidr = "10.20.0.0/25"
  }

  expect_failures = [var.cidr]
}

run "rejects_public_cidr" {
  command = plan

  variables {
    cidr = "8.8.0.0/16"
  }

  expect_failures = [var.cidr]
}

run "rejects_range_inside_its_range" {
  command = plan

  variables {
    ranges = { nodes = "10.20.0.1/20", services = "10.20.16.0/20", private_services = "10.20.32.0/20", pods = "10.20.128.0/17" }
  }

  expect_failures = [var.ranges]
}

run "rejects_small_private_services" {
  command = plan

  variables {
    ranges = { nodes = "10.20.0.0/20", services = "10.20.16.0/20", private_services = "10.20.32.0/26", pods = "10.20.128.0/17" }
  }

  expect_failures = [var.ranges]
}

run "rejects_range_outside" {
  command = plan

  variables {
    ranges = { nodes = "10.20.0.0/20", services = "10.20.16.0/20", private_services = "10.21.0.0/20", pods = "10.20.128.0/17" }
  }

  expect_failures = [var.ranges]
}

run "rejects_overlap" {
  command = plan

  variables {
    ranges = { nodes = "10.20.0.0/20", services = "10.20.8.0/21", private_services = "10.20.32.0/20", pods = "10.20.128.0/17" }
  }

  expect_failures = [var.ranges]
}

run "rejects_part_of_an_address" {
  command = plan

  variables {
    nat_addresses = 1.5
  }

  expect_failures = [var.nat_addresses]
}

run "rejects_key_elsewhere" {
  command = plan

  variables {
    flow_logs = { kms_key = "projects/acme-ml/locations/europe-west4/keyRings/fraud-dev/cryptoKeys/logs" }
  }

  expect_failures = [var.flow_logs]
}

run "rejects_retention" {
  command = plan

  variables {
    flow_logs = { kms_key = "projects/acme-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs", retention_days = 0 }
  }

  expect_failures = [var.flow_logs]
}

run "rejects_sampling" {
  command = plan

  variables {
    flow_logs = { kms_key = "projects/acme-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs", sampling = 0 }
  }

  expect_failures = [var.flow_logs]
}

run "rejects_log_bucket" {
  command = plan

  variables {
    flow_logs = { kms_key = "projects/acme-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs", bucket = "_Default" }
  }

  expect_failures = [var.flow_logs]
}
