# The call shown in README.md.
variables {
  name               = "fraud-dev"
  region             = "us-central1"
  zones              = ["us-central1-a", "us-central1-b", "us-central1-c"]
  kubernetes_version = "1.34"
  network = {
    id                 = "projects/offline-project/global/networks/fraud-dev"
    subnetwork_id      = "projects/offline-project/regions/us-central1/subnetworks/fraud-dev"
    pods_range         = "pods"
    services_range     = "services"
    control_plane_cidr = "10.20.255.0/28"
  }
  secrets_kms_key = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
  logs = {
    retention_days = 365
    kms_key        = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs"
  }
  access = { admin_groups = ["ml-platform@example.com"] }
}

override_data {
  target = data.google_project.this
  values = { id = "projects/offline-project" }
}

run "private_by_default" {
  command = plan

  assert {
    condition     = google_container_cluster.this.private_cluster_config[0].enable_private_nodes && google_container_cluster.this.private_cluster_config[0].enable_private_endpoint && google_container_cluster.this.private_cluster_config[0].master_ipv4_cidr_block == "10.20.255.0/28"
    error_message = "Nodes and API have private addresses only."
  }

  assert {
    condition     = length(google_container_cluster.this.master_authorized_networks_config[0].cidr_blocks) == 0 && google_container_cluster.this.master_authorized_networks_config[0].private_endpoint_enforcement_enabled && !google_container_cluster.this.master_authorized_networks_config[0].gcp_public_cidrs_access_enabled
    error_message = "Only the nodes' subnet reaches the endpoint."
  }

  assert {
    condition     = !google_container_cluster.this.control_plane_endpoints_config[0].dns_endpoint_config[0].allow_external_traffic
    error_message = "The endpoint with a DNS name is off."
  }

  assert {
    condition     = google_container_cluster.this.database_encryption[0].state == "ENCRYPTED" && google_container_cluster.this.database_encryption[0].key_name == var.secrets_kms_key
    error_message = "Secrets are encrypted with the given key."
  }

  assert {
    condition     = google_container_cluster.this.deletion_protection && google_container_cluster.this.release_channel[0].channel == "REGULAR" && google_container_cluster.this.min_master_version == "1.34"
    error_message = "Deletion protection and the regular channel are the defaults."
  }
}

run "by_its_dns_name" {
  command = plan

  variables {
    access = { dns_endpoint = true }
  }

  assert {
    condition     = google_container_cluster.this.control_plane_endpoints_config[0].dns_endpoint_config[0].allow_external_traffic && google_container_cluster.this.private_cluster_config[0].enable_private_endpoint
    error_message = "The DNS name answers from everywhere, the address stays private."
  }

  assert {
    condition     = output.cluster.certificate_authority_data == ""
    error_message = "Public authorities sign its certificate, not the cluster's own."
  }
}

run "a_25_for_each_node" {
  command = plan

  assert {
    condition     = google_container_cluster.this.default_max_pods_per_node == 64 && output.cluster.max_pods_per_node == 64
    error_message = "64 pods a node, which take a /25, and node pools are told."
  }
}

run "refuses_300_pods" {
  command = plan
  variables {
    network = {
      id                = "projects/offline-project/global/networks/fraud-dev"
      subnetwork_id     = "projects/offline-project/regions/us-central1/subnetworks/fraud-dev"
      pods_range        = "pods"
      services_range    = "services"
      max_pods_per_node = 300
    }
  }
  expect_failures = [var.network]
}

run "regional_over_three_zones" {
  command = plan

  assert {
    condition     = google_container_cluster.this.location == "us-central1" && google_container_cluster.this.node_locations == toset(["us-central1-a", "us-central1-b", "us-central1-c"])
    error_message = "The control plane is the region's, nodes are in the zones."
  }

  assert {
    condition     = google_container_cluster.this.datapath_provider == "ADVANCED_DATAPATH" && google_container_cluster.this.workload_identity_config[0].workload_pool == "offline-project.svc.id.goog"
    error_message = "Dataplane V2 and Workload Identity."
  }

  assert {
    condition     = google_container_cluster.this.remove_default_node_pool && !google_container_cluster.this.cluster_autoscaling[0].enabled
    error_message = "No pool that nobody asked for."
  }

  assert {
    condition     = google_container_cluster.this.binary_authorization[0].evaluation_mode == "PROJECT_SINGLETON_POLICY_ENFORCE" && google_container_cluster.this.gateway_api_config[0].channel == "CHANNEL_STANDARD"
    error_message = "The project's policy decides about images; the Gateway API is there."
  }

  assert {
    condition     = google_container_cluster.this.maintenance_policy[0].recurring_window[0].recurrence == "FREQ=WEEKLY;BYDAY=SA,SU" && google_container_cluster.this.maintenance_policy[0].recurring_window[0].end_time == "2026-01-03T09:00:00Z"
    error_message = "Upgrades happen in eight hours of the weekend."
  }
}

