resource "kubernetes_service_v1" "mlflow" {
  metadata {
    name      = local.name
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels

    annotations = local.gce ? local.gce_service_annotations : {}
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

  lifecycle {
    # Written by GKE: which endpoint groups there are.
    ignore_changes = [metadata[0].annotations["cloud.google.com/neg-status"]]
  }
}

# A BackendConfig is GKE's own kind, which Terraform can only plan when the cluster is there already; a chart needs nothing before its apply.
resource "helm_release" "backend_config" {
  count = local.gce ? 1 : 0

  name      = "mlflow-backend-config"
  namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
  chart     = "${path.module}/backend_config"

  values = [yamlencode({
    name   = local.name
    labels = local.labels
    spec = {
      # Of a whole request, not of its silence: the default of 30 seconds would cut large artifacts off.
      timeoutSec         = 3600
      connectionDraining = { drainingTimeoutSec = 60 }
      healthCheck        = { type = "HTTP", requestPath = "/health", port = local.port, checkIntervalSec = 10, timeoutSec = 5 }
      logging            = { enable = true, sampleRate = 1 }
    }
  })]
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
    # GKE goes by the annotation, and Kubernetes takes one of the two.
    ingress_class_name = local.gce ? null : var.ingress.class_name

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

  # GKE looks at the pods and the BackendConfig when it makes the load balancer.
  depends_on = [helm_release.backend_config, kubernetes_deployment_v1.mlflow]
}
