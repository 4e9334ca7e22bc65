resource "kubernetes_network_policy_v1" "default_deny_ingress" {
  for_each = var.workspaces

  metadata {
    name      = "default-deny-ingress"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {}
  }
}

# The workers of one training job talk to each other.
resource "kubernetes_network_policy_v1" "same_namespace" {
  for_each = var.workspaces

  metadata {
    name      = "allow-same-namespace"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {}

    ingress {
      from {
        pod_selector {}
      }
    }
  }
}

resource "kubernetes_network_policy_v1" "named_namespaces" {
  for_each = local.ingress

  metadata {
    name      = "allow-named-namespaces"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {}

    ingress {
      from {
        namespace_selector {
          match_expressions {
            key      = "kubernetes.io/metadata.name"
            operator = "In"
            values   = each.value
          }
        }
      }
    }
  }
}

resource "kubernetes_network_policy_v1" "collectors" {
  for_each = local.collectors

  metadata {
    name      = "allow-collectors"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {}

    ingress {
      ports {
        port     = "metrics"
        protocol = "TCP"
      }

      dynamic "from" {
        for_each = each.value

        content {
          ip_block {
            cidr = from.value
          }
        }
      }
    }
  }
}
