resource "google_container_node_pool" "this" {
  for_each = local.node_pools

  name           = each.value.name
  cluster        = var.cluster.name
  location       = var.cluster.location
  node_locations = each.value.zones

  # Both are per zone. Those of an autoscaled pool come when pods wait for them.
  node_count         = each.value.nodes
  initial_node_count = each.value.nodes == null ? 0 : null

  # A pod's address stays with its node: 64 pods take a /25 of the pods' range, where GKE's 110 would take a /24.
  max_pods_per_node = var.cluster.max_pods_per_node

  dynamic "autoscaling" {
    for_each = each.value.max[*]
    iterator = max

    content {
      total_min_node_count = 0
      total_max_node_count = max.value
      # GPUs and spot machines are taken where they are, not evened out over zones.
      location_policy = each.value.option == "spot" || var.gpu != null ? "ANY" : "BALANCED"
    }
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  # Where a spare machine may not be to be had, nor be in the quota, old nodes go down first.
  upgrade_settings {
    strategy        = "SURGE"
    max_surge       = local.strategy == "surge" ? var.nodes.update.max_unavailable : 0
    max_unavailable = local.strategy == "surge" ? 0 : var.nodes.update.max_unavailable
  }

  network_config {
    enable_private_nodes = true
    pod_range            = var.network.pods_range
  }

  node_config {
    machine_type      = each.value.type
    spot              = each.value.option == "spot"
    image_type        = "COS_CONTAINERD"
    disk_type         = local.machines[each.value.type].disk_type
    disk_size_gb      = var.disk.size_gib
    boot_disk_kms_key = var.disk.kms_key
    labels            = merge(local.labels, { "groundplan/capacity" = each.value.option })
    resource_labels   = var.tags

    # What the nodes may do is said by the roles of their service account; scopes only narrow them.
    service_account = var.cluster.node_service_account
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    metadata        = { disable-legacy-endpoints = "true" }

    # The drivers that GKE installs on its own image are signed by Google, so they load under secure boot.
    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    # Pods never see the node's credentials.
    workload_metadata_config {
      mode = "GKE_METADATA"
    }

    gvnic {
      enabled = true
    }

    kubelet_config {
      insecure_kubelet_readonly_port_enabled = "FALSE"
    }

    dynamic "guest_accelerator" {
      for_each = var.gpu[*]
      iterator = gpu

      content {
        type               = local.machines[each.value.type].accelerator
        count              = gpu.value.count
        gpu_partition_size = gpu.value.partition

        gpu_driver_installation_config {
          gpu_driver_version = upper(gpu.value.driver)
        }

        dynamic "gpu_sharing_config" {
          for_each = gpu.value.sharing[*]
          iterator = sharing

          content {
            gpu_sharing_strategy       = upper(sharing.value.strategy)
            max_shared_clients_per_gpu = sharing.value.clients
          }
        }
      }
    }

    dynamic "ephemeral_storage_local_ssd_config" {
      for_each = local.machines[each.value.type].local_ssds > 0 ? [local.machines[each.value.type].local_ssds] : []
      iterator = ssds

      content {
        local_ssd_count = ssds.value
      }
    }

    dynamic "taint" {
      for_each = local.taints

      content {
        key    = taint.value.key
        value  = taint.value.value
        effect = local.gke_effects[taint.value.effect]
      }
    }
  }

  lifecycle {
    # Changing it would replace the pool.
    ignore_changes = [initial_node_count]
  }
}
