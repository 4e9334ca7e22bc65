resource "kubernetes_network_policy_v1" "default_deny" {
  metadata {
    name      = "default-deny"
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  spec {
    policy_types = ["Ingress", "Egress"]

    pod_selector {}
  }
}

resource "kubernetes_network_policy_v1" "server" {
  metadata {
    name      = "mlflow"
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  spec {
    policy_types = ["Ingress", "Egress"]

    pod_selector {
      match_labels = local.selector
    }

    dynamic "ingress" {
      for_each = length(var.clients.namespaces) + length(local.client_cidr_blocks) > 0 ? ["clients"] : []

      content {
        dynamic "from" {
          for_each = length(var.clients.namespaces) > 0 ? [var.clients.namespaces] : []

          content {
            namespace_selector {
              match_expressions {
                key      = "kubernetes.io/metadata.name"
                operator = "In"
                values   = from.value
              }
            }
          }
        }

        dynamic "from" {
          for_each = local.client_cidr_blocks

          content {
            ip_block {
              cidr = from.value
            }
          }
        }

        ports {
          port     = local.port
          protocol = "TCP"
        }
      }
    }

    ingress {
      from {
        namespace_selector {
          match_labels = { "kubernetes.io/metadata.name" = var.clients.monitoring_namespace }
        }
      }

      dynamic "from" {
        for_each = var.clients.metrics_cidr_blocks

        content {
          ip_block {
            cidr = from.value
          }
        }
      }

      ports {
        port     = local.metrics_port
        protocol = "TCP"
      }
    }

    egress {
      to {
        namespace_selector {
          match_labels = { "kubernetes.io/metadata.name" = "kube-system" }
        }

        # GKE's dataplane hands requests for the one to the other, on the pod's own node, and asks the policy about that one.
        pod_selector {
          match_expressions {
            key      = "k8s-app"
            operator = "In"
            values   = ["kube-dns", "node-local-dns"]
          }
        }
      }

      # Resolvers on the node, which are no pods of the network.
      dynamic "to" {
        for_each = local.dns_cidr_blocks

        content {
          ip_block {
            cidr = to.value
          }
        }
      }

      ports {
        port     = 53
        protocol = "UDP"
      }

      ports {
        port     = 53
        protocol = "TCP"
      }
    }

    egress {
      dynamic "to" {
        for_each = var.database.cidr_blocks

        content {
          ip_block {
            cidr = to.value
          }
        }
      }

      ports {
        port     = var.database.port
        protocol = "TCP"
      }
    }

    # Who gives pods their identity, on the node itself.
    dynamic "egress" {
      for_each = local.identity_agents

      content {
        to {
          ip_block {
            cidr = egress.key
          }
        }

        ports {
          port     = egress.value
          protocol = "TCP"
        }
      }
    }

    # The bucket and the secret: their addresses change, through endpoints of the network too.
    egress {
      to {
        ip_block {
          cidr   = "0.0.0.0/0"
          except = ["169.254.0.0/16"]
        }
      }

      ports {
        port     = 443
        protocol = "TCP"
      }
    }
  }
}
