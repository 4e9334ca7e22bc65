resource "helm_release" "pushgateway" {
  name       = "prometheus-pushgateway"
  namespace  = kubernetes_namespace_v1.servers.metadata[0].name
  repository = "https://prometheus-community.github.io/helm-charts"
  chart      = "prometheus-pushgateway"
  version    = var.chart_versions.prometheus_pushgateway

  values = [yamlencode(local.pushgateway_values)]

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5

  # The first release brings the kind ServiceMonitor.
  depends_on = [helm_release.prometheus]
}

locals {
  pushgateway_values = merge(local.placement, {
    fullnameOverride = "pushgateway"

    # What jobs pushed outlives a restart: a job that ended last night must not look as if it never ran.
    extraArgs = ["--persistence.file=/data/pushgateway.data", "--persistence.interval=5m"]
    persistentVolume = {
      enabled      = true
      size         = "1Gi"
      storageClass = var.storage.class
    }

    # The labels job and instance are the pushing job's.
    serviceMonitor = { enabled = true, namespace = kubernetes_namespace_v1.servers.metadata[0].name, honorLabels = true }

    automountServiceAccountToken = false # it asks the cluster for nothing

    securityContext          = merge(local.restricted_pod, { runAsUser = 65534, fsGroup = 65534 })
    containerSecurityContext = local.restricted_container

    resources = {
      requests = { cpu = "10m", memory = "64Mi" }
      limits   = { memory = "128Mi" }
    }
  })
}
