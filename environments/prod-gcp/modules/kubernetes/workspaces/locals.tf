locals {
  service_accounts = merge([
    for namespace, workspace in var.workspaces : {
      for account in workspace.service_accounts : "${namespace}/${account}" => { namespace = namespace, name = account }
    }
  ]...)

  egress_to = { for namespace, workspace in var.workspaces : namespace => workspace.egress_to if length(workspace.egress_to) > 0 }

  # Ranges, and what is left out of each.
  https = var.egress.https_cidr_blocks == null ? { "0.0.0.0/0" = ["169.254.0.0/16"] } : { for cidr in var.egress.https_cidr_blocks : cidr => [] }

  gpu_limits = { for namespace, workspace in var.workspaces : namespace => workspace.max_gpus if workspace.max_gpus != null }
  ingress    = { for namespace, workspace in var.workspaces : namespace => workspace.ingress_from_namespaces if length(workspace.ingress_from_namespaces) > 0 }

  collectors = { for namespace, workspace in var.workspaces : namespace => workspace.metrics_cidr_blocks if length(workspace.metrics_cidr_blocks) > 0 }
}
