resource "kubernetes_horizontal_pod_autoscaler_v2" "mlflow" {
  metadata {
    name      = local.name
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  spec {
    min_replicas = var.replicas.min
    max_replicas = var.replicas.max

    scale_target_ref {
      api_version = "apps/v1"
      kind        = "Deployment"
      name        = kubernetes_deployment_v1.mlflow.metadata[0].name
    }

    metric {
      type = "ContainerResource"

      container_resource {
        container = "server"
        name      = "cpu"

        target {
          type                = "Utilization"
          average_utilization = 70
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "mlflow" {
  metadata {
    name      = local.name
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  spec {
    max_unavailable = "1"

    selector {
      match_labels = local.selector
    }
  }
}
