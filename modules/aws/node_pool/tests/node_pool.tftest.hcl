# The call shown in README.md.
variables {
  name = "training-finetune"
  cluster = {
    name    = "fraud-dev"
    version = "1.35"
  }
  network = {
    private_subnets = {
      use1-az1 = { id = "subnet-0a1", zone_name = "us-east-1c" }
      use1-az2 = { id = "subnet-0b2", zone_name = "us-east-1a" }
      use1-az4 = { id = "subnet-0c4", zone_name = "us-east-1b" }
    }
  }
  instance_types = ["g6.2xlarge", "g6.4xlarge"]
  capacity       = "spot_with_fallback"
  nodes          = { min = 0, max = 4 }
  gpu            = { count = 1, model = "l4" }
  disk = {
    size_gib = 200
    kms_key  = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003"
  }
  taints = [{ key = "groundplan/pool", value = "training-finetune", effect = "NoSchedule" }]
  tags   = { owner = "ml-platform" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

run "spot_first_with_fallback" {
  command = plan

  assert {
    condition     = { for k, g in aws_eks_node_group.this : k => [g.node_group_name_prefix, g.capacity_type] } == { primary = ["training-finetune-spot-", "SPOT"], fallback = ["training-finetune-on-demand-", "ON_DEMAND"] }
    error_message = "One spot and one on-demand node group, with names that a group which replaces one can have beside it."
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.scaling_config[0].min_size == 0 && g.scaling_config[0].max_size == 4 && g.ami_type == "AL2023_x86_64_NVIDIA"])
    error_message = "Both scale from 0 to 4 nodes of the NVIDIA image."
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].instance_types == tolist(["g6.2xlarge", "g6.4xlarge"])
    error_message = "Spot chooses among all types."
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.labels["groundplan/pool"] == "training-finetune" && g.labels["nvidia.com/gpu.present"] == "true" && g.labels["k8s.amazonaws.com/accelerator"] == "nvidia-l4"])
    error_message = "Workloads and the autoscaler find both groups by the same labels."
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].labels["groundplan/capacity"] == "spot" && aws_eks_node_group.this["fallback"].labels["groundplan/capacity"] == "on-demand"
    error_message = "The purchase option is a label."
  }
}

run "autoscaler_knows_empty_groups" {
  command = plan

  assert {
    condition     = aws_autoscaling_group_tag.autoscaler["primary|resources/nvidia.com/gpu"].tag[0].value == "1"
    error_message = "The number of GPUs."
  }

  assert {
    condition     = aws_autoscaling_group_tag.autoscaler["fallback|resources/ephemeral-storage"].tag[0].value == "180Gi"
    error_message = "Nine tenths of the disk."
  }

  assert {
    condition     = aws_autoscaling_group_tag.autoscaler["primary|label/groundplan/pool"].tag[0].key == "k8s.io/cluster-autoscaler/node-template/label/groundplan/pool"
    error_message = "The label workloads select."
  }

  assert {
    condition     = aws_autoscaling_group_tag.autoscaler["primary|taint/nvidia.com/gpu"].tag[0].value == "present:NoSchedule" && aws_autoscaling_group_tag.autoscaler["primary|taint/groundplan/pool"].tag[0].value == "training-finetune:NoSchedule"
    error_message = "Both taints."
  }

  assert {
    condition     = length(aws_autoscaling_group_tag.autoscaler) == 2 * (5 + 2 + 2)
    error_message = "Two groups, each with five labels, two taints and two resources."
  }
}

