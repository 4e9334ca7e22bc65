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

  # The first release brings the kind ServiceMonitor; without the quota no pod comes.
  depends_on = [
    helm_release.prometheus,
    kubernetes_resource_quota_v1.agents,
  ]
}

locals {
  # GPU nodes as the device plugin's feature discovery marks them, or as GKE does: one of the two labels is there.
  gpu_node_affinity = {
    nodeAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution = {
        nodeSelectorTerms = [
          { matchExpressions = [{ key = "nvidia.com/gpu.present", operator = "In", values = ["true"] }] },
          { matchExpressions = [{ key = "cloud.google.com/gke-accelerator", operator = "Exists" }] },
        ]
      }
    }
  }

  # Root, because the kubelet's socket that tells which pod has which GPU is root's. SYS_ADMIN stays out: it is for profiling
  # counters, which are not collected.
  dcgm_security_context = {
    runAsNonRoot             = false
    runAsUser                = 0
    allowPrivilegeEscalation = false
    capabilities             = { add = [], drop = ["ALL"] }
  }

  # Where no container runtime hands GPUs to a pod that asks for none, the pod takes the driver's files from the node, and their devices,
  # which takes privileges. The driver may be installed after the pod has come, and the exporter looks for it once only.
  # https://github.com/NVIDIA/dcgm-exporter/issues/523
  dcgm_driver_mount = { name = "driver", mountPath = "/usr/local/nvidia", readOnly = true }
  dcgm_driver_values = { for key, value in {
    securityContext   = { privileged = true, runAsNonRoot = false, runAsUser = 0 }
    extraHostVolumes  = [{ name = "driver", hostPath = var.platform.gpu_driver_root }]
    extraVolumeMounts = [local.dcgm_driver_mount]
    extraEnv          = [{ name = "LD_LIBRARY_PATH", value = "/usr/local/nvidia/lib64" }]

    initContainers = [{
      name            = "wait-for-driver"
      image           = var.platform.image
      command         = ["sh", "-c", "until [ -e /usr/local/nvidia/lib64/libnvidia-ml.so.1 ]; do sleep 5; done"]
      volumeMounts    = [local.dcgm_driver_mount]
      securityContext = merge(local.restricted_container, { runAsNonRoot = true, runAsUser = 65534 })
      resources       = { requests = { cpu = "5m", memory = "16Mi" }, limits = { memory = "32Mi" } }
    }]
  } : key => value if var.platform.gpu_driver_root != null }

  dcgm_values = merge({
    affinity          = local.gpu_node_affinity
    tolerations       = [{ operator = "Exists" }] # whatever the nodes are reserved for
    priorityClassName = "system-node-critical"
    securityContext   = local.dcgm_security_context

    # The labels pod, namespace and container are the exporter's own; exported_pod and so on those of who uses the GPU.
    serviceMonitor = { enabled = true, interval = "30s", honorLabels = false }

    resources = {
      requests = { cpu = "50m", memory = "256Mi" }
      limits   = { memory = "512Mi" }
    }
  }, local.dcgm_driver_values)
}
