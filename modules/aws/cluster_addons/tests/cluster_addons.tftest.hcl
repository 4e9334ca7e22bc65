# The call shown in README.md.
variables {
  cluster = {
    name    = "fraud-dev"
    version = "1.35"
  }
  system_pool = {
    node_selector = { "groundplan/pool" = "system" }
    tolerations   = []
  }
  volumes_kms_key = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003"
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_eks_addon_version.default
  values = { version = "v1.63.1-eksbuild.1" }
}

run "addons_follow_the_kubernetes_version" {
  command = plan

  variables {
    addon_versions = { coredns = "v1.13.2-eksbuild.1" }
  }

  assert {
    condition     = keys(data.aws_eks_addon_version.default) == ["aws-ebs-csi-driver", "eks-node-monitoring-agent", "metrics-server"] && alltrue([for v in data.aws_eks_addon_version.default : v.kubernetes_version == "1.35"])
    error_message = "What is not pinned is asked for, for the cluster's own version."
  }

  assert {
    condition = (
      aws_eks_addon.coredns.addon_version == "v1.13.2-eksbuild.1" &&
      alltrue([for a in [aws_eks_addon.ebs_csi_driver, aws_eks_addon.metrics_server, aws_eks_addon.node_monitoring_agent] : a.addon_version == "v1.63.1-eksbuild.1"])
    )
    error_message = "Each add-on has the version that EKS takes by default, or the pinned one."
  }
}

run "controllers_stay_on_the_system_pool" {
  command = plan

  assert {
    condition     = jsondecode(aws_eks_addon.coredns.configuration_values).nodeSelector["groundplan/pool"] == "system"
    error_message = "CoreDNS selects the system pool."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.metrics_server.configuration_values).nodeSelector["groundplan/pool"] == "system"
    error_message = "The metrics server selects the system pool."
  }

  assert {
    condition     = jsondecode(aws_eks_addon.ebs_csi_driver.configuration_values).controller.nodeSelector["groundplan/pool"] == "system"
    error_message = "The volume controller selects the system pool; its node part runs everywhere."
  }

  assert {
    condition     = aws_eks_addon.node_monitoring_agent.addon_name == "eks-node-monitoring-agent"
    error_message = "The agent that reports GPU faults is installed."
  }

  assert {
    condition     = jsonencode(jsondecode(aws_eks_addon.node_monitoring_agent.configuration_values).dcgmAgent.tolerations) == jsonencode([{ operator = "Exists" }])
    error_message = "Its GPU part runs on tainted GPU nodes, or healthy ones would be reported as broken."
  }
}

run "volume_driver_is_limited_to_this_cluster_and_key" {
  command = plan

  assert {
    condition     = aws_iam_role_policy_attachment.ebs_csi_driver.policy_arn == "arn:aws:iam::aws:policy/AmazonEBSCSIDriverEKSClusterScopedPolicy"
    error_message = "The policy is the cluster-scoped one."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.ebs_csi_driver_key.policy).Statement : s.Resource == var.volumes_kms_key])
    error_message = "Every key permission names the given key."
  }

  assert {
    condition = [for s in jsondecode(aws_iam_role_policy.ebs_csi_driver_encryption.policy).Statement : [s.Effect, s.Action, s.Condition.Bool["ec2:Encrypted"]]] == [
      ["Deny", "ec2:CreateVolume", "false"],
    ]
    error_message = "A volume that is not encrypted cannot be made, whatever the storage class says."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.ebs_csi_driver_key.policy).Statement[1].Condition.Bool["kms:GrantIsForAWSResource"] == "true"
    error_message = "Grants go to AWS services only."
  }

  assert {
    condition     = jsondecode(aws_iam_role.ebs_csi_driver.assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/eks-cluster-name"] == "fraud-dev"
    error_message = "The role is bound to this cluster."
  }
}

run "tolerations_reach_the_addons_without_empty_parts" {
  command = plan

  variables {
    system_pool = {
      node_selector = { "groundplan/pool" = "system" }
      tolerations   = [{ key = "groundplan/pool", operator = "Exists" }]
    }
  }

  assert {
    condition     = jsonencode(jsondecode(aws_eks_addon.coredns.configuration_values).tolerations) == jsonencode([{ key = "groundplan/pool", operator = "Exists" }])
    error_message = "Attributes that are null are left out."
  }
}

run "refuses_no_selector" {
  command = plan
  variables {
    system_pool = { node_selector = {}, tolerations = [] }
  }
  expect_failures = [var.system_pool]
}

run "refuses_key_alias" {
  command = plan
  variables {
    volumes_kms_key = "alias/mine"
  }
  expect_failures = [var.volumes_kms_key]
}

run "refuses_addon_range" {
  command = plan
  variables {
    addon_versions = { coredns = "1.12" }
  }
  expect_failures = [var.addon_versions]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.ebs_csi_driver.permissions_boundary == var.permissions_boundary
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
