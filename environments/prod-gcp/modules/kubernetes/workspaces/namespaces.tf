resource "kubernetes_namespace_v1" "workspace" {
  for_each = var.workspaces

  metadata {
    name = each.key

    # GPU pods need nothing that baseline forbids: the device plugin hands devices in. restricted only warns
    # by default, because many training images run as root.
    labels = merge(each.value.labels, {
      "pod-security.kubernetes.io/enforce" = each.value.pod_security
      "pod-security.kubernetes.io/audit"   = "restricted"
      "pod-security.kubernetes.io/warn"    = "restricted"
    })
  }
}

# Workloads read buckets with pod identity, whose token is another one; none needs the Kubernetes API.
resource "kubernetes_service_account_v1" "workload" {
  for_each = local.service_accounts

  automount_service_account_token = false

  metadata {
    name      = each.value.name
    namespace = kubernetes_namespace_v1.workspace[each.value.namespace].metadata[0].name
  }
}

# Kubernetes makes this account; here it only loses its token, for pods that name no account.
resource "kubernetes_default_service_account_v1" "workspace" {
  for_each = var.workspaces

  automount_service_account_token = false

  metadata {
    namespace = kubernetes_namespace_v1.workspace[each.key].metadata[0].name
  }
}
