# The call shown in README.md.
variables {
  name     = "fraud-dev"
  github   = { owner = "acme", repository = "infra", group = "fraud" }
  labels   = ["self-hosted", "fraud-dev"]
  machines = { count = 2, instance_type = "m7i-flex.large" }
  kms_key_aliases = {
    disk   = "alias/fraud-dev-cluster"
    secret = "alias/fraud-dev-database"
  }
  tags = { owner = "ml-platform" }
}

override_data {
  target = data.aws_kms_alias.disk
  values = { target_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000001" }
}

override_data {
  target = data.aws_kms_alias.secret
  values = { target_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000002" }
}

run "machines_for_one_job_each" {
  command = plan

  assert {
    condition     = aws_launch_template.this.instance_initiated_shutdown_behavior == "terminate" && aws_autoscaling_group.this.desired_capacity == 2 && aws_autoscaling_group.this.max_size == 2
    error_message = "A machine that ends is gone, and the group starts another."
  }

  assert {
    condition     = aws_autoscaling_group.this.suspended_processes == toset(["AZRebalance"])
    error_message = "Nothing takes a machine from its job."
  }

  assert {
    condition     = aws_launch_template.this.metadata_options[0].http_tokens == "required" && aws_launch_template.this.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "Metadata by IMDSv2 alone."
  }

  assert {
    condition     = aws_launch_template.this.block_device_mappings[0].ebs[0].encrypted == "true" && aws_launch_template.this.block_device_mappings[0].ebs[0].kms_key_id == data.aws_kms_alias.disk.target_key_arn
    error_message = "The disk is encrypted with the given key."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.https.to_port == 443 && aws_vpc_security_group_egress_rule.https.ip_protocol == "tcp"
    error_message = "HTTPS is the only way out."
  }

  assert {
    condition     = aws_secretsmanager_secret.this.name == "fraud-dev/runner" && aws_secretsmanager_secret.this.kms_key_id == data.aws_kms_alias.secret.target_key_arn
    error_message = "The secret is the environment's and has the given key."
  }
}

run "refuses_bad_name" {
  command = plan

  variables {
    name = "Fraud"
  }

  expect_failures = [var.name]
}

run "refuses_a_server_without_https" {
  command = plan

  variables {
    github = { owner = "acme", repository = "infra", api = "http://api.example.com" }
  }

  expect_failures = [var.github]
}

run "refuses_an_owner_with_a_slash" {
  command = plan

  variables {
    github = { owner = "acme/x", repository = "infra" }
  }

  expect_failures = [var.github]
}

run "refuses_a_group_with_quotes" {
  command = plan

  variables {
    github = { owner = "acme", repository = "infra", group = "a'b" }
  }

  expect_failures = [var.github]
}

run "refuses_no_labels" {
  command = plan

  variables {
    labels = []
  }

  expect_failures = [var.labels]
}

run "refuses_no_machines" {
  command = plan

  variables {
    machines = { count = 0, instance_type = "m7i-flex.large" }
  }

  expect_failures = [var.machines]
}

run "refuses_graviton" {
  command = plan

  variables {
    machines = { instance_type = "m8g.large" }
  }

  expect_failures = [var.machines]
}

run "refuses_a_small_disk" {
  command = plan

  variables {
    machines = { instance_type = "m7i-flex.large", disk_gib = 8 }
  }

  expect_failures = [var.machines]
}

run "refuses_keys_that_are_no_aliases" {
  command = plan

  variables {
    kms_key_aliases = { disk = "fraud-dev-cluster", secret = "alias/fraud-dev-database" }
  }

  expect_failures = [var.kms_key_aliases]
}

run "refuses_bad_boundary" {
  command = plan

  variables {
    permissions_boundary = "boundary"
  }

  expect_failures = [var.permissions_boundary]
}
