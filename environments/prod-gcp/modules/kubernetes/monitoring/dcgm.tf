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

  # The heap stays below the limit, with room for the 50 to 75 MiB that NVIDIA's library takes outside it, and few threads allocate at
  # once: by default as many as the node has CPUs, 192 where there are eight GPUs.
  # https://github.com/pytorch/ci-infra/issues/1011, https://github.com/pytorch/ci-infra/pull/1018
  dcgm_limit_mib = 1024
  dcgm_environment = [
    { name = "GOMEMLIMIT", value = "${floor(local.dcgm_limit_mib * 0.75)}MiB" },
    { name = "GOMAXPROCS", value = "2" },
  ]

  # Where no container runtime hands GPUs to a pod that asks for none, the pod takes the driver's files from the node, and their devices,
  # which takes privileges. The driver may be installed after the pod has come, and the exporter looks for it once only.
  # https://github.com/NVIDIA/dcgm-exporter/issues/523
  dcgm_driver_mount = { name = "driver", mountPath = "/usr/local/nvidia", readOnly = true }
  dcgm_driver_values = { for key, value in {
    securityContext   = { privileged = true, runAsNonRoot = false, runAsUser = 0 }
    extraHostVolumes  = [{ name = "driver", hostPath = var.platform.gpu_driver_root }]
    extraVolumeMounts = [local.dcgm_driver_mount]
    extraEnv          = concat(local.dcgm_environment, [{ name = "LD_LIBRARY_PATH", value = "/usr/local/nvidia/lib64" }])

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

    extraEnv = local.dcgm_environment

    # What it takes at rest, 400 to 500 MiB on any node, is asked for; 512 MiB as the limit killed it on every second node of eight GPUs.
    # https://github.com/NVIDIA/dcgm-exporter/issues/609
    resources = {
      requests = { cpu = "50m", memory = "512Mi" }
      limits   = { memory = "${local.dcgm_limit_mib}Mi" }
    }
  }, local.dcgm_driver_values)
}
