resource "aws_launch_template" "this" {
  name          = local.runner_name
  description   = "A runner of ${var.name} for one job"
  image_id      = local.image
  instance_type = var.machines.instance_type
  user_data     = base64encode(local.script)

  # The script ends the machine, and a stopped one would be neither gone nor of use.
  instance_initiated_shutdown_behavior = "terminate"
  update_default_version               = true
  vpc_security_group_ids               = [aws_security_group.this.id]

  iam_instance_profile {
    arn = aws_iam_instance_profile.this.arn
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  block_device_mappings {
    device_name = "/dev/sda1"

    ebs {
      volume_size           = var.machines.disk_gib
      volume_type           = "gp3"
      encrypted             = true
      kms_key_id            = data.aws_kms_alias.disk.target_key_arn
      delete_on_termination = true
    }
  }

  monitoring {
    enabled = false
  }

  dynamic "tag_specifications" {
    for_each = toset(["instance", "network-interface", "volume"])

    content {
      resource_type = tag_specifications.value
      tags          = merge(var.tags, { Name = local.runner_name })
    }
  }
}

# Holds the number: a machine that has done its job is gone, and the next one starts from what the template says by then. A
# new version takes no machine from its job.
resource "aws_autoscaling_group" "this" {
  name                      = local.runner_name
  min_size                  = var.machines.count
  max_size                  = var.machines.count
  desired_capacity          = var.machines.count
  vpc_zone_identifier       = data.aws_eks_cluster.this.vpc_config[0].subnet_ids
  health_check_type         = "EC2"
  wait_for_capacity_timeout = "0"

  # A machine that it would move to another zone may be at a job.
  # https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
  suspended_processes = ["AZRebalance"]

  launch_template {
    id      = aws_launch_template.this.id
    version = aws_launch_template.this.latest_version
  }

  dynamic "tag" {
    for_each = merge(var.tags, { Name = local.runner_name })

    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = false
    }
  }

  depends_on = [
    aws_iam_role_policy.this,
    aws_vpc_security_group_egress_rule.https,
  ]
}
