data "google_project" "this" {}

resource "google_container_cluster" "this" {
  #checkov:skip=CKV_GCP_21:Labels are for accounting and come from the provider's default_labels, which the check does not read
  #checkov:skip=CKV_GCP_65:RBAC by groups needs a group gke-security-groups@<domain> that only the organisation's administrators can make; access.rbac_security_group names it where it exists.
  #checkov:skip=CKV_GCP_66:GP916 reports a planned cluster without it; the default enforces the project's policy
  name               = var.name
  location           = local.location
  node_locations     = var.location == "regional" ? var.zones : slice(var.zones, 1, length(var.zones))
  min_master_version = var.kubernetes_version

  deletion_protection = var.deletion_protection

  network         = var.network.id
  subnetwork      = var.network.subnetwork_id
  networking_mode = "VPC_NATIVE"

  # GKE cuts the pods' range into a block for each node, of at least twice as many addresses.
  # https://docs.cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr
  default_max_pods_per_node = var.network.max_pods_per_node

  # Cilium: enforces network policies by itself and logs what they refuse.
  datapath_provider           = "ADVANCED_DATAPATH"
  enable_intranode_visibility = true
  enable_l4_ilb_subsetting    = true

  enable_shielded_nodes   = true
  enable_legacy_abac      = false
  enable_kubernetes_alpha = false

  # GKE makes no cluster without a pool. This one is deleted at once; pools are the module node_pool's.
  remove_default_node_pool = true
  initial_node_count       = 1

  # Without a service account of ours the pool would run as the default one of Compute Engine, which many
  # organisations disable, and without our key where a policy asks for one.
  node_config {
    machine_type      = "e2-medium"
    image_type        = "COS_CONTAINERD"
    disk_type         = "pd-balanced"
    disk_size_gb      = 20
    boot_disk_kms_key = var.secrets_kms_key
    service_account   = google_service_account.nodes.email
    oauth_scopes      = ["https://www.googleapis.com/auth/cloud-platform"]

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  release_channel {
    channel = var.release_channel
  }

  maintenance_policy {
    recurring_window {
      # The first weekday counts from a Saturday; only time of day and length matter after that.
      start_time = "2026-01-03T${var.maintenance_window.start}:00Z"
      end_time   = timeadd("2026-01-03T${var.maintenance_window.start}:00Z", "${var.maintenance_window.hours}h")
      recurrence = "FREQ=WEEKLY;BYDAY=${join(",", distinct(var.maintenance_window.days))}"
    }
  }

  ip_allocation_policy {
    cluster_secondary_range_name  = var.network.pods_range
    services_secondary_range_name = var.network.services_range
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = !local.public
    master_ipv4_cidr_block  = var.network.control_plane_cidr

    # Reached from other regions of the network through a machine in this one.
    master_global_access_config {
      enabled = false
    }
  }

  # Without this block every address that can route to an endpoint may use it. With it and no range only the
  # nodes' subnet may.
  master_authorized_networks_config {
    gcp_public_cidrs_access_enabled      = false
    private_endpoint_enforcement_enabled = true

    dynamic "cidr_blocks" {
      for_each = toset(concat(var.public_endpoint_cidrs, var.private_endpoint_cidrs))

      content {
        cidr_block   = cidr_blocks.value
        display_name = contains(var.public_endpoint_cidrs, cidr_blocks.value) ? "public" : "private"
      }
    }
  }

  # The endpoint with a name of Google's answers on the internet to whoever has a token that IAM lets in. Unless it
  # is asked for a token alone does not suffice: the caller must be in the network too.
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = var.access.dns_endpoint
    }

    ip_endpoints_config {
      enabled = true
    }
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  # Anonymous callers reach the health checks and nothing else, and no binding can give everybody anything.
  anonymous_authentication_config {
    mode = "LIMITED"
  }

  rbac_binding_config {
    enable_insecure_binding_system_unauthenticated = false
    enable_insecure_binding_system_authenticated   = false
  }

  dynamic "authenticator_groups_config" {
    for_each = var.access.rbac_security_group[*]

    content {
      security_group = authenticator_groups_config.value
    }
  }

  workload_identity_config {
    workload_pool = local.workload_pool
  }

  database_encryption {
    state    = "ENCRYPTED"
    key_name = var.secrets_kms_key
  }

  binary_authorization {
    evaluation_mode = var.binary_authorization ? "PROJECT_SINGLETON_POLICY_ENFORCE" : "DISABLED"
  }

  security_posture_config {
    mode               = "BASIC"
    vulnerability_mode = "VULNERABILITY_DISABLED"
  }

  # Calico, which the datapath replaces.
  network_policy {
    enabled = false
  }

  logging_config {
    enable_components = ["SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER", "WORKLOADS"]
  }

  monitoring_config {
    enable_components = local.metrics

    # GKE turns it on by itself where this is not written.
    managed_prometheus {
      enabled = var.managed_prometheus
    }
  }

  cost_management_config {
    enabled = true
  }

  gateway_api_config {
    channel = "CHANNEL_STANDARD"
  }

  # No pools that nobody planned. The profile takes idle nodes away sooner than the default one.
  cluster_autoscaling {
    enabled             = false
    autoscaling_profile = "OPTIMIZE_UTILIZATION"
  }

  node_pool_defaults {
    node_config_defaults {
      insecure_kubelet_readonly_port_enabled = "FALSE"
    }
  }

  addons_config {
    gce_persistent_disk_csi_driver_config {
      enabled = true
    }

    # Jobs may mount the buckets they read.
    gcs_fuse_csi_driver_config {
      enabled = true
    }

    http_load_balancing {
      disabled = false
    }

    network_policy_config {
      disabled = true
    }
  }

  lifecycle {
    # What the deleted pool was like is reported back as what the newest pool is like.
    ignore_changes = [node_config]
  }

  depends_on = [google_project_iam_member.nodes]
}
