# Requests only: a default limit would kill training pods that never asked for one.
resource "kubernetes_limit_range_v1" "workspace" {
  for_each = var.workspaces

  metadata {
    name      = "defaults"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    limit {
      type = "Container"
      default_request = {
        cpu    = var.default_requests.cpu
        memory = var.default_requests.memory
      }
    }
  }
}

# The last stop before the bill: pods beyond it are refused, so the autoscaler never sees them.
resource "kubernetes_resource_quota_v1" "gpus" {
  for_each = local.gpu_limits

  metadata {
    name      = "gpus"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    hard = { "requests.nvidia.com/gpu" = tostring(each.value) }
  }
}
