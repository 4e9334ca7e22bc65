# Nothing in here is secret: scripts, and certificates that anybody may know.
resource "kubernetes_config_map_v1" "mlflow" {
  metadata {
    name      = local.name
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  data = local.files
}

resource "kubernetes_deployment_v1" "mlflow" {
  #checkov:skip=CKV_K8S_43:GP919 reports a planned image without a digest
  #checkov:skip=CKV_K8S_15:the tag is fixed, and a registry that is down must not keep a pod from starting again
  #checkov:skip=CKV_K8S_26:no port has a hostPort; the scan of a plan takes an unset one for one

  metadata {
    name      = local.name
    namespace = kubernetes_namespace_v1.mlflow.metadata[0].name
    labels    = local.labels
  }

  spec {
    replicas               = var.replicas.min
    revision_history_limit = 5

    # An upgrade of a large database takes its time; so may the apply.
    progress_deadline_seconds = 1800

    selector {
      match_labels = local.selector
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
        labels = local.labels

        # Pods read the scripts when they start, so other scripts need other pods.
        annotations = { "checksum/config" = sha256(jsonencode(local.files)) }
      }

      spec {
        service_account_name             = kubernetes_service_account_v1.mlflow.metadata[0].name
        automount_service_account_token  = false
        enable_service_links             = false
        termination_grace_period_seconds = 60
        node_selector                    = var.system_pool.node_selector

        # The group lets the user read the token of pod identity.
        security_context {
          run_as_non_root = true
          run_as_user     = local.user_id
          run_as_group    = local.user_id
          fs_group        = local.user_id

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

        dynamic "topology_spread_constraint" {
          for_each = toset(["topology.kubernetes.io/zone", "kubernetes.io/hostname"])

          content {
            max_skew           = 1
            topology_key       = topology_spread_constraint.value
            when_unsatisfiable = "ScheduleAnyway"

            label_selector {
              match_labels = local.selector
            }
          }
        }

        dynamic "init_container" {
          for_each = ["fetch_secret", "upgrade_schema"]

          content {
            name              = replace(init_container.value, "_", "-")
            image             = var.image
            image_pull_policy = "IfNotPresent"
            command           = ["python", "${local.directories.scripts}/${init_container.value}.py"]

            dynamic "env" {
              for_each = local.environment

              content {
                name  = env.key
                value = env.value
              }
            }

            dynamic "volume_mount" {
              for_each = { for name, path in local.directories : name => path if name != "metrics" }

              content {
                name       = volume_mount.key
                mount_path = volume_mount.value
                read_only  = volume_mount.key == "scripts"
              }
            }

            resources {
              requests = { cpu = "100m", memory = "512Mi" }
              limits   = { cpu = "1", memory = "1Gi" }
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
        }

        container {
          name              = "server"
          image             = var.image
          image_pull_policy = "IfNotPresent"
          command           = ["python", "${local.directories.scripts}/serve.py"]
          args              = local.arguments

          port {
            name           = "http"
            container_port = local.port
            protocol       = "TCP"
          }

          dynamic "env" {
            for_each = local.environment

            content {
              name  = env.key
              value = env.value
            }
          }

          dynamic "volume_mount" {
            for_each = local.directories

            content {
              name       = volume_mount.key
              mount_path = volume_mount.value
              read_only  = contains(["scripts", "secrets"], volume_mount.key)
            }
          }

          # Starting takes half a minute, and twice that on a busy node.
          startup_probe {
            period_seconds    = 5
            failure_threshold = 36
            timeout_seconds   = 3

            http_get {
              path = "/health"
              port = "http"
            }
          }

          readiness_probe {
            period_seconds    = 5
            failure_threshold = 3
            timeout_seconds   = 3

            http_get {
              path = "/health"
              port = "http"
            }
          }

          # Slower than readiness: a busy server gets fewer requests before it is taken for dead.
          liveness_probe {
            period_seconds    = 15
            failure_threshold = 6
            timeout_seconds   = 5

            http_get {
              path = "/health"
              port = "http"
            }
          }

          # Load balancers and kube-proxy go on sending for a while.
          lifecycle {
            pre_stop {
              exec {
                command = ["sleep", "15"]
              }
            }
          }

          resources {
            requests = { cpu = tostring(var.resources.cpu), memory = "${floor(var.resources.memory_gib * 1024)}Mi", "ephemeral-storage" = "1Gi" }
            limits   = { cpu = tostring(var.resources.cpu * 4), memory = "${floor(var.resources.memory_gib * 1024)}Mi", "ephemeral-storage" = "${var.resources.scratch_gib + 1}Gi" }
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

        container {
          name              = "metrics"
          image             = var.image
          image_pull_policy = "IfNotPresent"
          command           = ["python", "${local.directories.scripts}/metrics.py"]

          port {
            name           = "metrics"
            container_port = local.metrics_port
            protocol       = "TCP"
          }

          dynamic "env" {
            for_each = local.environment

            content {
              name  = env.key
              value = env.value
            }
          }

          dynamic "volume_mount" {
            for_each = { for name, path in local.directories : name => path if contains(["scripts", "metrics"], name) }

            content {
              name       = volume_mount.key
              mount_path = volume_mount.value
              read_only  = true
            }
          }

          readiness_probe {
            period_seconds  = 10
            timeout_seconds = 3

            http_get {
              path = "/metrics"
              port = "metrics"
            }
          }

          liveness_probe {
            initial_delay_seconds = 10
            period_seconds        = 30
            failure_threshold     = 5
            timeout_seconds       = 5

            tcp_socket {
              port = "metrics"
            }
          }

          resources {
            requests = { cpu = "10m", memory = "64Mi" }
            limits   = { cpu = "200m", memory = "128Mi" }
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
            name         = kubernetes_config_map_v1.mlflow.metadata[0].name
            default_mode = "0444"
          }
        }

        dynamic "volume" {
          for_each = {
            secrets = { medium = "Memory", size_limit = "1Mi" }
            metrics = { medium = "Memory", size_limit = "64Mi" }
            scratch = { medium = "", size_limit = "${var.resources.scratch_gib}Gi" }
          }

          content {
            name = volume.key

            empty_dir {
              medium     = volume.value.medium
              size_limit = volume.value.size_limit
            }
          }
        }
      }
    }
  }

  timeouts {
    create = "35m"
    update = "35m"
  }

  lifecycle {
    # The autoscaler's, after the first apply.
    ignore_changes = [spec[0].replicas]
  }

  depends_on = [kubernetes_network_policy_v1.server]
}
