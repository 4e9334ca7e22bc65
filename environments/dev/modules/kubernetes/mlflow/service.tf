resource "kubernetes_service_v1" "mlflow" {
  metadata {
    name      = local.name
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  spec {
    type     = "ClusterIP"
    selector = local.selector

    port {
      name         = "http"
      port         = local.port
      target_port  = "http"
      protocol     = "TCP"
      app_protocol = "http"
    }

    port {
      name         = "metrics"
      port         = local.metrics_port
      target_port  = "metrics"
      protocol     = "TCP"
      app_protocol = "http"
    }
  }
}

resource "kubernetes_ingress_v1" "mlflow" {
  count = var.ingress == null ? 0 : 1

  metadata {
    name        = local.name
    namespace   = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels      = local.labels
    annotations = local.ingress_annotations
  }

  spec {
    ingress_class_name = var.ingress.class_name

    rule {
      host = var.ingress.host

      http {
        path {
          path      = "/"
          path_type = "Prefix"

          backend {
            service {
              name = kubernetes_service_v1.mlflow.metadata[0].name

              port {
                name = "http"
              }
            }
          }
        }
      }
    }

    dynamic "tls" {
      for_each = var.ingress.tls_secret_name == null ? [] : [var.ingress.tls_secret_name]

      content {
        hosts       = [var.ingress.host]
        secret_name = tls.value
      }
    }
  }
}
