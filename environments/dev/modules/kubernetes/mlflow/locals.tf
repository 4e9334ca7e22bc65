locals {
  name         = "mlflow"
  port         = 5000
  metrics_port = 9464
  user_id      = 10001

  google = var.project != null

  selector = { "app.kubernetes.io/name" = local.name }
  labels   = merge(local.selector, { "app.kubernetes.io/component" = "tracking", "app.kubernetes.io/managed-by" = "terraform" })

  directories = {
    scripts = "/etc/mlflow"
    secrets = "/run/mlflow/secrets"
    metrics = "/run/mlflow/metrics"
    scratch = "/tmp"
  }

  files = merge(
    { for name in ["fetch_secret.py", "upgrade_schema.py", "serve.py", "metrics.py"] : name => file("${path.module}/${basename(name)}") },
    { for name in ["database-ca.pem"] : name => var.database.ca_bundle_pem if var.database.ca_bundle_pem != null },
  )

  # The names under which clients inside the cluster find the service; port-forward makes it localhost.
  cluster_hosts = [for name in ["mlflow", "mlflow.${var.identity.namespace}", "mlflow.${var.identity.namespace}.svc", "mlflow.${var.identity.namespace}.svc.cluster.local"] : "${name}:${local.port}"]

  # Only class alb may leave the host out, and only there has the load balancer a name of its own.
  ingress_host = var.ingress == null ? null : var.ingress.host == null ? "internal-*.${local.google ? "invalid" : var.region}.elb.amazonaws.com" : var.ingress.host
  https        = var.ingress == null ? false : var.ingress.certificate != null || var.ingress.tls_secret_name != null
  origin       = local.ingress_host == null ? null : "${local.https ? "https" : "http"}://${local.ingress_host}"
  cluster_url  = "http://mlflow.${var.identity.namespace}.svc.cluster.local:${local.port}"

  # A page of another site must neither reach the server under a name of its own (DNS rebinding) nor post to it.
  allowed_hosts   = concat(["localhost:*", "127.0.0.1:*"], local.cluster_hosts, compact([local.ingress_host]))
  allowed_origins = concat(["http://localhost:*", "http://127.0.0.1:*"], compact([local.origin]))

  arguments = [
    "--host=0.0.0.0",
    "--port=${local.port}",
    "--workers=${var.resources.workers}",
    "--app-name=basic-auth",
    "--serve-artifacts",
    "--artifacts-destination=${local.google ? "gs" : "s3"}://${var.artifacts_bucket}/artifacts",
    "--expose-prometheus=${local.directories.metrics}",
    "--allowed-hosts=${join(",", local.allowed_hosts)}",
    "--cors-allowed-origins=${join(",", local.allowed_origins)}",
    "--x-frame-options=DENY",
    # Longer than the 60 seconds after which a load balancer drops an idle connection, or it answers 502 now and then.
    "--uvicorn-opts=--timeout-keep-alive=75 --timeout-graceful-shutdown=30 --no-server-header",
  ]

  aws_environment = {
    AWS_REGION         = var.region
    AWS_DEFAULT_REGION = var.region
    AWS_RETRY_MODE     = "standard"
    AWS_MAX_ATTEMPTS   = "10"
    SECRET_NAME        = var.secret_name
  }

  google_environment = {
    GOOGLE_CLOUD_PROJECT = var.project
    SECRET_URL           = "https://secretmanager.googleapis.com/v1/projects/${local.google ? var.project : "none"}/secrets/${var.secret_name}/versions/latest:access"
  }

  environment = merge(
    { for name, value in local.google ? local.google_environment : local.aws_environment : name => value },
    {
      SECRETS_DIR        = local.directories.secrets
      METRICS_DIR        = local.directories.metrics
      METRICS_PORT       = tostring(local.metrics_port)
      DEFAULT_PERMISSION = var.default_permission

      # At most 10 connections for each of the three stores of a worker: runs, models, users.
      MLFLOW_SQLALCHEMYSTORE_POOL_SIZE    = "5"
      MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW = "5"
      MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE = "1800"

      # Jobs are kept on one pod's disk and would be lost; the gateway sends requests where its users say.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION = "false"
      MLFLOW_ENABLE_AI_GATEWAY           = "false"
      MLFLOW_ALLOW_HTTP_REDIRECTS        = "false"
      MLFLOW_DISABLE_TELEMETRY           = "true"

      # The user has no entry in the image, and its file system is read-only.
      HOME                    = local.directories.scratch
      USER                    = local.name
      MPLCONFIGDIR            = local.directories.scratch
      GIT_PYTHON_REFRESH      = "quiet"
      PYTHONDONTWRITEBYTECODE = "1"
      PYTHONUNBUFFERED        = "1"
    },
    local.database_checks,
  )

  # RDS signs with authorities of its own, which no image holds and each region publishes; Cloud SQL's are given, or in the secret, and
  # its certificates hold the name of the instance instead of its address.
  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html, https://cloud.google.com/sql/docs/postgres/authorize-ssl
  database_checks = merge(
    { for name in ["DATABASE_CA_BUNDLE"] : name => "${local.directories.scripts}/database-ca.pem" if var.database.ca_bundle_pem != null },
    { for name in ["DATABASE_CA_URL"] : name => "https://truststore.pki.rds.amazonaws.com/${var.region}/${var.region}-bundle.pem" if var.database.ca_bundle_pem == null && !local.google },
    { for name in ["DATABASE_SSLMODE"] : name => "verify-ca" if local.google },
    { for name in ["DATABASE_SERVER_NAME"] : name => var.database.server_name if var.database.server_name != null },
  )

  alb_annotations = merge(
    {
      "alb.ingress.kubernetes.io/scheme"           = "internal"
      "alb.ingress.kubernetes.io/target-type"      = "ip"
      "alb.ingress.kubernetes.io/healthcheck-path" = "/health"
      "alb.ingress.kubernetes.io/listen-ports"     = local.https ? jsonencode([{ HTTP = 80 }, { HTTPS = 443 }]) : jsonencode([{ HTTP = 80 }])
    },
    local.https ? {
      "alb.ingress.kubernetes.io/certificate-arn" = var.ingress.certificate
      "alb.ingress.kubernetes.io/ssl-policy"      = "ELBSecurityPolicy-TLS13-1-2-2021-06"
      "alb.ingress.kubernetes.io/ssl-redirect"    = "443"
    } : {},
  )

  # Without TLS there is no other port than 80; with it, GKE would open both unless told not to.
  # https://cloud.google.com/kubernetes-engine/docs/how-to/internal-load-balance-ingress
  gce = var.ingress == null ? false : var.ingress.class_name == "gce-internal"
  gce_annotations = merge(
    {
      "kubernetes.io/ingress.class"      = "gce-internal"
      "kubernetes.io/ingress.allow-http" = tostring(!local.https)
    },
    { for name in ["ingress.gcp.kubernetes.io/pre-shared-cert"] : name => basename(var.ingress.certificate) if local.gce && local.https },
    { for name in ["kubernetes.io/ingress.regional-static-ip-name"] : name => var.ingress.address if local.gce && try(var.ingress.address, null) != null },
  )

  # The load balancer talks to pods, each an endpoint of a network endpoint group.
  gce_service_annotations = {
    "cloud.google.com/neg"            = jsonencode({ ingress = true })
    "cloud.google.com/backend-config" = jsonencode({ default = local.name })
  }

  class_annotations   = { alb = local.alb_annotations, gce-internal = local.gce_annotations }
  ingress_annotations = var.ingress == null ? {} : merge(lookup(local.class_annotations, var.ingress.class_name, {}), var.ingress.annotations)

  # From where Google checks whether a pod is well, and how pods on GKE reach their identity and names.
  # https://cloud.google.com/load-balancing/docs/health-check-concepts#ip-ranges
  # https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity, .../how-to/nodelocal-dns-cache, .../how-to/cloud-dns
  health_check_cidr_blocks = local.gce ? ["35.191.0.0/16", "130.211.0.0/22"] : []
  client_cidr_blocks       = concat(var.clients.cidr_blocks, local.health_check_cidr_blocks)
  dns_cidr_blocks          = local.google ? ["169.254.20.10/32", "169.254.169.254/32"] : []
  identity_agents          = local.google ? { "169.254.169.254/32" = 80, "169.254.169.252/32" = 988 } : { "169.254.170.23/32" = 80 }
}
