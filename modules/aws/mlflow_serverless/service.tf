resource "aws_cloudwatch_log_group" "server" {
  #checkov:skip=CKV_AWS_338:GP918 reports a planned retention of less than a year, which is the default
  name              = "/aws/ecs/${local.cluster_name}"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.kms_keys.logs
}

# ECS writes to this name whether the group exists or not. Made first, it has our retention and key, and goes with a destroy.
resource "aws_cloudwatch_log_group" "insights" {
  #checkov:skip=CKV_AWS_338:GP918 reports a planned retention of less than a year, which is the default
  name              = "/aws/ecs/containerinsights/${local.cluster_name}/performance"
  retention_in_days = var.logs.retention_days
  kms_key_id        = var.kms_keys.logs
}

resource "aws_ecs_cluster" "this" {
  name = local.cluster_name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }

  depends_on = [aws_cloudwatch_log_group.insights]
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.cluster_name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.size.cpu
  memory                   = var.size.memory_mib
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = upper(var.size.architecture)
  }

  ephemeral_storage {
    size_in_gib = var.size.disk_gib
  }

  dynamic "volume" {
    for_each = toset(["scratch", "scripts"])

    content {
      name = volume.value
    }
  }

  container_definitions = jsonencode([
    {
      name                   = "prepare"
      image                  = var.image
      essential              = false
      user                   = "0"
      readonlyRootFilesystem = true
      entryPoint             = ["python", "-c", file("${path.module}/prepare.py")]
      command                = [local.directories.scripts, local.directories.scratch, jsonencode(local.scripts)]
      linuxParameters        = { capabilities = { drop = ["ALL"] } }
      logConfiguration       = local.log_configuration
      mountPoints = [for name in ["scratch", "scripts"] :
        { sourceVolume = name, containerPath = local.directories[name], readOnly = false }
      ]
    },
    {
      name                   = "server"
      image                  = var.image
      essential              = true
      user                   = "${local.user_id}:${local.user_id}"
      readonlyRootFilesystem = true
      entryPoint             = ["sh", "-ec", local.start, "server"]
      command                = local.arguments
      environment            = [for name, value in local.environment : { name = name, value = value }]
      dependsOn              = [{ containerName = "prepare", condition = "SUCCESS" }]
      portMappings           = [{ containerPort = local.port, hostPort = local.port, protocol = "tcp" }]
      stopTimeout            = 60
      logConfiguration       = local.log_configuration
      mountPoints = [for name in ["scratch", "scripts"] :
        { sourceVolume = name, containerPath = local.directories[name], readOnly = name == "scripts" }
      ]
      linuxParameters = {
        initProcessEnabled = true
        capabilities       = { drop = ["ALL"] }

        # What is secret stays in memory.
        tmpfs = [{ containerPath = local.directories.secrets, size = 1, mountOptions = ["noexec", "nosuid", "nodev"] }]
      }
    },
  ])
}

resource "aws_ecs_service" "this" {
  name                               = "mlflow"
  cluster                            = aws_ecs_cluster.this.arn
  task_definition                    = aws_ecs_task_definition.this.arn
  launch_type                        = "FARGATE"
  platform_version                   = "LATEST"
  desired_count                      = var.tasks.min
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  enable_execute_command             = false
  propagate_tags                     = "SERVICE"
  wait_for_steady_state              = true

  # An upgrade of a large database takes its time, before the server listens.
  health_check_grace_period_seconds = 1800

  network_configuration {
    subnets          = var.network.private_subnet_ids
    security_groups  = [aws_security_group.server.id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.server.arn
    container_name   = "server"
    container_port   = local.port
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  timeouts {
    create = "45m"
    update = "45m"
  }

  lifecycle {
    # The number of tasks belongs to the autoscaler.
    ignore_changes = [desired_count]
  }

  # Without them the first tasks fail, and a circuit breaker has nothing to roll back to.
  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.task,
    aws_lb_listener.https,
    aws_vpc_security_group_egress_rule.https,
    aws_vpc_security_group_egress_rule.to_database,
    aws_vpc_security_group_egress_rule.to_servers,
    aws_vpc_security_group_ingress_rule.from_load_balancer,
  ]
}

resource "aws_appautoscaling_target" "this" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  min_capacity       = var.tasks.min
  max_capacity       = var.tasks.max
}

resource "aws_appautoscaling_policy" "cpu" {
  name               = "${local.cluster_name}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this.service_namespace
  scalable_dimension = aws_appautoscaling_target.this.scalable_dimension
  resource_id        = aws_appautoscaling_target.this.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 70
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
