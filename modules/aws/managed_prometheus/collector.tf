# Scrapes from the network interfaces it puts into the subnets, under a service-linked role. AWS itself makes the access entry with
# AmazonPrometheusScraperPolicy and lets nobody else make one for such a role; the cluster needs a private endpoint.
# https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-collector-how-to.html
resource "aws_prometheus_scraper" "this" {
  alias                = var.name
  scrape_configuration = yamlencode(local.scrape_configuration)

  source {
    eks {
      cluster_arn        = var.cluster.arn
      subnet_ids         = var.network.private_subnet_ids
      security_group_ids = [var.cluster.security_group_id] # that of the nodes and of the endpoint, open to itself
    }
  }

  destination {
    amp {
      workspace_arn = aws_prometheus_workspace.this.arn
    }
  }

  # Retention and rules are there before the first sample.
  depends_on = [
    aws_prometheus_rule_group_namespace.this,
    aws_prometheus_workspace_configuration.this,
  ]
}

resource "aws_prometheus_scraper_logging_configuration" "this" {
  scraper_id         = aws_prometheus_scraper.this.id
  scraper_components = ["COLLECTOR", "EXPORTER", "SERVICE_DISCOVERY"]

  logging_destination {
    cloudwatch_logs {
      log_group_arn = "${aws_cloudwatch_log_group.this.arn}:*"
    }
  }

  depends_on = [aws_cloudwatch_log_resource_policy.this]
}

# State of deployments, jobs and pods, which no part of EKS publishes. Left as EKS configures it: it tolerates no taint.
resource "aws_eks_addon" "kube_state_metrics" {
  cluster_name                = var.cluster.name
  addon_name                  = "kube-state-metrics"
  addon_version               = var.metrics.kube_state_metrics_version
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
}

