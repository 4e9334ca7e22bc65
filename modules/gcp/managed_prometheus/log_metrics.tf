# Two things that Google says in logs only.
locals {
  cluster_log = [
    "resource.type=\"k8s_cluster\"",
    "resource.labels.cluster_name=\"${var.cluster.name}\"",
    "resource.labels.location=\"${var.cluster.location}\"",
  ]

  counted = {
    preemptions = {
      description = "Spot nodes of ${var.cluster.name} that Compute Engine took back"
      resource    = "gce_instance"

      # GKE shortens long names of clusters in those of nodes.
      filter = [
        "resource.type=\"gce_instance\"",
        "log_id(\"cloudaudit.googleapis.com/system_event\")",
        "protoPayload.methodName=\"compute.instances.preempted\"",
        "protoPayload.resourceName:\"/instances/gke-${substr(var.cluster.name, 0, 18)}\"",
      ]
    }
    failed_scale_ups = {
      description = "Errors of the autoscaler of ${var.cluster.name} when it asked for nodes"
      resource    = "k8s_cluster"

      filter = concat(local.cluster_log, [
        "log_id(\"container.googleapis.com/cluster-autoscaler-visibility\")",
        "jsonPayload.resultInfo.results.errorMsg.messageId=~\"^scale[.]up[.]error\"",
      ])
    }
  }

  counted_names = { for name in keys(local.counted) : name => "${var.name}-${replace(name, "_", "-")}" }

  # How PromQL calls them: https://docs.cloud.google.com/monitoring/promql/promql-mapping
  counted_series = { for name, metric in local.counted : name => "logging_googleapis_com:user_${replace(local.counted_names[name], "-", "_")}{monitored_resource=\"${metric.resource}\"}" }
}

resource "google_logging_metric" "this" {
  for_each = local.counted

  name        = local.counted_names[each.key]
  description = each.value.description
  filter      = join(" AND ", each.value.filter)

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }
}
