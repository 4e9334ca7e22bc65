# A policy that names the direction closes it: what follows is all that pods reach. Policies add up, so one more in the namespace
# opens more, and none closes what this one opens.
resource "kubernetes_network_policy_v1" "egress" {
  for_each = var.workspaces

  metadata {
    name      = "default-egress"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    policy_types = ["Egress"]

    pod_selector {}

    # The workers of one training job, on any port.
    egress {
      to {
        pod_selector {}
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
        for_each = var.egress.resolvers

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

    dynamic "egress" {
      for_each = var.egress.node_services

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

    dynamic "egress" {
      for_each = var.egress.servers

      content {
        to {
          namespace_selector {
            match_labels = { "kubernetes.io/metadata.name" = egress.value.namespace }
          }
        }

        ports {
          port     = egress.value.port
          protocol = "TCP"
        }
      }
    }

    # Buckets, registries, package indexes: their addresses change, and a policy knows no names. Instance metadata never.
    dynamic "egress" {
      for_each = length(local.https) > 0 ? [local.https] : []

      content {
        dynamic "to" {
          for_each = egress.value

          content {
            ip_block {
              cidr   = to.key
              except = to.value
            }
          }
        }

        ports {
          port     = 443
          protocol = "TCP"
        }
      }
    }
  }
}

resource "kubernetes_network_policy_v1" "egress_to" {
  for_each = local.egress_to

  metadata {
    name      = "allow-named-ranges"
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }

  spec {
    policy_types = ["Egress"]

    pod_selector {}

    dynamic "egress" {
      for_each = each.value

      content {
        to {
          ip_block {
            cidr = egress.value.cidr_block
          }
        }

        ports {
          port     = egress.value.port
          protocol = "TCP"
        }
      }
    }
  }
}
