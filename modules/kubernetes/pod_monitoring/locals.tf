locals {
  interval = "${var.interval_seconds}s"
  job_name = "batch.kubernetes.io/job-name" # Kubernetes puts it on the pods of a Job
  metrics  = { "groundplan/metrics" = "true" }
  endpoint = { port = "metrics", interval = local.interval }
  limits   = { samples = var.samples_limit }

  # Labels that the alerts of gcp/managed_prometheus read besides the workloads' own.
  spec = {
    workloads = {
      selector     = { matchLabels = local.metrics, matchExpressions = [{ key = local.job_name, operator = "DoesNotExist" }] }
      endpoints    = [local.endpoint]
      limits       = local.limits
      targetLabels = { metadata = ["pod", "top_level_controller_name"] }
    }
    training-jobs = {
      selector     = { matchLabels = local.metrics, matchExpressions = [{ key = local.job_name, operator = "Exists" }] }
      endpoints    = [local.endpoint]
      limits       = local.limits
      targetLabels = { metadata = ["pod"], fromPod = [{ from = local.job_name, to = "job_name" }] }
    }
    mlflow = {
      selector     = { matchLabels = { "app.kubernetes.io/name" = "mlflow" } }
      endpoints    = [local.endpoint]
      limits       = local.limits
      targetLabels = { metadata = ["pod"] }
    }
  }

  places = merge(
    { for pair in setproduct(var.workload_namespaces, ["training-jobs", "workloads"]) : "${pair[0]}/${pair[1]}" => { namespace = pair[0], name = pair[1] } },
    var.mlflow ? { "mlflow/mlflow" = { namespace = "mlflow", name = "mlflow" } } : {},
  )

  objects = { for place, object in local.places : place => {
    apiVersion = "monitoring.googleapis.com/v1"
    kind       = "PodMonitoring"
    metadata   = { name = object.name, namespace = object.namespace }
    spec       = local.spec[object.name]
  } }
}
