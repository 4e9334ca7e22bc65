# Alertmanager speaks to no service of Google's and to none of Azure's. What it posts here comes out as lines of the pod's log, on which
# the cloud's own alerting can act: no mail server, no password.
locals {
  alert_log_name   = "alert-log"
  alert_log_labels = { "app.kubernetes.io/name" = local.alert_log_name }
  alert_log_url    = "http://${local.alert_log_name}.${var.namespace}.svc:${local.alert_log_port}"
  alert_log_port   = 8080
  alert_log_script = file("${path.module}/alert_log.py")
}

resource "kubernetes_config_map_v1" "alert_log" {
  count = var.alerts.log == null ? 0 : 1

  metadata {
    name      = local.alert_log_name
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
    labels    = local.alert_log_labels
  }

  data = { "alert_log.py" = local.alert_log_script }
}

resource "kubernetes_deployment_v1" "alert_log" {
  #checkov:skip=CKV_K8S_43:GP919 reports a planned image without a digest
  #checkov:skip=CKV_K8S_14:the image is an input that a validation holds to a fixed tag or a digest, which the scan of the code cannot see
  #checkov:skip=CKV_K8S_15:the tag is fixed, and a registry that is down must not keep a pod from starting again
  #checkov:skip=CKV_K8S_26:no port has a hostPort; the scan of a plan takes an unset one for one
  count = var.alerts.log == null ? 0 : 1

  metadata {
    name      = local.alert_log_name
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
    labels    = local.alert_log_labels
  }

  spec {
    replicas               = 2
    revision_history_limit = 5

    selector {
      match_labels = local.alert_log_labels
    }

    strategy {
      type = "RollingUpdate"

      rolling_update {
        max_surge       = "1"
        max_unavailable = "0"
      }
    }

    template {
      metadata {
        labels = local.alert_log_labels

        # Pods read the script when they start, so another script needs other pods.
        annotations = { "checksum/script" = sha256(local.alert_log_script) }
      }

      spec {
        automount_service_account_token  = false
        enable_service_links             = false
        termination_grace_period_seconds = 30
        node_selector                    = var.system_pool.node_selector
        priority_class_name              = local.priority_class

        security_context {
          run_as_non_root = true
          run_as_user     = 65534
          run_as_group    = 65534

          seccomp_profile {
            type = "RuntimeDefault"
          }
        }

        dynamic "toleration" {
          for_each = var.system_pool.tolerations

          content {
            key      = toleration.value.key
            operator = toleration.value.operator
            value    = toleration.value.value
            effect   = toleration.value.effect
          }
        }

        topology_spread_constraint {
          max_skew           = 1
          topology_key       = "kubernetes.io/hostname"
          when_unsatisfiable = "ScheduleAnyway"

          label_selector {
            match_labels = local.alert_log_labels
          }
        }

        # The alert topic of the cloud looks for lines of a container of this name.
        container {
          name              = local.alert_log_name
          image             = var.platform.image
          image_pull_policy = "IfNotPresent"
          command           = ["python3", "-B", "/scripts/alert_log.py"]

          port {
            name           = "http"
            container_port = local.alert_log_port
            protocol       = "TCP"
          }

          env {
            name  = "CLUSTER"
            value = var.name
          }

          env {
            name  = "PORT"
            value = tostring(local.alert_log_port)
          }

          volume_mount {
            name       = "scripts"
            mount_path = "/scripts"
            read_only  = true
          }

          readiness_probe {
            period_seconds  = 5
            timeout_seconds = 3

            http_get {
              path = "/health"
              port = "http"
            }
          }

          liveness_probe {
            period_seconds    = 15
            failure_threshold = 4
            timeout_seconds   = 5

            http_get {
              path = "/health"
              port = "http"
            }
          }

          resources {
            requests = { cpu = "5m", memory = "32Mi" }
            limits   = { cpu = "100m", memory = "64Mi" }
          }

          security_context {
            run_as_non_root            = true
            allow_privilege_escalation = false
            read_only_root_filesystem  = true

            capabilities {
              drop = ["ALL"]
            }
          }
        }

        volume {
          name = "scripts"

          config_map {
            name = kubernetes_config_map_v1.alert_log[0].metadata[0].name
          }
        }
      }
    }
  }
}

resource "kubernetes_pod_disruption_budget_v1" "alert_log" {
  count = var.alerts.log == null ? 0 : 1

  metadata {
    name      = local.alert_log_name
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
  }

  spec {
    max_unavailable = "1"

    selector {
      match_labels = local.alert_log_labels
    }
  }
}

resource "kubernetes_service_v1" "alert_log" {
  count = var.alerts.log == null ? 0 : 1

  metadata {
    name      = local.alert_log_name
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
    labels    = local.alert_log_labels
  }

  spec {
    selector = local.alert_log_labels

    port {
      name        = "http"
      port        = local.alert_log_port
      target_port = "http"
    }
  }
}

# It calls nobody. The namespace's own policies let Alertmanager in and everybody outside stay out.
resource "kubernetes_network_policy_v1" "alert_log" {
  count = var.alerts.log == null ? 0 : 1

  metadata {
    name      = "alert-log-calls-nobody"
    namespace = kubernetes_namespace_v1.servers.metadata[0].name
  }

  spec {
    policy_types = ["Egress"]

    pod_selector {
      match_labels = local.alert_log_labels
    }
  }
}
