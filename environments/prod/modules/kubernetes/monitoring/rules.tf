locals {
  rule_files = { for file in fileset("${path.module}/rules", "*.yaml") : trimsuffix(file, ".yaml") => file }

  # A type such as n1-standard-8+1xt4 is a machine with GPUs attached, which its node's label groundplan/gpu names. How many does not
  # show there: of several numbers the dearest counts.
  priced_types = { for name in keys(var.cost.node_usd_per_hour) : name => {
    type         = split("+", name)[0]
    attached_gpu = strcontains(name, "+") ? replace(split("+", name)[1], "/^[0-9]+x/", "") : ""
  } }
  prices = [for group, names in { for name, type in local.priced_types : "${type.type}+${type.attached_gpu}" => name... } : merge(
    local.priced_types[names[0]],
    { usd = max([for name in names : var.cost.node_usd_per_hour[name]]...) },
  )]

  # Each file is a Prometheus rule file with thresholds to fill in.
  rules = {
    for name, file in local.rule_files : name => yamldecode(templatefile("${path.module}/rules/${basename(file)}", merge(var.thresholds, {
      runbook             = var.runbook_url
      prices              = local.prices
      monthly_usd         = var.cost.monthly_usd
      workload_namespaces = length(var.workload_namespaces) > 0 ? join("|", var.workload_namespaces) : ".*"
    }))) if lookup(local.parts, name, true)
  }

  rules_values = {
    additionalPrometheusRulesMap = local.rules

    defaultRules = {
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
