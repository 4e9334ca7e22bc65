resource "kubernetes_network_policy_v1" "default_deny_ingress" {
  for_each = local.namespaces

  metadata {
    name      = "default-deny-ingress"
    namespace = each.value
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {}
  }
}

# Prometheus scrapes, Grafana asks Prometheus, Alertmanagers talk to each other.
resource "kubernetes_network_policy_v1" "from_servers" {
  for_each = local.namespaces

  metadata {
    name      = "allow-${var.namespace}"
    namespace = each.value
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {}

    ingress {
      from {
        namespace_selector {
          match_labels = { "kubernetes.io/metadata.name" = var.namespace }
        }
      }
    }
  }

  depends_on = [kubernetes_namespace_v1.servers]
}

resource "kubernetes_network_policy_v1" "push" {
  count = length(var.workload_namespaces) > 0 ? 1 : 0

  metadata {
    name      = "allow-push"
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {
      match_labels = { "app.kubernetes.io/name" = "prometheus-pushgateway" }
    }

    ingress {
      from {
        namespace_selector {
          match_expressions {
            key      = "kubernetes.io/metadata.name"
            operator = "In"
            values   = var.workload_namespaces
          }
        }
      }

      ports {
        port     = "9091"
        protocol = "TCP"
      }
    }
  }
}

# The API server asks the operator whether a rule is well-formed. Its addresses are the control plane's, which no selector names.
resource "kubernetes_network_policy_v1" "webhook" {
  metadata {
    name      = "allow-webhook"
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
  }

  spec {
    policy_types = ["Ingress"]

    pod_selector {
      match_labels = local.webhook_labels
    }

    ingress {
      ports {
        port     = "10250"
        protocol = "TCP"
      }
    }
  }
}
