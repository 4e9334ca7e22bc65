locals {
  namespaces = {
    servers = kubernetes_namespace_v1.servers.metadata[0].name
    agents  = kubernetes_namespace_v1.agents.metadata[0].name
  }

  priority_class = kubernetes_priority_class_v1.monitoring.metadata[0].name
  webhook_labels = { "groundplan/webhook" = "prometheus-operator" }

  # Where every server runs.
  placement = {
    nodeSelector      = var.system_pool.node_selector
    tolerations       = [for t in var.system_pool.tolerations : { for k, v in t : k => v if v != null }]
    priorityClassName = local.priority_class
  }

  # What the Pod Security level restricted asks of a pod and of its containers.
  restricted_pod = {
    runAsNonRoot   = true
    seccompProfile = { type = "RuntimeDefault" }
  }
  restricted_container = {
    allowPrivilegeEscalation = false
    readOnlyRootFilesystem   = true
    capabilities             = { drop = ["ALL"] }
  }

  # Files that concern a part of the cluster which is not there are left out, rules and dashboards alike.
  parts = {
    cost    = length(var.cost.node_usd_per_hour) > 0
    gpu     = var.gpu
    mlflow  = var.mlflow
    pending = !var.platform.autoscaler
  }
}