run "logs_are_kept_with_our_key" {
  command = plan

  assert {
    condition     = google_logging_project_bucket_config.this.retention_days == 365 && google_logging_project_bucket_config.this.cmek_settings[0].kms_key_name == var.logs.kms_key && google_logging_project_bucket_config.this.location == "us-central1"
    error_message = "The bucket has our retention and key."
  }

  assert {
    condition     = strcontains(google_logging_project_sink.this.filter, "resource.labels.cluster_name=\"fraud-dev\"") && output.cluster.log_filter == google_logging_project_sink.this.filter
    error_message = "What goes to our bucket is not kept a second time."
  }

  assert {
    condition     = google_container_cluster.this.logging_config[0].enable_components == toset(["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "WORKLOADS"])
    error_message = "Control plane, system and workloads are logged."
  }

  assert {
    condition     = google_container_cluster.this.monitoring_config[0].enable_components == toset(["SYSTEM_COMPONENTS"]) && !google_container_cluster.this.monitoring_config[0].managed_prometheus[0].enabled
    error_message = "Metrics that are billed by sample are off."
  }
}

run "least_privilege" {
  command = plan

  assert {
    condition     = google_service_account.nodes.account_id == "fraud-dev-nodes" && keys(google_project_iam_member.nodes) == ["roles/artifactregistry.reader", "roles/container.defaultNodeServiceAccount"]
    error_message = "Nodes write logs and metrics and pull images."
  }

  assert {
    condition     = google_project_iam_member.admin["ml-platform@example.com"].member == "group:ml-platform@example.com" && strcontains(google_project_iam_member.admin["ml-platform@example.com"].condition[0].expression, "/locations/us-central1/clusters/fraud-dev\"")
    error_message = "Administrators administer this cluster only."
  }

  assert {
    condition     = length(google_container_cluster.this.authenticator_groups_config) == 0 && google_container_cluster.this.anonymous_authentication_config[0].mode == "LIMITED"
    error_message = "No groups in RBAC without a name for them, nothing for anonymous callers."
  }
}

run "zonal_with_public_endpoint_and_metrics" {
  command = plan

  variables {
    location               = "zonal"
    public_endpoint_cidrs  = ["203.0.113.0/24"]
    private_endpoint_cidrs = ["10.30.0.0/16"]
    release_channel        = "EXTENDED"
    binary_authorization   = false
    managed_prometheus     = true
    deletion_protection    = false
    access                 = { rbac_security_group = "gke-security-groups@example.com" }
    maintenance_window     = { days = ["TU", "TH", "SA"], start = "22:30", hours = 4 }
  }

  assert {
    condition     = google_container_cluster.this.location == "us-central1-a" && google_container_cluster.this.node_locations == toset(["us-central1-b", "us-central1-c"])
    error_message = "Further zones leave out the zone of the control plane."
  }

  assert {
    condition     = !google_container_cluster.this.private_cluster_config[0].enable_private_endpoint && { for block in google_container_cluster.this.master_authorized_networks_config[0].cidr_blocks : block.cidr_block => block.display_name } == { "203.0.113.0/24" = "public", "10.30.0.0/16" = "private" }
    error_message = "The public endpoint is open to the named ranges and no other."
  }

  assert {
    condition     = contains(google_container_cluster.this.monitoring_config[0].enable_components, "DCGM") && google_container_cluster.this.monitoring_config[0].managed_prometheus[0].enabled
    error_message = "Managed Prometheus collects GPU metrics too."
  }

  assert {
    condition     = google_container_cluster.this.binary_authorization[0].evaluation_mode == "DISABLED" && google_container_cluster.this.authenticator_groups_config[0].security_group == "gke-security-groups@example.com"
    error_message = "The caller's choices."
  }

  assert {
    condition     = google_container_cluster.this.maintenance_policy[0].recurring_window[0].end_time == "2026-01-04T02:30:00Z" && !google_container_cluster.this.deletion_protection
    error_message = "A window may go past midnight."
  }
}

run "private_endpoint_in_the_subnet" {
  command = plan

  variables {
    network = {
      id             = "projects/host-project/global/networks/shared"
      subnetwork_id  = "projects/host-project/regions/us-central1/subnetworks/ml"
      pods_range     = "pods"
      services_range = "services"
    }
  }

  assert {
    condition     = google_container_cluster.this.network == "projects/host-project/global/networks/shared" && output.cluster.name == "fraud-dev"
    error_message = "A shared network needs no range for the control plane."
  }
}

run "refuses_bad_name" {
  command = plan
  variables { name = "Fraud_Dev" }
  expect_failures = [var.name]
}

run "refuses_region_that_is_a_zone" {
  command = plan
  variables { region = "us-central1-a" }
  expect_failures = [var.region]
}

run "refuses_no_zone" {
  command = plan
  variables { zones = [] }
  expect_failures = [var.zones]
}

run "refuses_zone_of_another_region" {
  command = plan
  variables { zones = ["us-east4-a"] }
  expect_failures = [var.zones]
}

run "refuses_bad_location" {
  command = plan
  variables { location = "global" }
  expect_failures = [var.location]
}

run "refuses_old_kubernetes" {
  command = plan
  variables { kubernetes_version = "1.29" }
  expect_failures = [var.kubernetes_version]
}

run "refuses_no_channel" {
  command = plan
  variables { release_channel = "UNSPECIFIED" }
  expect_failures = [var.release_channel]
}

run "refuses_bad_day" {
  command = plan
  variables {
    maintenance_window = { days = ["SAT", "SUN"] }
  }
  expect_failures = [var.maintenance_window]
}

run "refuses_bad_start" {
  command = plan
  variables {
    maintenance_window = { start = "24:00" }
  }
  expect_failures = [var.maintenance_window]
}

run "refuses_short_window" {
  command = plan
  variables {
    maintenance_window = { days = ["SU"], hours = 8 }
  }
  expect_failures = [var.maintenance_window]
}

run "refuses_wide_control_plane" {
  command = plan
  variables {
    network = {
      id                 = "projects/offline-project/global/networks/fraud-dev"
      subnetwork_id      = "projects/offline-project/regions/us-central1/subnetworks/fraud-dev"
      pods_range         = "pods"
      services_range     = "services"
      control_plane_cidr = "10.20.255.0/24"
    }
  }
  expect_failures = [var.network]
}

run "refuses_key_of_another_region" {
  command = plan
  variables { secrets_kms_key = "projects/offline-project/locations/global/keyRings/fraud-dev/cryptoKeys/cluster" }
  expect_failures = [var.secrets_kms_key]
}

run "refuses_odd_retention" {
  command = plan
  variables {
    logs = {
      retention_days = 0
      kms_key        = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/logs"
    }
  }
  expect_failures = [var.logs]
}

run "refuses_name_of_log_key" {
  command = plan
  variables {
    logs = { kms_key = "logs" }
  }
  expect_failures = [var.logs]
}

run "refuses_public_text" {
  command = plan
  variables { public_endpoint_cidrs = ["office"] }
  expect_failures = [var.public_endpoint_cidrs]
}

run "refuses_open_internet" {
  command = plan
  variables { public_endpoint_cidrs = ["0.0.0.0/0"] }
  expect_failures = [var.public_endpoint_cidrs]
}

run "refuses_101_ranges" {
  command = plan
  variables { public_endpoint_cidrs = [for n in range(101) : "203.0.113.${n}/32"] }
  expect_failures = [var.public_endpoint_cidrs]
}

run "refuses_public_range_as_private" {
  command = plan
  variables { private_endpoint_cidrs = ["203.0.113.0/24"] }
  expect_failures = [var.private_endpoint_cidrs]
}

run "refuses_role_as_group" {
  command = plan
  variables {
    access = { admin_groups = ["group:ml-platform@example.com"] }
  }
  expect_failures = [var.access]
}

run "refuses_other_name_of_security_group" {
  command = plan
  variables {
    access = { rbac_security_group = "admins@example.com" }
  }
  expect_failures = [var.access]
}

run "an_account_that_is_there" {
  command = plan

  variables {
    account_exists = true
  }

  assert {
    condition     = google_service_account.nodes.create_ignore_already_exists && google_service_account.nodes.deletion_policy == "ABANDON"
    error_message = "it is taken over, and stays"
  }
}
