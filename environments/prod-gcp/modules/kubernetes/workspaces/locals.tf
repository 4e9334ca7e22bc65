locals {
  service_accounts = merge([
    for namespace, workspace in var.workspaces : {
      for account in workspace.service_accounts : "${namespace}/${account}" => { namespace = namespace, name = account }
    }
  ]...)

  gpu_limits = { for namespace, workspace in var.workspaces : namespace => workspace.max_gpus if workspace.max_gpus != null }
  ingress    = { for namespace, workspace in var.workspaces : namespace => workspace.ingress_from_namespaces if length(workspace.ingress_from_namespaces) > 0 }

  collectors = { for namespace, workspace in var.workspaces : namespace => workspace.metrics_cidr_blocks if length(workspace.metrics_cidr_blocks) > 0 }
}
