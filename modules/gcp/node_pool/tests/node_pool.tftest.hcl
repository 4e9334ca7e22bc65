# The call shown in README.md.
variables {
  name = "training-finetune"
  cluster = {
    name                 = "fraud-dev"
    location             = "us-central1"
    zones                = ["us-central1-a", "us-central1-b", "us-central1-c"]
    max_pods_per_node    = 64
    node_service_account = "fraud-dev-nodes@offline-project.iam.gserviceaccount.com"
  }
  network        = { pods_range = "pods" }
  zones          = ["us-central1-a", "us-central1-b"]
  instance_types = ["g2-standard-8", "g2-standard-12"]
  capacity       = "spot_with_fallback"
  nodes          = { min = 0, max = 4 }
  gpu            = { count = 1, model = "l4" }
  disk = {
    size_gib = 200
    kms_key  = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
  }
  taints = [{ key = "groundplan/pool", value = "training-finetune", effect = "NoSchedule" }]
  tags   = { owner = "ml-platform" }
}

run "spot_first_with_fallback" {
  command = plan

  assert {
    condition     = { for key, pool in google_container_node_pool.this : key => pool.node_config[0].spot } == { "spot/g2-standard-8" = true, "spot/g2-standard-12" = true, "on-demand/g2-standard-8" = false, "on-demand/g2-standard-12" = false }
    error_message = "A node pool for each machine type and purchase option."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : length(pool.name) <= 40 && startswith(pool.name, "training-finetune-")]) && length(distinct(values(google_container_node_pool.this)[*].name)) == 4
    error_message = "Four names within GKE's limit."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.autoscaling[0].total_min_node_count == 0 && pool.autoscaling[0].total_max_node_count == 4 && pool.autoscaling[0].location_policy == "ANY" && pool.initial_node_count == 0])
    error_message = "Each scales from 0 to 4 nodes, wherever there are GPUs."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_locations == toset(["us-central1-a", "us-central1-b"]) && pool.upgrade_settings[0].max_surge == 0 && pool.upgrade_settings[0].max_unavailable == 1])
    error_message = "Only zones that offer the type; no spare GPU for upgrades."
  }
}

run "gpus_come_with_drivers" {
  command = plan

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_config[0].guest_accelerator[0].type == "nvidia-l4" && pool.node_config[0].guest_accelerator[0].count == 1 && pool.node_config[0].guest_accelerator[0].gpu_driver_installation_config[0].gpu_driver_version == "DEFAULT"])
    error_message = "GKE installs its driver for one L4."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : length(pool.node_config[0].guest_accelerator[0].gpu_sharing_config) == 0 && length(pool.node_config[0].ephemeral_storage_local_ssd_config) == 0 && pool.node_config[0].disk_type == "pd-balanced"])
    error_message = "Whole GPUs, a balanced boot disk, no Local SSD."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : { for taint in pool.node_config[0].taint : taint.key => "${taint.value}:${taint.effect}" } == { "nvidia.com/gpu" = "present:NO_SCHEDULE", "groundplan/pool" = "training-finetune:NO_SCHEDULE" }])
    error_message = "Both taints."
  }

  assert {
    condition     = google_container_node_pool.this["spot/g2-standard-8"].node_config[0].labels["groundplan/capacity"] == "spot" && google_container_node_pool.this["on-demand/g2-standard-8"].node_config[0].labels["groundplan/capacity"] == "on-demand" && google_container_node_pool.this["spot/g2-standard-8"].node_config[0].labels["nvidia.com/gpu.present"] == "true"
    error_message = "Purchase option and GPU are labels."
  }
}

run "nodes_are_closed" {
  command = plan

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_config[0].boot_disk_kms_key == var.disk.kms_key && pool.node_config[0].disk_size_gb == 200])
    error_message = "The boot disk is encrypted with the given key."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_config[0].shielded_instance_config[0].enable_secure_boot && pool.node_config[0].workload_metadata_config[0].mode == "GKE_METADATA" && pool.network_config[0].enable_private_nodes])
    error_message = "Secure boot, credentials hidden from pods, no public address."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_config[0].service_account == var.cluster.node_service_account && pool.node_config[0].resource_labels == tomap({ owner = "ml-platform" })])
    error_message = "The cluster's node service account, and labels on the machines."
  }
}