run "nodes_are_closed" {
  command = plan

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Pods cannot read the node's credentials."
  }

  assert {
    condition     = aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted == "true" && aws_launch_template.this.block_device_mappings[0].ebs[0].kms_key_id == var.disk.kms_key && aws_launch_template.this.block_device_mappings[0].ebs[0].volume_size == 200
    error_message = "The root disk is encrypted with the given key."
  }

  assert {
    condition     = aws_launch_template.this.key_name == null && alltrue([for g in aws_eks_node_group.this : length(g.remote_access) == 0])
    error_message = "No SSH."
  }

  assert {
    condition     = toset(values(aws_iam_role_policy_attachment.node)[*].policy_arn) == toset(["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly"])
    error_message = "Two managed policies and no more."
  }

  assert {
    condition     = alltrue([for spec in aws_launch_template.this.tag_specifications : spec.tags["owner"] == "ml-platform"]) && length(aws_launch_template.this.tag_specifications) == 3
    error_message = "Instances, volumes and interfaces carry the tags."
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
    name           = "serving-ranker"
    instance_types = ["m8g.xlarge"]
    architecture   = "arm64"
    capacity       = "on_demand"
    nodes          = { min = 2, max = 6 }
    gpu            = null
    taints         = []
    labels         = { team = "search" }
  }

  assert {
    condition     = keys(aws_eks_node_group.this) == ["primary"] && aws_eks_node_group.this["primary"].ami_type == "AL2023_ARM_64_STANDARD"
    error_message = "One on-demand group of the Arm image."
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].scaling_config[0].min_size == 2 && length(aws_eks_node_group.this["primary"].taint) == 0
    error_message = "Two nodes always on, no taint."
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].labels["team"] == "search" && !contains(keys(aws_eks_node_group.this["primary"].labels), "nvidia.com/gpu.present")
    error_message = "The caller's labels, no GPU labels."
  }

  assert {
    condition     = aws_launch_template.this.user_data == null
    error_message = "Without local NVMe there is no user data."
  }
}

run "spot_only_with_local_nvme" {
  command = plan

  variables {
    capacity = "spot"
    disk = {
      size_gib       = 50
      kms_key        = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003"
      local_nvme_gib = 400
    }
  }

  assert {
    condition     = keys(aws_eks_node_group.this) == ["primary"] && aws_eks_node_group.this["primary"].capacity_type == "SPOT"
    error_message = "One spot group."
  }

  assert {
    condition     = strcontains(base64decode(aws_launch_template.this.user_data), "strategy: RAID0") && aws_autoscaling_group_tag.autoscaler["primary|resources/ephemeral-storage"].tag[0].value == "360Gi"
    error_message = "Scratch space is the instance store, and the autoscaler knows its size."
  }
}

run "refuses_bad_name" {
  command = plan
  variables { name = "Pool_1" }
  expect_failures = [var.name]
}

run "refuses_name_too_long_for_the_role" {
  command = plan
  variables { name = "a23456789012345678901234567890123456789012345678901" }
  expect_failures = [var.name]
}

run "nodes_are_where_their_types_are_offered" {
  command = plan

  variables {
    nodes = { min = 0, max = 4, zones = ["use1-az4", "use1-az2", "use1-az6"] }
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.subnet_ids == toset(["subnet-0b2", "subnet-0c4"])])
    error_message = "Subnets of those zones alone that offer every type."
  }
}

run "in_all_zones_by_default" {
  command = plan

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : length(g.subnet_ids) == 3])
    error_message = "Every private subnet of the network."
  }
}

run "a_group_for_each_zone" {
  command = plan

  variables {
    name           = "system"
    instance_types = ["m8g.xlarge"]
    architecture   = "arm64"
    capacity       = "on_demand"
    nodes          = { min = 2, max = 6, group_per_zone = true }
    gpu            = null
    taints         = []
  }

  assert {
    condition     = { for k, g in aws_eks_node_group.this : k => join(" ", g.subnet_ids) } == { primary = "subnet-0a1", primary-2 = "subnet-0b2", primary-3 = "subnet-0c4" }
    error_message = "Each has the subnet of its zone, so that the autoscaler can start a node there."
  }

  assert {
    condition     = { for k, g in aws_eks_node_group.this : k => [g.scaling_config[0].min_size, g.scaling_config[0].max_size] } == { primary = [1, 2], primary-2 = [1, 2], primary-3 = [0, 2] }
    error_message = "The bounds are split over the zones."
  }

  assert {
    condition     = aws_eks_node_group.this["primary-3"].node_group_name_prefix == "system-on-demand-use1-az4-"
    error_message = "The name says the zone."
  }

  assert {
    condition     = aws_autoscaling_group_tag.autoscaler["primary-3|label/topology.ebs.csi.aws.com/zone"].tag[0].value == "us-east-1b"
    error_message = "An empty group can be started for a volume of its zone."
  }
}

