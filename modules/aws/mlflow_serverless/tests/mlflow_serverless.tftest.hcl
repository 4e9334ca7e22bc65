# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

override_data {
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

# A policy document is read in the plan only when nothing in it is unknown, so what it refers to is given here.
override_resource {
  target          = aws_cloudwatch_log_group.server
  override_during = plan
  values          = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/ecs/fraud-dev-mlflow", name = "/aws/ecs/fraud-dev-mlflow" }
}

override_resource {
  target          = aws_s3_bucket.access_logs
  override_during = plan
  values          = { arn = "arn:aws:s3:::fraud-dev-mlflow-access-logs-3f9a1c" }
}

variables {
  name             = "fraud-dev"
  network          = { id = "vpc-0a1b2c3d4e5f60718", private_subnet_ids = ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"] }
  artifacts_bucket = { name = "fraud-dev-mlflow-3f9a1c", id = "arn:aws:s3:::fraud-dev-mlflow-3f9a1c" }
  client_cidrs     = ["10.20.0.0/16", "172.16.5.0/24"]
  logs             = { access_log_bucket = "fraud-dev-mlflow-access-logs-3f9a1c" }
  database = {
    port              = 5432
    secret_id         = "arn:aws:secretsmanager:us-east-1:111122223333:secret:fraud-dev/mlflow-AbCdEf"
    secret_name       = "fraud-dev/mlflow"
    security_group_id = "sg-0a1b2c3d4e5f60718"
  }
  kms_keys = {
    storage  = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001"
    database = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000002"
    logs     = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000003"
  }
  endpoint = {
    host        = "mlflow.fraud-dev.example.com"
    certificate = "arn:aws:acm:us-east-1:111122223333:certificate/0d990263-0000-4000-8000-000000000004"
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.mlflow_serverless.tracking_uri == "https://mlflow.fraud-dev.example.com" && output.mlflow_serverless.cluster_name == "fraud-dev-mlflow" && output.mlflow_serverless.service_name == "mlflow"
    error_message = "outputs name what was made"
  }

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.enable_deletion_protection && aws_lb.this.drop_invalid_header_fields && aws_lb.this.access_logs[0].enabled
    error_message = "the load balancer is internal, protected and keeps a log"
  }

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && aws_lb_listener.https.port == 443 && startswith(aws_lb_listener.https.ssl_policy, "ELBSecurityPolicy-TLS13-1-2")
    error_message = "HTTPS alone, TLS 1.2 or newer"
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.clients : rule.cidr_ipv4]) == toset(["10.20.0.0/16", "172.16.5.0/24"]) && alltrue([for rule in aws_vpc_security_group_ingress_rule.clients : rule.from_port == 443 && rule.to_port == 443])
    error_message = "clients come from the given ranges, to port 443"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.from_load_balancer.cidr_ipv4 == null && aws_vpc_security_group_egress_rule.to_database.referenced_security_group_id == "sg-0a1b2c3d4e5f60718"
    error_message = "the server is reached by the load balancer alone and reaches the database by its group"
  }

  assert {
    condition     = length(aws_route53_record.this) == 0
    error_message = "no record without a zone"
  }

  assert {
    condition     = aws_ecs_service.this.desired_count == 2 && aws_appautoscaling_target.this.max_capacity == 4 && one(aws_ecs_service.this.deployment_circuit_breaker).rollback && !one(aws_ecs_service.this.network_configuration).assign_public_ip && !aws_ecs_service.this.enable_execute_command
    error_message = "two servers to four, rolled back when they do not come up, without public addresses and shells"
  }

  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.server, aws_cloudwatch_log_group.insights] : group.retention_in_days == 365 && group.kms_key_id == var.kms_keys.logs])
    error_message = "logs are kept a year and encrypted"
  }
}

