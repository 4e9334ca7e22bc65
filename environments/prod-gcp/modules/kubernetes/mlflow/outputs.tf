output "mlflow" {
  description = "Where the server is: cluster_url for pods, url for people (null without an Ingress that has a host), and where its metrics are."
  value = {
    namespace       = kubernetes_namespace_v1.mlflow.metadata[0].name
    service_account = kubernetes_service_account_v1.mlflow.metadata[0].name
    service         = kubernetes_service_v1.mlflow.metadata[0].name
    port            = local.port
    metrics_port    = local.metrics_port
    cluster_url     = local.cluster_url
    url             = var.ingress == null ? null : var.ingress.host == null ? null : local.origin
    image           = var.image
  }

  depends_on = [
    helm_release.backend_config,
    kubernetes_deployment_v1.mlflow,
    kubernetes_horizontal_pod_autoscaler_v2.mlflow,
    kubernetes_ingress_v1.mlflow,
    kubernetes_network_policy_v1.default_deny,
    kubernetes_network_policy_v1.server,
    kubernetes_pod_disruption_budget_v1.mlflow,
  ]
}