run "workloads_get_selector_and_tolerations" {
  command = plan

  assert {
    condition     = jsonencode(output.node_pool.node_selector) == jsonencode({ "groundplan/pool" = "training-finetune" })
    error_message = "The selector is the pool."
  }

  assert {
    condition     = output.node_pool.tolerations[*].key == ["nvidia.com/gpu", "groundplan/pool"] && output.node_pool.tolerations[0].value == "present"
    error_message = "One toleration for each taint."
  }
}

run "cpu_pool_on_demand" {
  command = plan

  variables {
    name           = "serving-a-ranker-with-a-very-long-name"
    zones          = []
    instance_types = ["c4a-standard-8-lssd"]
    architecture   = "arm64"
    capacity       = "on_demand"
    nodes          = { min = 2, max = 6 }
    gpu            = null
    taints         = []
    labels         = { team = "search" }
    disk = {
      kms_key        = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
      local_nvme_gib = 750
    }
  }

  assert {
    condition     = google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].node_config[0].disk_type == "hyperdisk-balanced" && google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].node_config[0].ephemeral_storage_local_ssd_config[0].local_ssd_count == 2
    error_message = "Hyperdisk, which the family needs, and two Local SSDs."
  }

  assert {
    condition     = { for key, pool in google_container_node_pool.this : key => "${pool.node_count} in ${join(",", pool.node_locations)}" if length(pool.autoscaling) == 0 } == { "on-demand/c4a-standard-8-lssd/us-central1-a" = "1 in us-central1-a", "on-demand/c4a-standard-8-lssd/us-central1-b" = "1 in us-central1-b" }
    error_message = "Two nodes always on, in the first two of the cluster's three zones."
  }

  assert {
    condition     = google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].initial_node_count == 0 && google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].autoscaling[0].total_min_node_count == 0 && google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].autoscaling[0].total_max_node_count == 4 && google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].autoscaling[0].location_policy == "BALANCED"
    error_message = "Four more on top, in any zone, when pods wait for them."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.max_pods_per_node == 64 && length(pool.name) <= 40]) && length(distinct(values(google_container_node_pool.this)[*].name)) == 3
    error_message = "As many pods on a node as the pods' range is planned for, and three names within GKE's limit."
  }

  assert {
    condition     = length(google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].name) <= 40 && length(google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].node_config[0].taint) == 0 && output.node_pool.tolerations == [{ key = "kubernetes.io/arch", operator = "Equal", value = "arm64", effect = "NoSchedule" }]
    error_message = "No taint of ours, a toleration for GKE's."
  }

  assert {
    condition     = google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].node_config[0].labels["team"] == "search" && !contains(keys(output.node_pool.labels), "groundplan/gpu") && google_container_node_pool.this["on-demand/c4a-standard-8-lssd"].upgrade_settings[0].max_surge == 1
    error_message = "Labels of the caller, none of GPUs, upgrades with a spare node."
  }
}

run "spot_alone_with_attached_gpu_and_local_ssd" {
  command = plan

  variables {
    instance_types = ["n1-standard-8"]
    capacity       = "spot"
    nodes          = { min = 1, max = 4 }
    gpu            = { count = 2, model = "t4", driver = "latest", sharing = { strategy = "time_sharing", clients = 4 } }
    disk = {
      kms_key        = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
      local_nvme_gib = 375
    }
  }

  assert {
    condition     = keys(google_container_node_pool.this) == ["spot/n1-standard-8", "spot/n1-standard-8/us-central1-a"] && google_container_node_pool.this["spot/n1-standard-8"].node_config[0].guest_accelerator[0].type == "nvidia-tesla-t4" && google_container_node_pool.this["spot/n1-standard-8"].node_config[0].guest_accelerator[0].count == 2
    error_message = "Two T4 on an n1."
  }

  assert {
    condition     = google_container_node_pool.this["spot/n1-standard-8"].node_config[0].guest_accelerator[0].gpu_sharing_config[0].gpu_sharing_strategy == "TIME_SHARING" && google_container_node_pool.this["spot/n1-standard-8"].node_config[0].guest_accelerator[0].gpu_sharing_config[0].max_shared_clients_per_gpu == 4 && google_container_node_pool.this["spot/n1-standard-8"].node_config[0].guest_accelerator[0].gpu_driver_installation_config[0].gpu_driver_version == "LATEST"
    error_message = "Four containers share each, under the latest driver."
  }

  assert {
    condition     = google_container_node_pool.this["spot/n1-standard-8"].node_config[0].ephemeral_storage_local_ssd_config[0].local_ssd_count == 1 && google_container_node_pool.this["spot/n1-standard-8/us-central1-a"].node_count == 1 && google_container_node_pool.this["spot/n1-standard-8/us-central1-a"].node_config[0].spot && google_container_node_pool.this["spot/n1-standard-8"].autoscaling[0].total_max_node_count == 3
    error_message = "One Local SSD; one node always on, on spot too."
  }
}

