resource "google_cloud_run_v2_service" "this" {
  name                = local.service_name
  location            = var.region
  description         = "MLflow of ${var.name}"
  deletion_protection = var.deletion_protection

  # Requests come through the load balancer and from nowhere else. MLflow asks for a password itself, and a client of MLflow
  # cannot show Google who it is besides.
  ingress              = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  default_uri_disabled = true
  invoker_iam_disabled = true

  template {
    service_account                  = google_service_account.server.email
    encryption_key                   = var.kms_keys.storage
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    timeout                          = "${local.request_seconds}s"
    max_instance_request_concurrency = 40

    scaling {
      min_instance_count = var.tasks.min
      max_instance_count = var.tasks.max
    }

    vpc_access {
      egress = "ALL_TRAFFIC"

      network_interfaces {
        network    = var.network.id
        subnetwork = coalesce(var.network.servers_subnetwork_id, var.network.subnetwork_id)
        tags       = [local.service_name]
      }
    }

    volumes {
      name = "scratch"

      empty_dir {
        medium     = "MEMORY"
        size_limit = "${var.tasks.scratch_gib}Gi"
      }
    }

    # Cloud Run takes no more than 32 MiB in a request that reaches a container in HTTP/1, which is all the server speaks.
    # https://cloud.google.com/run/quotas, https://cloud.google.com/run/docs/internet-proxy-nginx-sidecar
    containers {
      name       = "proxy"
      image      = local.pulled.proxy
      command    = ["sh", "-ec", "printf '%s' \"$1\" > /tmp/nginx.conf\nexec nginx -c /tmp/nginx.conf -g 'daemon off;'", "proxy"]
      args       = [local.proxy_configuration]
      depends_on = ["server"]

      ports {
        name           = "h2c"
        container_port = local.proxy_port
      }

      resources {
        limits            = { cpu = "500m", memory = "256Mi" }
        cpu_idle          = false
        startup_cpu_boost = true
      }

      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = 15

        tcp_socket {
          port = local.proxy_port
        }
      }
    }

    containers {
      name    = "server"
      image   = local.pulled.server
      command = ["python", "-c", file("${path.module}/prepare.py")]
      args    = concat([tostring(local.user_id), jsonencode(local.directories), jsonencode(local.scripts), "sh", "-ec", local.start, "server"], local.arguments)

      dynamic "env" {
        for_each = local.environment

        content {
          name  = env.key
          value = env.value
        }
      }

      volume_mounts {
        name       = "scratch"
        mount_path = local.directories.scratch
      }

      resources {
        limits            = { cpu = tostring(var.tasks.cpu), memory = "${var.tasks.memory_gib}Gi" }
        cpu_idle          = false
        startup_cpu_boost = true
      }

      # Four minutes, the most that every version of Cloud Run's documentation allows, for an upgrade of the schema too.
      startup_probe {
        period_seconds    = 5
        timeout_seconds   = 3
        failure_threshold = 48

        http_get {
          path = "/health"
          port = local.port
        }
      }

      liveness_probe {
        period_seconds    = 15
        timeout_seconds   = 5
        failure_threshold = 6

        http_get {
          path = "/health"
          port = local.port
        }
      }
    }
  }

  timeouts {
    create = "30m"
    update = "30m"
  }

  # The first server asks for its secret at once.
  depends_on = [
    google_artifact_registry_repository_iam_member.this,
    google_logging_project_sink.this,
    google_secret_manager_secret_iam_member.server,
    google_storage_bucket_iam_member.artifacts,
  ]
}