run "min_above_what_runs_starts_the_missing_nodes" {
  command = plan

  variables {
    capacity = "on_demand"
    nodes    = { min = 3, max = 8 }
  }

  override_data {
    target = data.aws_autoscaling_groups.running["primary"]
    values = { names = ["eks-running"] }
  }

  override_data {
    target = data.aws_autoscaling_group.running["eks-running"]
    values = { desired_capacity = 0 }
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].scaling_config[0].desired_size == 3
    error_message = "EKS refuses a min above the desired number."
  }
}

run "what_the_autoscaler_started_stays" {
  command = plan

  variables {
    capacity = "on_demand"
    nodes    = { min = 1, max = 8 }
  }

  override_data {
    target = data.aws_autoscaling_groups.running["primary"]
    values = { names = ["eks-running"] }
  }

  override_data {
    target = data.aws_autoscaling_group.running["eks-running"]
    values = { desired_capacity = 5 }
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].scaling_config[0].desired_size == 5
    error_message = "The number that runs."
  }
}

run "max_below_what_runs_ends_the_others" {
  command = plan

  variables {
    capacity = "on_demand"
    nodes    = { min = 1, max = 4 }
  }

  override_data {
    target = data.aws_autoscaling_groups.running["primary"]
    values = { names = ["eks-running"] }
  }

  override_data {
    target = data.aws_autoscaling_group.running["eks-running"]
    values = { desired_capacity = 5 }
  }

  assert {
    condition     = aws_eks_node_group.this["primary"].scaling_config[0].desired_size == 4
    error_message = "No more than max."
  }
}

run "renews_as_asked" {
  command = plan

  variables {
    nodes = { min = 0, max = 4, update = { strategy = "minimal", max_unavailable = 2, repair = false } }
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.update_config[0].update_strategy == "MINIMAL" && g.update_config[0].max_unavailable == 2 && !g.node_repair_config[0].enabled])
    error_message = "Old nodes first, two at a time, no repair."
  }

  assert {
    condition     = can(regex("^fraud-dev/training-finetune/primary/[0-9a-f]{8}$", one(one(data.aws_autoscaling_groups.running["primary"].filter).values)))
    error_message = "A group that replaces one does not start with as many nodes: what forces it is part of the mark."
  }
}

run "long_names_are_cut" {
  command = plan

  variables {
    name = "training-finetune-of-the-largest-models"
  }

  assert {
    condition     = { for k, g in aws_eks_node_group.this : k => g.node_group_name_prefix } == { primary = "training-finetune-of-the-larges-spot-", fallback = "training-finetune-of-the-l-on-demand-" }
    error_message = "The provider takes prefixes of 37 characters; the purchase option always stays."
  }
}

run "tags_of_later_instances_come_from_the_group" {
  command = plan

  assert {
    condition     = aws_autoscaling_group_tag.instance["primary|tag/owner"].tag[0].propagate_at_launch && aws_autoscaling_group_tag.instance["primary|tag/owner"].tag[0].value == "ml-platform"
    error_message = "Without a new launch template version, which would renew the nodes."
  }
}

run "refuses_zone_names" {
  command = plan
  variables {
    nodes = { min = 0, max = 4, zones = ["use1-az1", "us-east-1a"] }
  }
  expect_failures = [var.nodes]
}