run "h100_in_parts" {
  command = plan

  variables {
    instance_types = ["a3-highgpu-8g", "a3-megagpu-8g"]
    capacity       = "on_demand"
    gpu            = { count = 8, model = "h100", partition = "1g.10gb" }
  }

  assert {
    condition     = google_container_node_pool.this["on-demand/a3-highgpu-8g"].node_config[0].guest_accelerator[0].type == "nvidia-h100-80gb" && google_container_node_pool.this["on-demand/a3-megagpu-8g"].node_config[0].guest_accelerator[0].type == "nvidia-h100-mega-80gb"
    error_message = "The two kinds of H100 machines name their GPUs differently."
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_config[0].ephemeral_storage_local_ssd_config[0].local_ssd_count == 16 && pool.node_config[0].guest_accelerator[0].gpu_partition_size == "1g.10gb" && pool.node_config[0].disk_type == "pd-balanced"])
    error_message = "Sixteen Local SSDs come with the machine; each GPU is cut."
  }
}

run "rtx_pro_6000_boots_from_hyperdisk" {
  command = plan

  variables {
    instance_types = ["g4-standard-48"]
    nodes          = { min = 1, max = 1 }
    gpu            = { count = 1, model = "rtx-pro-6000", sharing = { strategy = "mps", clients = 2 } }
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.node_config[0].disk_type == "hyperdisk-balanced" && pool.node_config[0].guest_accelerator[0].type == "nvidia-rtx-pro-6000" && pool.node_config[0].guest_accelerator[0].gpu_sharing_config[0].gpu_sharing_strategy == "MPS"])
    error_message = "Hyperdisk, the GPU's name, MPS."
  }

  assert {
    condition     = keys(google_container_node_pool.this) == ["on-demand/g4-standard-48", "spot/g4-standard-48/us-central1-a"]
    error_message = "The one node is always on; only the fallback is left to scale."
  }
}

run "always_on_is_what_runs" {
  command = plan

  variables {
    instance_types = ["a2-highgpu-8g"]
    capacity       = "on_demand"
    zones          = ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"]
    nodes          = { min = 1, max = 1 }
    gpu            = { count = 8, model = "a100" }
  }

  assert {
    condition     = keys(google_container_node_pool.this) == ["on-demand/a2-highgpu-8g/us-central1-a"] && google_container_node_pool.this["on-demand/a2-highgpu-8g/us-central1-a"].node_count == 1 && google_container_node_pool.this["on-demand/a2-highgpu-8g/us-central1-a"].node_locations == toset(["us-central1-a"])
    error_message = "One machine with eight A100, not one in each zone."
  }
}

run "always_on_over_zones" {
  command = plan

  variables {
    instance_types = ["n2-standard-8"]
    capacity       = "on_demand"
    zones          = ["us-central1-a", "us-central1-b", "us-central1-c"]
    nodes          = { min = 7, max = 7 }
    gpu            = null
  }

  assert {
    condition     = { for key, pool in google_container_node_pool.this : one(pool.node_locations) => pool.node_count } == { us-central1-a = 3, us-central1-b = 2, us-central1-c = 2 } && alltrue([for pool in google_container_node_pool.this : length(pool.autoscaling) == 0])
    error_message = "Seven nodes over three zones, and nothing left to scale."
  }
}

run "refuses_bad_name" {
  command = plan
  variables { name = "Pool_1" }
  expect_failures = [var.name]
}

run "refuses_region_as_zone" {
  command = plan
  variables { zones = ["us-central1"] }
  expect_failures = [var.zones]
}

run "refuses_no_type" {
  command = plan
  variables { instance_types = [] }
  expect_failures = [var.instance_types]
}

run "refuses_bad_type" {
  command = plan
  variables {
    instance_types = ["n1.standard.8"]
    gpu            = null
  }
  expect_failures = [var.instance_types]
}

run "refuses_arm_type_in_x86_pool" {
  command = plan
  variables {
    instance_types = ["c4a-standard-8"]
    gpu            = null
  }
  expect_failures = [var.instance_types]
}

run "refuses_cpu_type_in_gpu_pool" {
  command = plan
  variables { instance_types = ["n2-standard-8"] }
  expect_failures = [var.instance_types]
}

