resource "kubernetes_namespace_v1" "mlflow" {
  metadata {
    name = var.identity.namespace

    labels = merge(local.labels, {
      "pod-security.kubernetes.io/enforce" = "restricted"
      "pod-security.kubernetes.io/audit"   = "restricted"
      "pod-security.kubernetes.io/warn"    = "restricted"
    })
  }
}

# Identity comes another way: on EKS from a token of its own (audience pods.eks.amazonaws.com), on GKE from the metadata server.
resource "kubernetes_service_account_v1" "mlflow" {
  automount_service_account_token = false

  metadata {
    name      = var.identity.service_account
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }
}

# Kubernetes makes this account; here it only loses its token.
resource "kubernetes_default_service_account_v1" "mlflow" {
  automount_service_account_token = false

  metadata {
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
  }
}
