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

variables {
  name   = "fraud-dev"
  region = "us-east-1"
  cidr   = "10.20.0.0/16"
  zones = {
    use1-az4 = { private_cidr = "10.20.64.0/19", public_cidr = "10.20.1.0/24" }
    use1-az2 = { private_cidr = "10.20.32.0/19", public_cidr = "10.20.0.0/24" }
    use1-az6 = { private_cidr = "10.20.96.0/19", public_cidr = "10.20.2.0/24" }
  }
  flow_logs = { kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001" }
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.network.zones == tolist(["use1-az2", "use1-az4", "use1-az6"]) && output.network.cidr == "10.20.0.0/16"
    error_message = "zones come out sorted"
  }

  assert {
    condition     = length(output.network.private_subnet_ids) == 3 && length(output.network.public_subnet_ids) == 3
    error_message = "two subnets per zone"
  }

  assert {
    condition     = output.network.private_subnets["use1-az4"].cidr == "10.20.64.0/19" && aws_subnet.private["use1-az4"].availability_zone_id == "use1-az4"
    error_message = "subnets lie where the input says"
  }

  assert {
    condition = (
      length(aws_ec2_subnet_cidr_reservation.prefixes) == 6 &&
      aws_ec2_subnet_cidr_reservation.prefixes["use1-az4-half"].cidr_block == "10.20.80.0/20" &&
      aws_ec2_subnet_cidr_reservation.prefixes["use1-az4-quarter"].cidr_block == "10.20.72.0/21" &&
      alltrue([for r in aws_ec2_subnet_cidr_reservation.prefixes : r.reservation_type == "prefix"])
    )
    error_message = "the upper three quarters of each private subnet are kept for prefixes"
  }

  assert {
    condition     = !anytrue([for s in concat(values(aws_subnet.private), values(aws_subnet.public)) : s.map_public_ip_on_launch])
    error_message = "no instance gets a public address by itself"
  }

  assert {
    condition = (
      alltrue([for s in aws_subnet.private : s.tags["kubernetes.io/role/internal-elb"] == "1"]) &&
      alltrue([for s in aws_subnet.public : s.tags["kubernetes.io/role/elb"] == "1"])
    )
    error_message = "load balancers find their subnets by tag"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3 && length(aws_eip.nat) == 3 && length(aws_route.private_nat) == 3
    error_message = "a NAT gateway per zone is the default"
  }

  assert {
    condition     = length(aws_default_route_table.this.route) == 0
    error_message = "the main route table leads nowhere"
  }

  assert {
    condition     = aws_cloudwatch_log_group.flow_logs.retention_in_days == 365 && aws_cloudwatch_log_group.flow_logs.kms_key_id == var.flow_logs.kms_key
    error_message = "flow logs are encrypted and kept for a year"
  }

  assert {
    condition     = toset(data.aws_iam_policy_document.flow_logs_write.statement[0].resources) == toset(["arn:aws:logs:us-east-1:111122223333:log-group:/aws/vpc/fraud-dev/flow-logs:*"])
    error_message = "flow logs may write to their own group only"
  }

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL"
    error_message = "refused and accepted connections are logged"
  }
}

run "endpoints" {
  command = plan

  assert {
    condition     = aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && aws_vpc_endpoint.s3.service_name == "com.amazonaws.us-east-1.s3"
    error_message = "S3 has a gateway endpoint"
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 9 && aws_vpc_endpoint.interface["ecr.dkr"].service_name == "com.amazonaws.us-east-1.ecr.dkr" && alltrue([for e in aws_vpc_endpoint.interface : e.private_dns_enabled])
    error_message = "what nodes call has an endpoint under its usual name"
  }

  assert {
    condition     = toset(keys(data.aws_iam_policy_document.interface)) == toset(["ecr.api", "ecr.dkr", "logs"])
    error_message = "endpoints that carry data have a policy"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.interface["ecr.api"].statement[0].condition).values == tolist(["111122223333"])
    error_message = "identities of this account only"
  }

  assert {
    condition     = length(data.aws_iam_policy_document.s3.statement) == 2 && data.aws_iam_policy_document.s3.statement[1].actions == toset(["s3:GetObject"])
    error_message = "buckets of strangers are read, never written or listed"
  }

  assert {
    condition     = alltrue([for c in data.aws_iam_policy_document.s3.statement[0].condition : c.values == tolist(["111122223333"])]) && length(data.aws_iam_policy_document.s3.statement[0].condition) == 2
    error_message = "identities and buckets of this account"
  }

  assert {
    condition = data.aws_iam_policy_document.s3.statement[1].resources == toset([
      "arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*",
      "arn:aws:s3:::prod-registry-k8s-io-us-east-1/*",
      "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*",
      "arn:aws:s3:::quayio-production-s3/*",
    ])
    error_message = "no bucket of a stranger but those that images and packages come from"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints_https.cidr_ipv4 == "10.20.0.0/16" && aws_vpc_security_group_ingress_rule.endpoints_https.from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints_https.to_port == 443
    error_message = "endpoints answer HTTPS from the VPC only"
  }
}

run "single_nat" {
  command = plan

  variables {
    nat = "single"
  }

  assert {
    condition     = keys(aws_nat_gateway.this) == ["use1-az2"] && length(aws_route.private_nat) == 3
    error_message = "one gateway in the first zone, used by all"
  }
}

