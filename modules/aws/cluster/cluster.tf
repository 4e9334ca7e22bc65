data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# EKS writes to this name whether the group exists or not. Made first, it has our retention and key;
# made by EKS, it would keep logs for ever, without our key, and stay behind after a destroy.
resource "aws_cloudwatch_log_group" "control_plane" {
  #checkov:skip=CKV_AWS_338:GP918 reports a planned retention of less than a year, which is the default
  name              = local.log_group_name
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.logs.kms_key
}

resource "aws_eks_cluster" "this" {
  #checkov:skip=CKV_AWS_39:GP911 judges the planned ranges, GP902 everyone; there is no public endpoint unless ranges are named
  #checkov:skip=CKV_AWS_339:The check's list of versions ends before those EKS offers today; kubernetes_version has a validation of its own.
  name     = var.name
  version  = var.kubernetes_version
  role_arn = aws_iam_role.control_plane.arn

  deletion_protection = var.deletion_protection

  # The add-ons below replace the self-managed copies EKS would install and then never update.
  bootstrap_self_managed_addons = false

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]

  access_config {
    # Access entries only: the aws-auth ConfigMap can lock everybody out and is not in any plan.
    authentication_mode = "API"
    # Whoever makes the cluster also installs the platform on it, unless all who do are named: without this the creator needs
    # an access entry of its own, and a module cannot tell the role behind an assumed-role session in all cases.
    bootstrap_cluster_creator_admin_permissions = var.access.creator_administers
  }

  encryption_config {
    resources = ["secrets"]

    # No policy on the cluster role: EKS makes its own grant on the key, with the caller's kms:CreateGrant.
    # The key policy may not tie that to kms:GrantIsForAWSResource.
    # https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    provider {
      key_arn = var.secrets_kms_key
    }
  }

  # Extended support is six times the price; with STANDARD, EKS upgrades a forgotten cluster instead, and
  # refuses to make one of a version that is already in extended support.
  upgrade_policy {
    support_type = var.extended_support ? "EXTENDED" : "STANDARD"
  }

  lifecycle {
    # EKS asks once, when the cluster is made, and another answer later would replace it.
    ignore_changes = [access_config[0].bootstrap_cluster_creator_admin_permissions]
  }

  vpc_config {
    subnet_ids              = var.network.private_subnet_ids
    endpoint_private_access = true
    endpoint_public_access  = length(var.public_endpoint_cidrs) > 0
    # Set whenever the endpoint is on: EKS reads an absent list as 0.0.0.0/0.
    public_access_cidrs = length(var.public_endpoint_cidrs) > 0 ? var.public_endpoint_cidrs : null
  }

  depends_on = [
    aws_cloudwatch_log_group.control_plane,
    aws_iam_role_policy_attachment.control_plane,
  ]
}
