locals {
  # Each file is a Prometheus rule file with thresholds to fill in; a file without its subject is left out.
  parts = {
    database = var.database != null
    gpu      = var.gpu
    mlflow   = var.mlflow
    nat      = length(var.nat_gateway_ids) > 0
  }
  rule_files = { for file in fileset("${path.module}/rules", "*.yaml") : trimsuffix(file, ".yaml") => file if lookup(local.parts, trimsuffix(file, ".yaml"), true) }

  workload_namespaces = length(var.workload_namespaces) > 0 ? join("|", sort(var.workload_namespaces)) : ".*"

  # How the series of this cluster say where they are from: those of Prometheus, and those of Google.
  prometheus_labels = "cluster=\"${var.cluster.name}\",location=\"${var.cluster.location}\""
  system_labels     = "cluster_name=\"${var.cluster.name}\",location=\"${var.cluster.location}\""

  # The part of requests that the server failed. Without a failed request there is no series, and nothing fires.
  request_labels = "${local.prometheus_labels},namespace=~\"${local.workload_namespaces}\""
  failed = { for window in ["5m", "30m", "1h", "2h", "6h", "1d"] : window => join("", [
    "(sum by (namespace, top_level_controller_name) (rate(http_requests_total{${local.request_labels},code=~\"5..\"}[${window}]))",
    " / sum by (namespace, top_level_controller_name) (rate(http_requests_total{${local.request_labels}}[${window}])))",
  ]) }

  rules_text = { for name, file in local.rule_files : name => templatefile("${path.module}/rules/${basename(file)}", merge(
    var.thresholds,
    {
      prometheus_labels   = local.prometheus_labels
      system_labels       = local.system_labels
      workload_namespaces = local.workload_namespaces
      failed              = local.failed
      preemptions         = local.counted_series.preemptions
      failed_scale_ups    = local.counted_series.failed_scale_ups
      nat_labels          = "region=\"${var.region}\",gateway_name=~\"${join("|", sort(values(var.nat_gateway_ids)))}\""
    },
    { for key, value in {
      database_labels  = "database_id=~\".*:${try(var.database.identifier, "")}\""
      cpu_percent      = try(var.database.cpu_percent, null)
      free_storage_gib = try(var.database.free_storage_gib, null)
      connections      = try(var.database.connections, null)
    } : key => value if var.database != null },
  )) }

  rules = merge([for text in values(local.rules_text) : { for rule in flatten(yamldecode(text).groups[*].rules) : rule.alert => rule }]...)
}
