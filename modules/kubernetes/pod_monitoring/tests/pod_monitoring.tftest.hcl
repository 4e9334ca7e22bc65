variables {
  workload_namespaces = ["serving", "training"]
  mlflow              = true
}

run "pods_of_workloads_jobs_and_mlflow" {
  command = plan

  assert {
    condition     = output.pod_monitoring.objects == tolist(["mlflow/mlflow", "serving/training-jobs", "serving/workloads", "training/training-jobs", "training/workloads"])
    error_message = "each namespace has one for what serves and one for jobs"
  }

  assert {
    condition     = alltrue([for object in yamldecode(helm_release.this.values[0]).objects : object.apiVersion == "monitoring.googleapis.com/v1" && object.kind == "PodMonitoring" && object.spec.endpoints == [{ interval = "60s", port = "metrics" }] && object.spec.limits.samples == 5000])
    error_message = "every pod is looked at once a minute, within a bound"
  }

  assert {
    condition     = [for object in yamldecode(helm_release.this.values[0]).objects : object.spec.targetLabels.fromPod[0] if object.metadata.name == "training-jobs"][0] == { from = "batch.kubernetes.io/job-name", to = "job_name" }
    error_message = "what a job says carries its name"
  }

  assert {
    condition     = [for object in yamldecode(helm_release.this.values[0]).objects : contains(object.spec.targetLabels.metadata, "top_level_controller_name") if object.metadata.name == "workloads"] == [true, true]
    error_message = "requests are counted by Deployment"
  }

  assert {
    condition     = endswith(helm_release.this.chart, "/chart") && helm_release.this.repository == null
    error_message = "no registry is asked"
  }
}

run "a_shorter_interval" {
  command = plan

  variables {
    mlflow           = false
    interval_seconds = 30
    samples_limit    = 1000
  }

  assert {
    condition     = alltrue([for object in yamldecode(helm_release.this.values[0]).objects : object.spec.endpoints[0].interval == "30s" && object.spec.limits.samples == 1000 && object.metadata.namespace != "mlflow"])
    error_message = "interval and bound are the caller's"
  }
}

run "rejects_nothing_to_scrape" {
  command = plan

  variables {
    workload_namespaces = []
    mlflow              = false
  }

  expect_failures = [var.mlflow]
}

run "rejects_namespace" {
  command = plan

  variables {
    workload_namespaces = ["Serving"]
  }

  expect_failures = [var.workload_namespaces]
}

run "rejects_long_interval" {
  command = plan

  variables {
    interval_seconds = 300
  }

  expect_failures = [var.interval_seconds]
}

run "rejects_no_samples" {
  command = plan

  variables {
    samples_limit = 0
  }

  expect_failures = [var.samples_limit]
}

run "rejects_release_namespace" {
  command = plan

  variables {
    release_namespace = "GMP public"
  }

  expect_failures = [var.release_namespace]
}