run "refuses_zones_that_the_network_lacks" {
  command = plan
  variables {
    nodes = { min = 0, max = 4, zones = ["use1-az6"] }
  }
  expect_failures = [var.nodes]
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

run "refuses_no_type" {
  command = plan
  variables { instance_types = [] }
  expect_failures = [var.instance_types]
}

run "refuses_bad_type" {
  command = plan
  variables { instance_types = ["g6"] }
  expect_failures = [var.instance_types]
}

run "refuses_arm_type_in_x86_pool" {
  command = plan
  variables { instance_types = ["g6.xlarge", "g5g.xlarge"] }
  expect_failures = [var.instance_types]
}

run "refuses_cpu_type_in_gpu_pool" {
  command = plan
  variables { instance_types = ["m7i.xlarge"] }
  expect_failures = [var.instance_types]
}

run "refuses_gpu_type_in_cpu_pool" {
  command = plan
  variables { gpu = null }
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
      kms_key  = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003"
    }
  }
  expect_failures = [var.disk]
}

run "refuses_key_alias" {
  command = plan
  variables {
    disk = { kms_key = "alias/mine" }
  }
  expect_failures = [var.disk]
}

run "refuses_negative_nvme" {
  command = plan
  variables {
    disk = {
      kms_key        = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003"
      local_nvme_gib = -1
    }
  }
  expect_failures = [var.disk]
}

run "shared_gpus" {
  command = plan

  variables {
    gpu = { count = 1, model = "l4", pods_per_gpu = 4 }
  }

  assert {
    condition     = alltrue([for g in aws_eks_node_group.this : g.labels["nvidia.com/device-plugin.config"] == "shared-4"])
    error_message = "the device plugin offers each device four times"
  }

  assert {
    condition     = aws_autoscaling_group_tag.autoscaler["primary|resources/nvidia.com/gpu"].tag[0].value == "4"
    error_message = "the autoscaler knows that before there is a node"
  }
}

run "refuses_half_a_pod_for_each_gpu" {
  command = plan
  variables {
    gpu = { count = 1, model = "l4", pods_per_gpu = 1.5 }
  }
  expect_failures = [var.gpu]
}

run "refuses_0_gpus" {
  command = plan
  variables {
    gpu = { count = 0, model = "l4" }
  }
  expect_failures = [var.gpu]
}

run "refuses_bad_gpu_model" {
  command = plan
  variables {
    gpu = { count = 1, model = "NVIDIA L4" }
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
    labels = { "node.kubernetes.io/role" = "gpu" }
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

run "images_stay_unless_they_are_asked_for" {
  command = plan

  assert {
    condition     = length(data.aws_ssm_parameter.release) == 0
    error_message = "Nothing is asked that could roll nodes by itself."
  }
}

run "the_newest_image_at_each_apply" {
  command = plan

  variables {
    image_release = "latest"
  }

  override_data {
    target = data.aws_ssm_parameter.release
    values = { insecure_value = "1.35.4-20261115" }
  }

  assert {
    condition     = data.aws_ssm_parameter.release[0].name == "/aws/service/eks/optimized-ami/1.35/amazon-linux-2023/x86_64/nvidia/recommended/release_version"
    error_message = "Of the version, the architecture and the GPUs of the pool."
  }

  assert {
    condition     = alltrue([for group in aws_eks_node_group.this : group.release_version == "1.35.4-20261115"])
    error_message = "Every group takes it."
  }
}

run "an_image_by_release" {
  command = plan

  variables {
    image_release = "1.35.2-20261001"
  }

  assert {
    condition     = length(data.aws_ssm_parameter.release) == 0 && alltrue([for group in aws_eks_node_group.this : group.release_version == "1.35.2-20261001"])
    error_message = "Every group takes the release that is named."
  }
}

run "refuses_a_word_that_is_no_release" {
  command = plan
  variables {
    image_release = "newest"
  }
  expect_failures = [var.image_release]
}

run "refuses_a_release_of_another_version" {
  command = plan
  variables {
    image_release = "1.34.2-20261001"
  }
  expect_failures = [var.image_release]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.node.permissions_boundary == var.permissions_boundary
    error_message = "roles carry the boundary"
  }
}

run "rejects_name_as_permissions_boundary" {
  command = plan

  variables {
    permissions_boundary = "bounded"
  }

  expect_failures = [var.permissions_boundary]
}
