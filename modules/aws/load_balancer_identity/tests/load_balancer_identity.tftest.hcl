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

run "changes_own_load_balancers_only" {
  command = plan

  assert {
    condition     = { for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s.Sid => s }["ChangeOwn"].Condition.StringEquals["aws:ResourceTag/elbv2.k8s.aws/cluster"] == "fraud-dev"
    error_message = "Only what has this cluster's tag is changed."
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s.Condition.StringEquals["aws:RequestTag/elbv2.k8s.aws/cluster"] == "fraud-dev"
      if contains(["MakeLoadBalancers", "MakeParts", "MakeSecurityGroups", "TagSecurityGroupsMade", "TagWhatIsMade"], s.Sid)
    ])
    error_message = "Nothing is made without this cluster's tag."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : alltrue([for a in flatten([s.Action]) : can(regex(":(Describe|Get|List)", a))]) if s.Resource == "*"])
    error_message = "What is not limited to a resource only reads."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : alltrue([for r in flatten([s.Resource]) : can(regex("^arn:aws:[a-z0-9]+:(us-east-1)?:123456789012:", r))]) if s.Resource != "*"])
    error_message = "Resources are those of this account and region."
  }
}

run "keeps_its_tag" {
  command = plan

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s.Condition["ForAllValues:StringNotEquals"]["aws:TagKeys"][0] == "elbv2.k8s.aws/cluster" && s.Condition.StringEquals["aws:ResourceTag/elbv2.k8s.aws/cluster"] == "fraud-dev"
      if contains(["TagOwn", "TagOwnSecurityGroups"], s.Sid)
    ])
    error_message = "Tags change on own things only, and never the tag that says whose they are."
  }
}

run "opens_own_security_groups_only" {
  command = plan

  assert {
    condition     = { for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s.Sid => s }["LetLoadBalancersReachPods"].Condition.StringEquals["aws:ResourceTag/kubernetes.io/cluster/fraud-dev"] == "owned"
    error_message = "Of the groups it did not make, only the cluster's is opened."
  }

  assert {
    condition = alltrue([
      for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : can(s.Condition.StringEquals)
      if contains(flatten([s.Action]), "ec2:AuthorizeSecurityGroupIngress") && s.Resource == "arn:aws:ec2:us-east-1:123456789012:security-group/*"
    ])
    error_message = "No group is opened without a condition."
  }
}

run "makes_nothing_public" {
  command = plan

  assert {
    condition     = join(",", { for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s.Sid => s }["MakeLoadBalancers"].Condition.StringEquals["elasticloadbalancing:Scheme"]) == "internal"
    error_message = "Public load balancers are refused by default."
  }

  assert {
    condition     = length([for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s if contains(flatten([s.Action]), "elasticloadbalancing:CreateLoadBalancer")]) == 1
    error_message = "No other statement makes load balancers."
  }
}

run "makes_public_ones_when_told" {
  command = plan

  variables {
    schemes = ["internet-facing", "internal"]
  }

  assert {
    condition     = join(",", { for s in jsondecode(aws_iam_role_policy.controller.policy).Statement : s.Sid => s }["MakeLoadBalancers"].Condition.StringEquals["elasticloadbalancing:Scheme"]) == "internal,internet-facing"
    error_message = "Both schemes are allowed when named."
  }
}

run "fits_into_an_inline_policy" {
  command = plan

  variables {
    cluster_name = "a-cluster-with-a-name-as-long-as-allowed"
  }

  assert {
    condition     = length(aws_iam_role_policy.controller.policy) < 10240 && length(aws_iam_role.controller.name) <= 64
    error_message = "IAM takes 10240 characters of inline policies and names of 64."
  }
}

run "bound_to_the_controller" {
  command = plan

  assert {
    condition     = aws_eks_pod_identity_association.controller.namespace == "kube-system" && aws_eks_pod_identity_association.controller.service_account == "aws-load-balancer-controller"
    error_message = "The association names the controller's service account."
  }

  assert {
    condition = jsondecode(aws_iam_role.controller.assume_role_policy).Statement[0].Condition.StringEquals == {
      "aws:SourceAccount"                         = "123456789012"
      "aws:RequestTag/eks-cluster-arn"            = "arn:aws:eks:us-east-1:123456789012:cluster/fraud-dev"
      "aws:RequestTag/kubernetes-namespace"       = "kube-system"
      "aws:RequestTag/kubernetes-service-account" = "aws-load-balancer-controller"
    }
    error_message = "The role is bound to this account, cluster and service account."
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
  variables { service_account = "load_balancer" }
  expect_failures = [var.service_account]
}

run "refuses_unknown_scheme" {
  command = plan
  variables { schemes = ["public"] }
  expect_failures = [var.schemes]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.controller.permissions_boundary == var.permissions_boundary
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
