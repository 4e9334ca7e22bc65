data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_iam_role" "workload" {
  for_each = var.identities

  name                 = "${var.cluster_name}-${each.key}-workload"
  description          = "Pods of ${each.value.namespace}/${each.value.service_account} in ${var.cluster_name}"
  permissions_boundary = var.permissions_boundary

  # The conditions are session tags that EKS sets: another association in the account cannot use the role.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = local.account_id
          "aws:RequestTag/eks-cluster-arn"            = local.cluster_arn
          "aws:RequestTag/kubernetes-namespace"       = each.value.namespace
          "aws:RequestTag/kubernetes-service-account" = each.value.service_account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "workload" {
  for_each = local.related

  name   = "relations"
  role   = aws_iam_role.workload[each.key].id
  policy = local.inline_policies[each.key]

  lifecycle {
    precondition {
      condition     = length(local.inline_policies[each.key]) <= local.inline_policy_characters
      error_message = "identities: the policy of ${each.key} has ${length(local.inline_policies[each.key])} characters, of which IAM takes ${local.inline_policy_characters}; give it fewer secrets."
    }
  }
}

resource "aws_iam_policy" "workload" {
  for_each = local.attached

  name        = "${var.cluster_name}-${each.key}-workload"
  description = "Further buckets of ${each.value.identity} in ${var.cluster_name}"
  policy      = local.attached_policies[each.key]

  lifecycle {
    precondition {
      condition     = length(local.attached_policies[each.key]) <= local.managed_policy_characters
      error_message = "identities: a policy of ${each.value.identity} has ${length(local.attached_policies[each.key])} characters, of which IAM takes ${local.managed_policy_characters}; give it fewer buckets, or kms_key without a long name."
    }
  }
}

resource "aws_iam_role_policy_attachment" "workload" {
  for_each = local.attached

  role       = aws_iam_role.workload[each.value.identity].name
  policy_arn = aws_iam_policy.workload[each.key].arn
}

resource "aws_eks_pod_identity_association" "workload" {
  for_each = var.identities

  cluster_name    = var.cluster_name
  namespace       = each.value.namespace
  service_account = each.value.service_account
  role_arn        = aws_iam_role.workload[each.key].arn
}