run "no_nat" {
  command = plan

  variables {
    nat = "none"
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_eip.nat) == 0 && length(aws_route.private_nat) == 0 && length(output.network.nat_public_ips) == 0
    error_message = "private subnets have no way out"
  }
}

run "no_interface_endpoints_and_a_trusted_account" {
  command = plan

  variables {
    interface_endpoints = []
    trusted_accounts    = ["444455556666"]
    flow_logs           = { kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001", retention_days = 30 }
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && aws_cloudwatch_log_group.flow_logs.retention_in_days == 30
    error_message = "endpoints and retention follow the input"
  }

  assert {
    condition     = alltrue([for c in data.aws_iam_policy_document.s3.statement[0].condition : c.values == tolist(["111122223333", "444455556666"])])
    error_message = "buckets of the trusted account may be written"
  }
}

run "rejects_name" {
  command = plan
  variables {
    name = "fraud dev"
  }
  expect_failures = [var.name]
}

run "rejects_region" {
  command = plan
  variables {
    region = "us-east-1a"
  }
  expect_failures = [var.region]
}

run "rejects_cidr_with_host_bits" {
  command = plan
  variables {
    cidr = "10.20.1.0/16"
  }
  expect_failures = [var.cidr]
}

run "rejects_cidr_that_is_too_large" {
  command = plan
  variables {
    cidr = "10.0.0.0/8"
  }
  expect_failures = [var.cidr]
}

run "rejects_public_cidr" {
  command = plan
  variables {
    cidr = "8.8.0.0/16"
  }
  expect_failures = [var.cidr]
}

run "rejects_one_zone" {
  command = plan
  variables {
    zones = { use1-az1 = { private_cidr = "10.20.32.0/19", public_cidr = "10.20.0.0/24" } }
  }
  expect_failures = [var.zones]
}

run "rejects_zone_names" {
  command = plan
  variables {
    zones = {
      us-east-1a = { private_cidr = "10.20.32.0/19", public_cidr = "10.20.0.0/24" }
      us-east-1b = { private_cidr = "10.20.64.0/19", public_cidr = "10.20.1.0/24" }
    }
  }
  expect_failures = [var.zones]
}

run "rejects_tiny_subnet" {
  command = plan
  variables {
    zones = {
      use1-az1 = { private_cidr = "10.20.32.0/19", public_cidr = "10.20.0.0/29" }
      use1-az2 = { private_cidr = "10.20.64.0/19", public_cidr = "10.20.1.0/24" }
    }
  }
  expect_failures = [var.zones]
}

run "rejects_subnet_outside" {
  command = plan
  variables {
    zones = {
      use1-az1 = { private_cidr = "10.21.32.0/19", public_cidr = "10.20.0.0/24" }
      use1-az2 = { private_cidr = "10.20.64.0/19", public_cidr = "10.20.1.0/24" }
    }
  }
  expect_failures = [var.zones]
}

run "rejects_overlap" {
  command = plan
  variables {
    zones = {
      use1-az1 = { private_cidr = "10.20.32.0/19", public_cidr = "10.20.48.0/24" }
      use1-az2 = { private_cidr = "10.20.64.0/19", public_cidr = "10.20.1.0/24" }
    }
  }
  expect_failures = [var.zones]
}

run "rejects_nat" {
  command = plan
  variables {
    nat = "regional"
  }
  expect_failures = [var.nat]
}

run "readable_buckets" {
  command = plan

  variables {
    readable_buckets = ["openaq-data-archive"]
  }

  assert {
    condition     = contains(data.aws_iam_policy_document.s3.statement[1].resources, "arn:aws:s3:::openaq-data-archive/*") && length(data.aws_iam_policy_document.s3.statement[1].resources) == 5
    error_message = "a bucket that is named may be read"
  }

  assert {
    condition     = data.aws_iam_policy_document.s3.statement[2].resources == toset(["arn:aws:s3:::openaq-data-archive"])
    error_message = "and listed, it alone"
  }
}

run "rejects_a_wildcard_for_a_readable_bucket" {
  command = plan
  variables {
    readable_buckets = ["*"]
  }
  expect_failures = [var.readable_buckets]
}

run "rejects_s3_interface_endpoint" {
  command = plan
  variables {
    interface_endpoints = ["s3"]
  }
  expect_failures = [var.interface_endpoints]
}

run "rejects_account_number" {
  command = plan
  variables {
    trusted_accounts = ["12345"]
  }
  expect_failures = [var.trusted_accounts]
}

run "rejects_key_alias" {
  command = plan
  variables {
    flow_logs = { kms_key = "alias/logs" }
  }
  expect_failures = [var.flow_logs]
}

run "rejects_retention" {
  command = plan
  variables {
    flow_logs = { kms_key = "arn:aws:kms:us-east-1:111122223333:key/0d990263-0000-4000-8000-000000000001", retention_days = 10 }
  }
  expect_failures = [var.flow_logs]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.flow_logs.permissions_boundary == var.permissions_boundary
    error_message = "roles carry the boundary"
  }
}

run "rejects_name_as_permissions_boundary" {
  command = plan

  variables {
    permissions_boundary = "bounded"
  }

  expect_failures = [var.permissions_boundary]
}
