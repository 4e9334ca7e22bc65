# The call shown in README.md.
variables {
  name               = "fraud-dev"
  kubernetes_version = "1.35"
  network = {
    private_subnet_ids = ["subnet-0a1", "subnet-0b2"]
  }
  secrets_kms_key = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000001"
  logs = {
    retention_days = 365
    kms_key        = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000002"
  }
  admin_role_arns = ["arn:aws:iam::123456789012:role/platform-admin"]
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
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

override_data {
  target = data.aws_eks_addon_version.default
  values = { version = "v1.35.3-eksbuild.2" }
}

run "addons_follow_the_kubernetes_version" {
  command = plan

  variables {
    addon_versions = { vpc_cni = "v1.20.4-eksbuild.2" }
  }

  assert {
    condition     = keys(data.aws_eks_addon_version.default) == ["eks-pod-identity-agent", "kube-proxy"] && alltrue([for v in data.aws_eks_addon_version.default : v.kubernetes_version == var.kubernetes_version])
    error_message = "What is not pinned is asked for, for the cluster's own version."
  }

  assert {
    condition     = aws_eks_addon.kube_proxy.addon_version == "v1.35.3-eksbuild.2" && aws_eks_addon.pod_identity_agent.addon_version == "v1.35.3-eksbuild.2" && aws_eks_addon.vpc_cni.addon_version == "v1.20.4-eksbuild.2"
    error_message = "Each add-on has the version that EKS takes by default, or the pinned one."
  }
}

run "refuses_kube_proxy_newer_than_the_control_plane" {
  command = plan
  variables {
    addon_versions = { kube_proxy = "v1.36.1-eksbuild.1" }
  }
  expect_failures = [var.addon_versions]
}

run "takes_kube_proxy_of_three_minor_versions_before" {
  command = plan
  variables {
    addon_versions = { kube_proxy = "v1.32.9-eksbuild.1" }
  }
}

run "private_by_default" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_private_access && !aws_eks_cluster.this.vpc_config[0].endpoint_public_access
    error_message = "The private endpoint is on and the public one is off."
  }

  assert {
    condition     = aws_eks_cluster.this.enabled_cluster_log_types == toset(["api", "audit", "authenticator", "controllerManager", "scheduler"])
    error_message = "All five control-plane logs are on."
  }

  assert {
    condition     = aws_eks_cluster.this.encryption_config[0].provider[0].key_arn == var.secrets_kms_key && contains(aws_eks_cluster.this.encryption_config[0].resources, "secrets")
    error_message = "Secrets are encrypted with the given key."
  }

  assert {
    condition     = aws_eks_cluster.this.deletion_protection && aws_eks_cluster.this.upgrade_policy[0].support_type == "STANDARD"
    error_message = "Deletion protection and standard support are the defaults."
  }

  assert {
    condition     = aws_cloudwatch_log_group.control_plane.name == "/aws/eks/fraud-dev/cluster" && aws_cloudwatch_log_group.control_plane.retention_in_days == 365
    error_message = "The log group has the name EKS writes to."
  }

  assert {
    condition     = length(aws_vpc_security_group_ingress_rule.private_endpoint) == 0
    error_message = "Only nodes reach the private endpoint by default."
  }
}

run "access_is_by_access_entries" {
  command = plan

  assert {
    condition     = aws_eks_cluster.this.access_config[0].authentication_mode == "API"
    error_message = "aws-auth is not used."
  }

  assert {
    condition     = keys(aws_eks_access_policy_association.admin) == ["arn:aws:iam::123456789012:role/platform-admin"]
    error_message = "Each admin role has its policy association."
  }

  assert {
    condition     = aws_eks_access_policy_association.admin["arn:aws:iam::123456789012:role/platform-admin"].policy_arn == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    error_message = "The association names the cluster admin policy."
  }
}

run "roles_trust_this_cluster_only" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role.control_plane.assume_role_policy).Statement[0].Condition.ArnEquals["aws:SourceArn"] == "arn:aws:eks:us-east-1:123456789012:cluster/fraud-dev"
    error_message = "The control-plane role is bound to this cluster."
  }

  assert {
    condition     = jsondecode(aws_iam_role.vpc_cni.assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == "aws-node"
    error_message = "The network plugin's role is bound to its service account."
  }

  assert {
    condition = jsondecode(aws_eks_addon.vpc_cni.configuration_values).env == {
      ENABLE_PREFIX_DELEGATION = "true"
      MINIMUM_IP_TARGET        = "16"
      WARM_IP_TARGET           = "4"
    }
    error_message = "pods get addresses by prefixes, as the address plan counts on"
  }

  assert {
    condition     = jsondecode(aws_eks_addon.vpc_cni.configuration_values).enableNetworkPolicy == "true"
    error_message = "Network policies are enforced."
  }
}

