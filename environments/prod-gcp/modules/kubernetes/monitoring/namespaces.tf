# Servers: the strictest level, which every pod of the three charts but the node agents meets.
resource "kubernetes_namespace_v1" "servers" {
  metadata {
    name = var.namespace

    labels = {
      "pod-security.kubernetes.io/enforce" = "restricted"
      "pod-security.kubernetes.io/audit"   = "restricted"
      "pod-security.kubernetes.io/warn"    = "restricted"
    }
  }
}

# Node exporter sees the host's processes, network and file systems; the DCGM exporter its GPUs. That takes the level privileged,
# so they live apart from everything that talks to people.
resource "kubernetes_namespace_v1" "agents" {
  metadata {
    name = "${var.namespace}-agents"

    labels = {
      "pod-security.kubernetes.io/enforce" = "privileged"
      "pod-security.kubernetes.io/audit"   = "baseline"
    }
  }
}

# Some clusters, GKE's among them, let pods of the highest priorities into a namespace only when a quota names them.
# https://kubernetes.io/docs/concepts/policy/resource-quotas/#limit-priority-class-consumption-by-default
resource "kubernetes_resource_quota_v1" "agents" {
  metadata {
    name      = "critical-pods"
    namespace = kubernetes_namespace_v1.agents.metadata[0].name
  }

  spec {
    hard = { pods = "20000" } # two on each node of the largest cluster

    scope_selector {
      match_expression {
        scope_name = "PriorityClass"
        operator   = "In"
        values     = ["system-node-critical"]
      }
    }
  }
}

# Evicted after workloads, before what keeps the cluster itself alive.
resource "kubernetes_priority_class_v1" "monitoring" {
  metadata {
    name = var.namespace
  }

  description = "Monitoring survives the pressure it has to report."
  value       = 1000000
}