run "containers" {
  command = plan

  assert {
    condition     = alltrue([for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : c.readonlyRootFilesystem && c.linuxParameters.capabilities.drop == ["ALL"] && c.image == var.image])
    error_message = "read-only, without capabilities"
  }

  assert {
    condition     = [for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : [c.name, c.user, tostring(c.essential)]] == [["prepare", "0", "false"], ["server", "10001:10001", "true"]]
    error_message = "the server is not root, and lives as long as the task"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].dependsOn == [{ containerName = "prepare", condition = "SUCCESS" }]
    error_message = "the server waits for its scripts"
  }

  assert {
    condition     = [for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : [for m in c.mountPoints : "${m.sourceVolume}=${m.containerPath} ${m.readOnly}"]] == [["scratch=/tmp false", "scripts=/etc/mlflow false"], ["scratch=/tmp false", "scripts=/etc/mlflow true"]]
    error_message = "only prepare writes the scripts"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[1].linuxParameters.tmpfs[0].containerPath == one([for e in jsondecode(aws_ecs_task_definition.this.container_definitions)[1].environment : e.value if e.name == "SECRETS_DIR"])
    error_message = "secrets are written to memory"
  }

  assert {
    condition     = alltrue([for c in jsondecode(aws_ecs_task_definition.this.container_definitions) : !contains(keys(c), "secrets")]) && !strcontains(aws_ecs_task_definition.this.container_definitions, "arn:aws:secretsmanager")
    error_message = "the task definition names the secret, and neither its keys nor its ARN"
  }

  assert {
    condition     = contains(jsondecode(aws_ecs_task_definition.this.container_definitions)[1].command, "--app-name=basic-auth") && contains(jsondecode(aws_ecs_task_definition.this.container_definitions)[1].command, "--allowed-hosts=mlflow.fraud-dev.example.com") && contains(jsondecode(aws_ecs_task_definition.this.container_definitions)[1].command, "--artifacts-destination=s3://fraud-dev-mlflow-3f9a1c/artifacts")
    error_message = "users log in, under one name, and artifacts go to the bucket"
  }

  assert {
    condition     = keys(jsondecode(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].command[2])) == ["fetch_secret.py", "serve.py", "upgrade_schema.py"]
    error_message = "prepare gets every script that the server starts"
  }

  assert {
    condition     = length(aws_ecs_task_definition.this.container_definitions) < 60000
    error_message = "ECS takes task definitions of 64 KiB"
  }
}

run "least_privilege" {
  command = plan

  assert {
    condition     = toset(flatten([for s in data.aws_iam_policy_document.task.statement : s.resources])) == toset(["arn:aws:s3:::fraud-dev-mlflow-3f9a1c", "arn:aws:s3:::fraud-dev-mlflow-3f9a1c/artifacts/*", var.kms_keys.storage, var.kms_keys.database, var.database.secret_id])
    error_message = "the server's role: one bucket's artifacts, one secret, their keys"
  }

  assert {
    condition     = toset(flatten([for s in data.aws_iam_policy_document.execution.statement : s.resources])) == toset(["arn:aws:logs:us-east-1:111122223333:log-group:/aws/ecs/fraud-dev-mlflow:*"])
    error_message = "the execution role: the log, and no secret"
  }
}

run "image_in_ecr_with_a_zone" {
  command = plan

  variables {
    image    = "111122223333.dkr.ecr.us-east-1.amazonaws.com/fraud-dev/mlflow@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    size     = { cpu = 512, memory_mib = 2048, architecture = "arm64", disk_gib = 50 }
    endpoint = { host = "mlflow.example.com", certificate = "arn:aws:acm:us-east-1:111122223333:certificate/a", zone_id = "Z0123456789" }
  }

  assert {
    condition     = contains(flatten([for s in data.aws_iam_policy_document.execution.statement : s.resources]), "arn:aws:ecr:us-east-1:111122223333:repository/fraud-dev/mlflow")
    error_message = "the image's repository may be pulled from"
  }

  assert {
    condition     = aws_route53_record.this["mlflow.example.com"].zone_id == "Z0123456789"
    error_message = "the zone gets a record"
  }

  assert {
    condition     = aws_ecs_task_definition.this.cpu == "512" && one(aws_ecs_task_definition.this.runtime_platform).cpu_architecture == "ARM64" && one(aws_ecs_task_definition.this.ephemeral_storage).size_in_gib == 50
    error_message = "the task is as large as asked for"
  }
}