locals {
  # Every sample is paid for, so each job names what rules read. A workload's own metrics all pass.
  kept = {
    kubelet = ["kubelet_node_name", "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"]
    cadvisor = [
      "container_cpu_usage_seconds_total",
      "container_memory_working_set_bytes",
    ]
    kube_state_metrics = [
      "kube_deployment_status_replicas_available",
      "kube_horizontalpodautoscaler_spec_max_replicas",
      "kube_horizontalpodautoscaler_status_current_replicas",
      "kube_job_complete",
      "kube_job_failed",
      "kube_job_status_active",
      "kube_node_spec_taint",
      "kube_pod_container_resource_limits",
      "kube_pod_container_resource_requests",
      "kube_pod_container_status_restarts_total",
      "kube_pod_status_phase",
    ]
    cluster_autoscaler = [
      "cluster_autoscaler_failed_scale_ups_total",
      "cluster_autoscaler_unschedulable_pods_count",
    ]
  }
  keep = { for job, names in local.kept : job => { source_labels = ["__name__"], regex = join("|", names), action = "keep" } }

  # The kubelets are reached through the Kubernetes API, which is where the collector is let in.
  node_job = {
    scheme                = "https"
    authorization         = { credentials_file = "/var/run/secrets/kubernetes.io/serviceaccount/token" }
    kubernetes_sd_configs = [{ role = "node" }]
  }
  through_api = { target_label = "__address__", replacement = "kubernetes.default.svc:443" }

  # Node labels that rules and dashboards group by, under the names that kube-state-metrics would give them.
  node_labels = {
    label_groundplan_pool                  = "groundplan_pool"
    label_groundplan_capacity              = "groundplan_capacity"
    label_groundplan_gpu                   = "groundplan_gpu"
    label_node_kubernetes_io_instance_type = "node_kubernetes_io_instance_type"
    label_topology_kubernetes_io_zone      = "topology_kubernetes_io_zone"
  }

  pod_labels = [
    { source_labels = ["__meta_kubernetes_namespace"], target_label = "namespace" },
    { source_labels = ["__meta_kubernetes_pod_name"], target_label = "pod" },
  ]

  jobs = {
    kubelet = merge(local.node_job, {
      relabel_configs = concat(
        [
          local.through_api,
          { source_labels = ["__meta_kubernetes_node_name"], target_label = "__metrics_path__", replacement = "/api/v1/nodes/$1/proxy/metrics" },
          { source_labels = ["__meta_kubernetes_node_name"], target_label = "node" },
        ],
        [for label, source in local.node_labels : { source_labels = ["__meta_kubernetes_node_label_${source}"], target_label = label }],
      )
      metric_relabel_configs = [
        local.keep.kubelet,
        # One series of value 1 for each node with the labels above: what kube-state-metrics calls kube_node_labels and, unless its
        # configuration is changed, leaves out.
        { source_labels = ["__name__"], regex = "kubelet_node_name", target_label = "__name__", replacement = "kube_node_labels" },
        { regex = "exported_node", action = "labeldrop" },
      ]
    })

    cadvisor = merge(local.node_job, {
      relabel_configs = [
        local.through_api,
        { source_labels = ["__meta_kubernetes_node_name"], target_label = "__metrics_path__", replacement = "/api/v1/nodes/$1/proxy/metrics/cadvisor" },
        { source_labels = ["__meta_kubernetes_node_name"], target_label = "node" },
      ]
      metric_relabel_configs = [
        local.keep.cadvisor,
        # Sums over a pod or a slice of the node: the containers are there already.
        { source_labels = ["container"], regex = "", action = "drop" },
      ]
    })

    kube-state-metrics = {
      kubernetes_sd_configs = [{ role = "pod" }]
      relabel_configs = [
        { source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_name"], regex = "kube-state-metrics", action = "keep" },
        { source_labels = ["__meta_kubernetes_pod_container_port_number"], regex = "8080", action = "keep" },
      ]
      metric_relabel_configs = [local.keep.kube_state_metrics]
    }

    cluster-autoscaler = {
      kubernetes_sd_configs = [{ role = "pod", namespaces = { names = ["kube-system"] } }]
      relabel_configs = [
        { source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_instance"], regex = "cluster-autoscaler", action = "keep" },
        { source_labels = ["__meta_kubernetes_pod_container_port_number"], regex = "8085", action = "keep" },
      ]
      metric_relabel_configs = [local.keep.cluster_autoscaler]
    }
  }

  mlflow_jobs = {
    mlflow = {
      kubernetes_sd_configs = [{ role = "pod", namespaces = { names = ["mlflow"] } }]
      relabel_configs = concat([
        { source_labels = ["__meta_kubernetes_pod_label_app_kubernetes_io_name"], regex = "mlflow", action = "keep" },
        { source_labels = ["__meta_kubernetes_pod_container_port_name"], regex = "metrics", action = "keep" },
      ], local.pod_labels)
    }
  }

  workload_jobs = {
    # As the monitor of kubernetes/monitoring: services with the label, their port metrics, the service's name as the job.
    workloads = {
      kubernetes_sd_configs = [{ role = "endpoints", namespaces = { names = var.workload_namespaces } }]
      relabel_configs = concat([
        { source_labels = ["__meta_kubernetes_service_label_groundplan_metrics"], regex = "true", action = "keep" },
        { source_labels = ["__meta_kubernetes_endpoint_port_name"], regex = "metrics", action = "keep" },
        { source_labels = ["__meta_kubernetes_service_name"], target_label = "service" },
        { source_labels = ["__meta_kubernetes_service_name"], target_label = "job" },
      ], local.pod_labels)
    }

    # In place of a Pushgateway: pods of a Kubernetes Job that carry the label themselves, the Job's name as the job.
    training-jobs = {
      kubernetes_sd_configs = [{ role = "pod", namespaces = { names = var.workload_namespaces } }]
      relabel_configs = concat([
        { source_labels = ["__meta_kubernetes_pod_label_groundplan_metrics"], regex = "true", action = "keep" },
        { source_labels = ["__meta_kubernetes_pod_container_port_name"], regex = "metrics", action = "keep" },
        { source_labels = ["__meta_kubernetes_pod_label_batch_kubernetes_io_job_name"], regex = ".+", action = "keep" },
        { source_labels = ["__meta_kubernetes_pod_label_batch_kubernetes_io_job_name"], target_label = "job" },
      ], local.pod_labels)
    }
  }

  scrape_configuration = {
    global = {
      scrape_interval = "${var.metrics.interval_seconds}s"
      scrape_timeout  = "10s"
      external_labels = { cluster = var.name }
    }

    scrape_configs = concat(
      [for name, job in local.jobs : merge({ job_name = name }, job)],
      [for name, job in local.mlflow_jobs : merge({ job_name = name }, job) if var.mlflow],
      [for name, job in local.workload_jobs : merge({ job_name = name }, job) if length(var.workload_namespaces) > 0],
    )
  }
}