run "refuses_gpu_type_in_cpu_pool" {
  command = plan
  variables { gpu = null }
  expect_failures = [var.instance_types]
}

run "refuses_type_with_other_number_of_gpus" {
  command = plan
  variables {
    instance_types = ["a2-highgpu-2g"]
    gpu            = { count = 1, model = "a100" }
  }
  expect_failures = [var.instance_types]
}

run "refuses_unnamed_local_ssd" {
  command = plan
  variables {
    instance_types = ["c3-standard-8-lssd"]
    gpu            = null
  }
  expect_failures = [var.instance_types]
}

run "refuses_bad_capacity" {
  command = plan
  variables { capacity = "preemptible" }
  expect_failures = [var.capacity]
}

run "refuses_min_above_max" {
  command = plan
  variables {
    nodes = { min = 5, max = 4 }
  }
  expect_failures = [var.nodes]
}

run "refuses_small_disk" {
  command = plan
  variables {
    disk = {
      size_gib = 8
      kms_key  = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
    }
  }
  expect_failures = [var.disk]
}

run "refuses_name_of_key" {
  command = plan
  variables {
    disk = { kms_key = "cluster" }
  }
  expect_failures = [var.disk]
}

run "refuses_part_of_a_local_ssd" {
  command = plan
  variables {
    disk = {
      kms_key        = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
      local_nvme_gib = 400
    }
  }
  expect_failures = [var.disk]
}

run "refuses_local_ssd_where_there_is_none" {
  command = plan
  variables {
    instance_types = ["e2-standard-8"]
    gpu            = null
    disk = {
      kms_key        = "projects/offline-project/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
      local_nvme_gib = 375
    }
  }
  expect_failures = [var.instance_types]
}

run "refuses_3_gpus" {
  command = plan
  variables {
    gpu = { count = 3, model = "l4" }
  }
  expect_failures = [var.gpu]
}

run "refuses_unknown_gpu" {
  command = plan
  variables {
    gpu = { count = 1, model = "l40s" }
  }
  expect_failures = [var.gpu]
}

run "refuses_driver_version" {
  command = plan
  variables {
    gpu = { count = 1, model = "l4", driver = "570" }
  }
  expect_failures = [var.gpu]
}

run "refuses_parts_of_an_l4" {
  command = plan
  variables {
    gpu = { count = 1, model = "l4", partition = "1g.5gb" }
  }
  expect_failures = [var.gpu]
}

run "refuses_sharing_alone" {
  command = plan
  variables {
    gpu = { count = 1, model = "l4", sharing = { strategy = "time_sharing", clients = 1 } }
  }
  expect_failures = [var.gpu]
}

run "refuses_bad_architecture" {
  command = plan
  variables { architecture = "riscv" }
  expect_failures = [var.architecture]
}

run "refuses_bad_label" {
  command = plan
  variables {
    labels = { "team name" = "search" }
  }
  expect_failures = [var.labels]
}

run "refuses_reserved_label" {
  command = plan
  variables {
    labels = { "cloud.google.com/gke-spot" = "true" }
  }
  expect_failures = [var.labels]
}

run "refuses_bad_effect" {
  command = plan
  variables {
    taints = [{ key = "team", value = "search", effect = "NO_SCHEDULE" }]
  }
  expect_failures = [var.taints]
}

run "refuses_second_gpu_taint" {
  command = plan
  variables {
    taints = [{ key = "nvidia.com/gpu", value = "true", effect = "NoSchedule" }]
  }
  expect_failures = [var.taints]
}

run "refuses_tag_google_does_not_take" {
  command = plan
  variables {
    tags = { Owner = "ML Platform" }
  }
  expect_failures = [var.tags]
}

run "renews_as_asked" {
  command = plan

  variables {
    nodes = { min = 0, max = 4, update = { strategy = "surge", max_unavailable = 2 } }
  }

  assert {
    condition     = alltrue([for pool in google_container_node_pool.this : pool.upgrade_settings[0].max_surge == 2 && pool.upgrade_settings[0].max_unavailable == 0])
    error_message = "New nodes first, two at a time, also with GPUs."
  }
}

run "refuses_unknown_strategy" {
  command = plan
  variables {
    nodes = { min = 0, max = 4, update = { strategy = "blue_green" } }
  }
  expect_failures = [var.nodes]
}

run "refuses_0_unavailable" {
  command = plan
  variables {
    nodes = { min = 0, max = 4, update = { max_unavailable = 0 } }
  }
  expect_failures = [var.nodes]
}
