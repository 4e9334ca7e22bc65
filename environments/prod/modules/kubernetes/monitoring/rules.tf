locals {
  rule_files = { for file in fileset("${path.module}/rules", "*.yaml") : trimsuffix(file, ".yaml") => file }

  # Each file is a Prometheus rule file with thresholds to fill in.
  rules = {
    for name, file in local.rule_files : name => yamldecode(templatefile("${path.module}/rules/${file}", merge(var.thresholds, {
      runbook             = var.runbook_url
      node_usd_per_hour   = var.cost.node_usd_per_hour
      monthly_usd         = var.cost.monthly_usd
      workload_namespaces = length(var.workload_namespaces) > 0 ? join("|", var.workload_namespaces) : ".*"
    }))) if lookup(local.parts, name, true)
  }

  rules_values = {
    additionalPrometheusRulesMap = local.rules

    defaultRules = {
      # EKS runs these out of sight.
      rules = {
        etcd                   = false
        kubeControllerManager  = false
        kubeProxy              = false
        kubeSchedulerAlerting  = false
        kubeSchedulerRecording = false
        windows                = false
      }

      # Ours say the same with the environment's thresholds and runbooks.
      disabled = {
        KubePersistentVolumeFillingUp  = true
        NodeFilesystemAlmostOutOfSpace = true
        NodeFilesystemSpaceFillingUp   = true
        Watchdog                       = true
      }
    }
  }
}