run "refuses_a_long_name" {
  command         = plan
  expect_failures = [var.name]

  variables {
    name = "a-name-of-twenty-six-chars"
  }
}

run "refuses_one_subnet" {
  command         = plan
  expect_failures = [var.network]

  variables {
    network = { id = "vpc-0a1b2c3d4e5f60718", private_subnet_ids = ["subnet-0a1b2c3d4e5f60711"] }
  }
}

run "refuses_an_impossible_port" {
  command         = plan
  expect_failures = [var.database]

  variables {
    database = { port = 70000, secret_id = "arn:aws:secretsmanager:us-east-1:111122223333:secret:x", secret_name = "x", security_group_id = "sg-1" }
  }
}

run "refuses_an_alias_of_a_key" {
  command         = plan
  expect_failures = [var.kms_keys]

  variables {
    kms_keys = {
      storage  = "alias/fraud-dev-storage"
      database = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000002"
      logs     = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000003"
    }
  }
}

run "refuses_a_url_as_host" {
  command         = plan
  expect_failures = [var.endpoint]

  variables {
    endpoint = { host = "https://mlflow.example.com", certificate = "arn:aws:acm:us-east-1:111122223333:certificate/a" }
  }
}

run "refuses_to_go_without_a_certificate" {
  command         = plan
  expect_failures = [var.endpoint]

  variables {
    endpoint = { host = "mlflow.example.com", certificate = "" }
  }
}

run "refuses_the_whole_internet" {
  command         = plan
  expect_failures = [var.client_cidrs]

  variables {
    client_cidrs = ["0.0.0.0/0"]
  }
}

run "refuses_more_clients_than_rules" {
  command         = plan
  expect_failures = [var.client_cidrs]

  variables {
    client_cidrs = [for n in range(61) : "10.${n}.0.0/16"]
  }
}

run "refuses_a_bucket_in_capitals" {
  command         = plan
  expect_failures = [var.logs]

  variables {
    logs = { access_log_bucket = "Logs" }
  }
}

run "refuses_an_unknown_retention" {
  command         = plan
  expect_failures = [var.logs]

  variables {
    logs = { access_log_bucket = "fraud-dev-logs", retention_days = 10 }
  }
}

run "refuses_a_moving_tag" {
  command         = plan
  expect_failures = [var.image]

  variables {
    image = "ghcr.io/mlflow/mlflow:latest-full"
  }
}

run "refuses_a_size_that_fargate_lacks" {
  command         = plan
  expect_failures = [var.size]

  variables {
    size = { cpu = 1024, memory_mib = 16384 }
  }
}

run "refuses_a_small_disk" {
  command         = plan
  expect_failures = [var.size]

  variables {
    size = { disk_gib = 20 }
  }
}

run "refuses_more_workers_than_memory" {
  command         = plan
  expect_failures = [var.size]

  variables {
    size = { workers = 8 }
  }
}

run "refuses_an_unknown_architecture" {
  command         = plan
  expect_failures = [var.size]

  variables {
    size = { architecture = "riscv" }
  }
}

run "refuses_more_tasks_than_at_most" {
  command         = plan
  expect_failures = [var.tasks]

  variables {
    tasks = { min = 3, max = 2 }
  }
}

run "refuses_an_unknown_permission" {
  command         = plan
  expect_failures = [var.default_permission]

  variables {
    default_permission = "ALL"
  }
}