run "public_endpoint_for_named_ranges" {
  command = plan

  variables {
    public_endpoint_cidrs  = ["203.0.113.0/24"]
    private_endpoint_cidrs = ["10.20.0.0/16"]
  }

  assert {
    condition     = aws_eks_cluster.this.vpc_config[0].endpoint_public_access && aws_eks_cluster.this.vpc_config[0].public_access_cidrs == toset(["203.0.113.0/24"])
    error_message = "The public endpoint is open to the named range and no other."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.private_endpoint["10.20.0.0/16"].from_port == 443
    error_message = "The private endpoint is open to the named range."
  }
}

run "refuses_bad_name" {
  command = plan
  variables {
    name = "Fraud_Dev"
  }
  expect_failures = [var.name]
}

run "refuses_old_kubernetes" {
  command = plan
  variables {
    kubernetes_version = "1.29"
  }
  expect_failures = [var.kubernetes_version]
}

run "refuses_one_subnet" {
  command = plan
  variables {
    network = { private_subnet_ids = ["subnet-0a1"] }
  }
  expect_failures = [var.network]
}

run "refuses_key_alias" {
  command = plan
  variables {
    secrets_kms_key = "arn:aws:kms:us-east-1:123456789012:alias/mine"
  }
  expect_failures = [var.secrets_kms_key]
}

run "refuses_odd_retention" {
  command = plan
  variables {
    logs = {
      retention_days = 100
      kms_key        = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000002"
    }
  }
  expect_failures = [var.logs]
}

run "refuses_log_key_alias" {
  command = plan
  variables {
    logs = { kms_key = "alias/mine" }
  }
  expect_failures = [var.logs]
}

run "refuses_public_text" {
  command = plan
  variables {
    public_endpoint_cidrs = ["office"]
  }
  expect_failures = [var.public_endpoint_cidrs]
}

run "refuses_open_internet" {
  command = plan
  variables {
    public_endpoint_cidrs = ["0.0.0.0/0"]
  }
  expect_failures = [var.public_endpoint_cidrs]
}

run "refuses_41_ranges" {
  command = plan
  variables {
    public_endpoint_cidrs = [for n in range(41) : "203.0.113.${n}/32"]
  }
  expect_failures = [var.public_endpoint_cidrs]
}

run "refuses_public_range_as_private" {
  command = plan
  variables {
    private_endpoint_cidrs = ["203.0.113.0/24"]
  }
  expect_failures = [var.private_endpoint_cidrs]
}

run "refuses_more_private_ranges_than_rules" {
  command = plan
  variables {
    private_endpoint_cidrs = [for n in range(51) : "10.${n}.0.0/16"]
  }
  expect_failures = [var.private_endpoint_cidrs]
}

run "refuses_user_as_admin" {
  command = plan
  variables {
    admin_role_arns = ["arn:aws:iam::123456789012:user/anna"]
  }
  expect_failures = [var.admin_role_arns]
}

run "everybody_by_name" {
  command = plan
  variables {
    access = {
      creator_administers = false
      group_role_arns     = { "groundplan:drift" = "arn:aws:iam::123456789012:role/fraud-dev-ci-drift" }
    }
  }

  assert {
    condition     = aws_eks_cluster.this.access_config[0].bootstrap_cluster_creator_admin_permissions == false && keys(aws_eks_access_policy_association.admin) == ["arn:aws:iam::123456789012:role/platform-admin"]
    error_message = "Who makes the cluster is an administrator where it is named."
  }

  assert {
    condition     = aws_eks_access_entry.group["groundplan:drift"].principal_arn == "arn:aws:iam::123456789012:role/fraud-dev-ci-drift" && aws_eks_access_entry.group["groundplan:drift"].kubernetes_groups == toset(["groundplan:drift"])
    error_message = "A role is in its group, and has no policy."
  }
}

run "refuses_cluster_without_administrator" {
  command = plan
  variables {
    admin_role_arns = []
    access          = { creator_administers = false }
  }
  expect_failures = [var.access]
}

run "refuses_group_of_eks" {
  command = plan
  variables {
    access = { group_role_arns = { "system:masters" = "arn:aws:iam::123456789012:role/fraud-dev-ci-drift" } }
  }
  expect_failures = [var.access]
}

run "refuses_administrator_in_group" {
  command = plan
  variables {
    access = { group_role_arns = { "groundplan:drift" = "arn:aws:iam::123456789012:role/platform-admin" } }
  }
  expect_failures = [var.access]
}

run "refuses_addon_range" {
  command = plan
  variables {
    addon_versions = { vpc_cni = "latest" }
  }
  expect_failures = [var.addon_versions]
}

run "extended_support_is_a_choice" {
  command = plan

  variables {
    kubernetes_version = "1.33"
    extended_support   = true
  }

  assert {
    condition     = aws_eks_cluster.this.upgrade_policy[0].support_type == "EXTENDED"
    error_message = "the cluster should stay on a version past standard support"
  }
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.control_plane.permissions_boundary == var.permissions_boundary && aws_iam_role.vpc_cni.permissions_boundary == var.permissions_boundary
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
