output "gpu_plugin" {
  description = "Where the plugin runs and the resource pods ask for."
  value = {
    namespace     = helm_release.device_plugin.namespace
    chart_version = helm_release.device_plugin.version
    resource_name = "nvidia.com/gpu"
    pods_per_gpu  = var.pods_per_gpu
  }
}
