resource "helm_release" "dcgm" {
  count = var.gpu ? 1 : 0

  name       = "dcgm-exporter"
  namespace  = kubernetes_namespace_v1.agents.metadata[0].name
  repository = "https://nvidia.github.io/dcgm-exporter/helm-charts"
  chart      = "dcgm-exporter"
  version    = var.chart_versions.dcgm_exporter

  values = [yamlencode(local.dcgm_values)]

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5

  # The first release brings the kind ServiceMonitor.
  depends_on = [helm_release.prometheus]
}

locals {
  dcgm_values = {
    # Every node with GPUs, whatever it is reserved for.
    nodeSelector      = { "nvidia.com/gpu.present" = "true" }
    tolerations       = [{ operator = "Exists" }]
    priorityClassName = "system-node-critical"

    # Root, because the kubelet's socket that tells which pod has which GPU is root's. SYS_ADMIN stays out: it is for profiling
    # counters, which are not collected.
    securityContext = {
      runAsNonRoot             = false
      runAsUser                = 0
      allowPrivilegeEscalation = false
      capabilities             = { add = [], drop = ["ALL"] }
    }

    # The labels pod, namespace and container are the exporter's own; exported_pod and so on those of who uses the GPU.
    serviceMonitor = { enabled = true, interval = "30s", honorLabels = false }

    resources = {
      requests = { cpu = "50m", memory = "256Mi" }
      limits   = { memory = "512Mi" }
    }
  }
}
