resource "helm_release" "prometheus" {
  name       = "kube-prometheus-stack"
  namespace  = kubernetes_namespace_v1.servers.metadata[0].name
  repository = "https://prometheus-community.github.io/helm-charts"
  chart      = "kube-prometheus-stack"
  version    = var.chart_versions.kube_prometheus_stack

  values = [
    yamlencode(local.prometheus_values),
    yamlencode(local.rules_values),
    yamlencode(local.alertmanager_values),
    yamlencode(local.grafana_values),
  ]

  # An upgrade that fails leaves the previous version running.
  atomic          = true
  cleanup_on_fail = true
  max_history     = 5
  timeout         = 900

  depends_on = [
    kubernetes_network_policy_v1.from_servers,
    kubernetes_network_policy_v1.webhook,
    kubernetes_resource_quota_v1.agents,
  ]
}

locals {
  # The control plane's parts that a managed cluster does not expose have neither targets nor rules; kube-proxy, if there is one, listens on the
  # node's loopback only.
  hidden_targets = {
    coreDns               = { enabled = var.platform.coredns }
    kubeControllerManager = { enabled = false }
    kubeEtcd              = { enabled = false }
    kubeProxy             = { enabled = false }
    kubeScheduler         = { enabled = false }
  }

  prometheus_values = merge(local.hidden_targets, {
    fullnameOverride = "monitoring"

    prometheus = {
      prometheusSpec = merge(local.placement, {
        replicas       = 1
        retention      = "${var.storage.retention_days}d"
        retentionSize  = "${floor(var.storage.size_gib * 0.85)}GiB" # the rest is for the log of what is not written yet
        externalLabels = { cluster = var.name }

        # Monitors and rules of every namespace count, whoever installed them.
        serviceMonitorSelectorNilUsesHelmValues = false
        podMonitorSelectorNilUsesHelmValues     = false
        probeSelectorNilUsesHelmValues          = false
        ruleSelectorNilUsesHelmValues           = false
        scrapeConfigSelectorNilUsesHelmValues   = false

        storageSpec = {
          volumeClaimTemplate = {
            spec = {
              storageClassName = var.storage.class
              accessModes      = ["ReadWriteOnce"]
              resources        = { requests = { storage = "${var.storage.size_gib}Gi" } }
            }
          }
        }

        resources = {
          requests = { cpu = "250m", memory = "1536Mi" }
          limits   = { memory = "3Gi" }
        }
      })

      additionalServiceMonitors = [for monitor in local.service_monitors : monitor.spec if monitor.wanted]
    }

    prometheusOperator = merge(local.placement, {
      podLabels = local.webhook_labels
      resources = {
        requests = { cpu = "50m", memory = "128Mi" }
        limits   = { memory = "256Mi" }
      }
      prometheusConfigReloader = {
        resources = {
          requests = { cpu = "10m", memory = "32Mi" }
          limits   = { memory = "64Mi" }
        }
      }
      admissionWebhooks = {
        patch = merge(local.placement, {
          resources = {
            requests = { cpu = "10m", memory = "32Mi" }
            limits   = { memory = "64Mi" }
          }
        })
      }
    })

    kube-state-metrics = merge(local.placement, {
      fullnameOverride         = "kube-state-metrics"
      securityContext          = merge(local.restricted_pod, { enabled = true })
      containerSecurityContext = local.restricted_container

      # Neither secrets nor config maps: their names are of no use here, and reading them takes the right to their content.
      collectors = [
        "cronjobs", "daemonsets", "deployments", "horizontalpodautoscalers", "jobs", "namespaces", "nodes",
        "persistentvolumeclaims", "persistentvolumes", "poddisruptionbudgets", "pods", "replicasets", "replicationcontrollers",
        "resourcequotas", "statefulsets", "storageclasses",
      ]
      metricLabelsAllowlist = [
        "nodes=[groundplan/pool,groundplan/capacity,groundplan/gpu,node.kubernetes.io/instance-type,topology.kubernetes.io/zone]",
      ]

      resources = {
        requests = { cpu = "20m", memory = "128Mi" }
        limits   = { memory = "256Mi" }
      }
    })

    prometheus-node-exporter = {
      fullnameOverride         = "node-exporter"
      namespaceOverride        = kubernetes_namespace_v1.agents.metadata[0].name
      priorityClassName        = "system-node-critical"
      tolerations              = [{ operator = "Exists" }]
      containerSecurityContext = merge(local.restricted_container, { seccompProfile = { type = "RuntimeDefault" } })

      resources = {
        requests = { cpu = "20m", memory = "32Mi" }
        limits   = { memory = "128Mi" }
      }
    }
  })

  # What is scraped besides the charts' own parts. The job is the service's name.
  service_monitors = {
    workloads = {
      wanted = length(var.workload_namespaces) > 0
      spec = {
        name              = "workloads"
        selector          = { matchLabels = { "groundplan/metrics" = "true" } }
        namespaceSelector = { matchNames = var.workload_namespaces }
        endpoints         = [{ port = "metrics", interval = "30s" }]
      }
    }
    mlflow = {
      wanted = var.mlflow
      spec = {
        name              = "mlflow"
        selector          = { matchLabels = { "app.kubernetes.io/name" = "mlflow" } }
        namespaceSelector = { matchNames = ["mlflow"] }
        endpoints         = [{ port = "metrics", interval = "30s" }]
      }
    }
    autoscaler = {
      wanted = var.platform.autoscaler
      spec = {
        name              = "cluster-autoscaler"
        selector          = { matchLabels = { "app.kubernetes.io/instance" = "cluster-autoscaler" } }
        namespaceSelector = { matchNames = ["kube-system"] }
        endpoints         = [{ targetPort = 8085, interval = "30s" }]
      }
    }
  }
}
