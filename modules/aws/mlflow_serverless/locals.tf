data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.region

  # The name suffices where two resources would otherwise wait for each other.
  cluster_name = "${var.name}-mlflow"
  port         = 5000
  user_id      = 10001

  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html, from half a vCPU on.
  fargate_memory_mib = {
    512   = range(1024, 4096 + 1, 1024)
    1024  = range(2048, 8192 + 1, 1024)
    2048  = range(4096, 16384 + 1, 1024)
    4096  = range(8192, 30720 + 1, 1024)
    8192  = range(16384, 61440 + 1, 4096)
    16384 = range(32768, 122880 + 1, 8192)
  }

  directories = {
    scripts = "/etc/mlflow"
    secrets = "/run/mlflow/secrets"
    scratch = "/tmp"
  }

  # The same files as in kubernetes/mlflow: one way to start, wherever the server runs.
  scripts = merge(
    { for name in ["fetch_secret.py", "upgrade_schema.py", "serve.py"] : name => file("${path.module}/${basename(name)}") },
    { for name in ["database-ca.pem"] : name => var.database.ca_bundle_pem if var.database.ca_bundle_pem != null },
  )

  # RDS signs with authorities of its own, which no image holds and each region publishes.
  # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
  database_checks = var.database.ca_bundle_pem == null ? {
    DATABASE_CA_URL = "https://truststore.pki.rds.amazonaws.com/${local.region}/${local.region}-bundle.pem"
    } : {
    DATABASE_CA_BUNDLE = "${local.directories.scripts}/database-ca.pem"
  }

  start = join("\n", [
    "python ${local.directories.scripts}/fetch_secret.py",
    "python ${local.directories.scripts}/upgrade_schema.py",
    "exec python ${local.directories.scripts}/serve.py \"$@\"",
  ])

  arguments = [
    "--host=0.0.0.0",
    "--port=${local.port}",
    "--workers=${var.size.workers}",
    "--app-name=basic-auth",
    "--serve-artifacts",
    "--artifacts-destination=s3://${var.artifacts_bucket.name}/artifacts",
    # A page of another site must neither reach the server under a name of its own (DNS rebinding) nor post to it.
    "--allowed-hosts=${var.endpoint.host}",
    "--cors-allowed-origins=https://${var.endpoint.host}",
    "--x-frame-options=DENY",
    # Longer than the load balancer keeps an idle connection, or it answers 502 now and then.
    "--uvicorn-opts=--timeout-keep-alive=${local.idle_seconds + 15} --timeout-graceful-shutdown=30 --no-server-header",
  ]

  # The server fetches an artifact from S3 as a whole before it answers with the first byte.
  idle_seconds = 300

  environment = merge(local.database_checks, {
    AWS_REGION         = local.region
    AWS_DEFAULT_REGION = local.region
    AWS_RETRY_MODE     = "standard"
    AWS_MAX_ATTEMPTS   = "10"

    SECRET_NAME        = var.database.secret_name
    SECRETS_DIR        = local.directories.secrets
    DEFAULT_PERMISSION = var.default_permission

    # At most 10 connections for each of the two stores of a worker.
    MLFLOW_SQLALCHEMYSTORE_POOL_SIZE    = "5"
    MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW = "5"
    MLFLOW_SQLALCHEMYSTORE_POOL_RECYCLE = "1800"

    # Jobs are kept on one task's disk and would be lost; the gateway sends requests where its users say.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION = "false"
    MLFLOW_ENABLE_AI_GATEWAY           = "false"
    MLFLOW_ALLOW_HTTP_REDIRECTS        = "false"
    MLFLOW_DISABLE_TELEMETRY           = "true"

    # The user has no entry in the image, and its file system is read-only.
    HOME                    = local.directories.scratch
    USER                    = "mlflow"
    MPLCONFIGDIR            = local.directories.scratch
    GIT_PYTHON_REFRESH      = "quiet"
    PYTHONDONTWRITEBYTECODE = "1"
    PYTHONUNBUFFERED        = "1"
  })

  log_configuration = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.server.name
      awslogs-region        = local.region
      awslogs-stream-prefix = "mlflow"
      # A log that cannot be written must not stop the server.
      mode            = "non-blocking"
      max-buffer-size = "4m"
    }
  }

  # Account, region and repository of an image in ECR, which the task may pull; other registries need no permission.
  ecr = try(regex("^(?P<account>[0-9]{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com/(?P<repository>[^:@]+)", var.image), null)
}
