data "google_project" "this" {}

locals {
  service_name = "${var.name}-mlflow"
  port         = 5000
  proxy_port   = 8080
  user_id      = 10001

  # The longest that Cloud Run lets a request take. Its load balancer has no limit of its own for such backends.
  request_seconds = 3600

  # https://cloud.google.com/run/docs/configuring/services/memory-limits
  most_memory_gib = { 1 = 4, 2 = 8, 4 = 16, 8 = 32 }

  directories = {
    scripts = "/etc/mlflow"
    secrets = "/run/mlflow/secrets"
    scratch = "/tmp"
  }

  # The same files as in kubernetes/mlflow: one way to start, wherever the server runs.
  scripts = merge(
    { for name in ["fetch_secret.py", "upgrade_schema.py", "serve.py"] : name => file("${path.module}/${basename(name)}") },
    { "database-ca.pem" = var.database.ca_bundle_pem },
  )

  start = join("\n", [
    "python ${local.directories.scripts}/fetch_secret.py",
    "python ${local.directories.scripts}/upgrade_schema.py",
    "exec python ${local.directories.scripts}/serve.py \"$@\"",
  ])

  arguments = [
    "--host=0.0.0.0",
    "--port=${local.port}",
    "--workers=${var.tasks.workers}",
    "--app-name=basic-auth",
    "--serve-artifacts",
    "--artifacts-destination=gs://${var.artifacts_bucket.name}/artifacts",
    # A page of another site must neither reach the server under a name of its own (DNS rebinding) nor post to it.
    "--allowed-hosts=${var.endpoint.host}",
    "--cors-allowed-origins=https://${var.endpoint.host}",
    "--x-frame-options=DENY",
    # Cloud Run waits ten seconds.
    "--uvicorn-opts=--timeout-keep-alive=75 --timeout-graceful-shutdown=8 --no-server-header",
  ]

  environment = {
    GOOGLE_CLOUD_PROJECT = data.google_project.this.project_id

    SECRET_URL         = "https://secretmanager.googleapis.com/v1/${var.database.secret_id}/versions/latest:access"
    SECRETS_DIR        = local.directories.secrets
    DEFAULT_PERMISSION = var.default_permission

    # The certificate of an instance with an authority of its own holds no address.
    DATABASE_CA_BUNDLE   = "${local.directories.scripts}/database-ca.pem"
    DATABASE_SSLMODE     = "verify-ca"
    DATABASE_SERVER_NAME = var.database.server_name == null ? "" : var.database.server_name

    # At most 10 connections for each of the three stores of a worker: runs, models, users.
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE    = "5"
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW = "5"
    MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE = "1800"

    # Jobs are kept in one instance's memory and would be lost; the gateway sends requests where its users say.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION = "false"
    MLFLOW_ENABLE_AI_GATEWAY           = "false"
    MLFLOW_ALLOW_HTTP_REDIRECTS        = "false"
    MLFLOW_DISABLE_TELEMETRY           = "true"

    # The user has no entry in the image.
    HOME                    = local.directories.scratch
    USER                    = "mlflow"
    MPLCONFIGDIR            = local.directories.scratch
    GIT_PYTHON_REFRESH      = "quiet"
    PYTHONDONTWRITEBYTECODE = "1"
    PYTHONUNBUFFERED        = "1"
  }

  proxy_configuration = templatefile("${path.module}/nginx.conf.tftpl", {
    port            = local.proxy_port
    server_port     = local.port
    timeout_seconds = local.request_seconds
  })

  # A rule of Cloud Armor takes ten ranges.
  client_rules = chunklist(sort(var.client_cidrs), 10)

  # Every line of the server and every request at the load balancer.
  log_filter = join(" OR ", [
    "(resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${local.service_name}\" AND resource.labels.location=\"${var.region}\")",
    "(resource.type=\"internal_http_lb_rule\" AND resource.labels.forwarding_rule_name=\"${local.service_name}\" AND resource.labels.region=\"${var.region}\")",
  ])

  certificate_of_manager = strcontains(var.endpoint.certificate, "/certificates/")

  # By registry, where Cloud Run pulls from itself: https://docs.cloud.google.com/run/docs/deploying#images
  # A name without a registry is one of Docker Hub.
  images   = { server = var.image, proxy = var.tasks.proxy_image }
  registry = { for name, image in local.images : name => split("/", image)[0] }
  pulled_by_cloud_run = {
    for name, registry in local.registry : name =>
    !can(regex("[.:]", registry)) || can(regex("^(docker\\.io|([a-z]+\\.)?gcr\\.io|[a-z0-9-]+-docker\\.pkg\\.dev)$", registry))
  }

  remote_registries = toset([for name, registry in local.registry : registry if !local.pulled_by_cloud_run[name]])
  project           = trimprefix(data.google_project.this.id, "projects/")

  # "ghcr.io/mlflow/mlflow:v3" => "us-central1-docker.pkg.dev/<project>/fraud-dev-mlflow-ghcr-io/mlflow/mlflow:v3"
  pulled = {
    for name, image in local.images : name => local.pulled_by_cloud_run[name] ? image : join("/", [
      "${var.region}-docker.pkg.dev",
      local.project,
      google_artifact_registry_repository.this[local.registry[name]].repository_id,
      trimprefix(image, "${local.registry[name]}/"),
    ])
  }
}
