# The call shown in README.md.
variables {
  cluster_name = "fraud-dev"
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

run "scales_own_groups_only" {
  command = plan

  assert {
    condition     = jsondecode(aws_iam_role_policy.autoscaler.policy).Statement[2].Condition.StringEquals["aws:ResourceTag/k8s.io/cluster-autoscaler/fraud-dev"] == "owned"
    error_message = "Only groups with this cluster's tag are changed."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.autoscaler.policy).Statement[1].Resource == "arn:aws:eks:us-east-1:123456789012:nodegroup/fraud-dev/*/*"
    error_message = "Only this cluster's node groups are read."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.autoscaler.policy).Statement : alltrue([for a in flatten([s.Action]) : can(regex(":(Describe|Get)", a))]) if s.Resource == "*"])
    error_message = "What is not limited to a resource only reads."
  }
}

run "bound_to_the_autoscaler" {
  command = plan

  assert {
    condition     = aws_eks_pod_identity_association.autoscaler.namespace == "kube-system" && aws_eks_pod_identity_association.autoscaler.service_account == "cluster-autoscaler"
    error_message = "The association names the autoscaler's service account."
  }

  assert {
    condition     = jsondecode(aws_iam_role.autoscaler.assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/eks-cluster-arn"] == "arn:aws:eks:us-east-1:123456789012:cluster/fraud-dev"
    error_message = "The role is bound to this cluster."
  }
}

run "refuses_bad_cluster_name" {
  command = plan
  variables { cluster_name = "Fraud Dev" }
  expect_failures = [var.cluster_name]
}

run "refuses_bad_namespace" {
  command = plan
  variables { namespace = "Kube System" }
  expect_failures = [var.namespace]
}

run "refuses_bad_service_account" {
  command = plan
  variables { service_account = "cluster_autoscaler" }
  expect_failures = [var.service_account]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.autoscaler.permissions_boundary == var.permissions_boundary
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
