locals {
  # Lines of the receiver in this cluster, and of nothing that only looks like it.
  lines = join(" AND ", [
    "resource.type=\"k8s_container\"",
    "resource.labels.cluster_name=\"${var.cluster_name}\"",
    "resource.labels.namespace_name=\"${var.namespace}\"",
    "resource.labels.container_name=\"alert-log\"",
  ])

  # A policy for each: what warns may not use up what wakes.
  levels = {
    critical = { severity = "CRITICAL", filter = "jsonPayload.level=\"critical\"" }
    warning  = { severity = "WARNING", filter = "jsonPayload.level!=\"critical\"" }
  }

  heartbeat_metric = "${var.name}-alertmanager-heartbeats"

  # How PromQL calls it: https://docs.cloud.google.com/monitoring/promql/promql-mapping
  heartbeat_series = "logging_googleapis_com:user_${replace(local.heartbeat_metric, "-", "_")}{monitored_resource=\"k8s_container\"}"
}
