resource "helm_release" "device_plugin" {
  name       = "nvidia-device-plugin"
  namespace  = var.namespace
  repository = "https://nvidia.github.io/k8s-device-plugin"
  chart      = "nvidia-device-plugin"
  version    = var.chart_version

  # Driver and container toolkit are in the node image; the plugin is not.
  values = concat([yamlencode(local.values)], length(var.pods_per_gpu) > 0 ? [yamlencode(local.sharing_values)] : [])

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5
}
