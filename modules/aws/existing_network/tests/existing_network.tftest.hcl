# Plans only, with the VPC made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_vpc.this
  values = { cidr_block = "10.8.0.0/16", enable_dns_support = true, enable_dns_hostnames = true }
}

override_data {
  target = data.aws_subnet.private["subnet-0aaaaaaaaaaaaaaa1"]
  values = { availability_zone_id = "use1-az4", cidr_block = "10.8.64.0/19", map_public_ip_on_launch = false }
}

override_data {
  target = data.aws_subnet.private["subnet-0aaaaaaaaaaaaaaa2"]
  values = { availability_zone_id = "use1-az2", cidr_block = "10.8.32.0/19", map_public_ip_on_launch = false }
}

variables {
  id                 = "vpc-0a1b2c3d4e5f60718"
  private_subnet_ids = ["subnet-0aaaaaaaaaaaaaaa1", "subnet-0aaaaaaaaaaaaaaa2"]
}

run "readme_example" {
  command = plan

  assert {
    condition     = output.network.id == "vpc-0a1b2c3d4e5f60718" && output.network.cidr == "10.8.0.0/16"
    error_message = "the VPC is looked up"
  }

  assert {
    condition     = output.network.zones == tolist(["use1-az2", "use1-az4"]) && output.network.private_subnet_ids == ["subnet-0aaaaaaaaaaaaaaa2", "subnet-0aaaaaaaaaaaaaaa1"]
    error_message = "subnets come in the order of their zones"
  }

  assert {
    condition     = output.network.private_subnets["use1-az4"].cidr == "10.8.64.0/19"
    error_message = "subnets are found by zone"
  }

  assert {
    condition     = output.network.private_cidrs == ["10.8.32.0/19", "10.8.64.0/19"]
    error_message = "ranges come in the order of zones"
  }

  assert {
    condition     = length(output.network.public_subnet_ids) == 0 && length(output.network.nat_public_ips) == 0
    error_message = "nothing is public unless named"
  }
}

run "asks_for_subnets_of_this_vpc_only" {
  command = plan

  variables {
    public_subnet_ids = ["subnet-0bbbbbbbbbbbbbbb1"]
  }

  assert {
    condition     = alltrue([for s in concat(values(data.aws_subnet.private), values(data.aws_subnet.public)) : s.vpc_id == var.id])
    error_message = "the lookup is bound to the VPC"
  }

  assert {
    condition     = output.network.public_subnet_ids == tolist(["subnet-0bbbbbbbbbbbbbbb1"])
    error_message = "public subnets pass through"
  }
}

run "rejects_two_subnets_in_one_zone" {
  command = plan

  override_data {
    target = data.aws_subnet.private["subnet-0aaaaaaaaaaaaaaa2"]
    values = { availability_zone_id = "use1-az4", cidr_block = "10.8.32.0/19", map_public_ip_on_launch = false }
  }

  expect_failures = [output.network]
}

run "rejects_public_subnet_for_nodes" {
  command = plan

  override_data {
    target = data.aws_subnet.private["subnet-0aaaaaaaaaaaaaaa2"]
    values = { availability_zone_id = "use1-az2", cidr_block = "10.8.32.0/19", map_public_ip_on_launch = true }
  }

  expect_failures = [data.aws_subnet.private]
}

run "rejects_vpc_without_dns_names" {
  command = plan

  override_data {
    target = data.aws_vpc.this
    values = { cidr_block = "10.8.0.0/16", enable_dns_support = true, enable_dns_hostnames = false }
  }

  expect_failures = [data.aws_vpc.this]
}

run "rejects_vpc_id" {
  command = plan

  variables {
    id = "10.8.0.0/16"
  }

  expect_failures = [var.id]
}

run "rejects_one_subnet" {
  command = plan

  variables {
    private_subnet_ids = ["subnet-0aaaaaaaaaaaaaaa1"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "rejects_subnet_names" {
  command = plan

  variables {
    private_subnet_ids = ["private-a", "private-b"]
  }

  expect_failures = [var.private_subnet_ids]
}

run "rejects_public_subnet_names" {
  command = plan

  variables {
    public_subnet_ids = ["public-a"]
  }

  expect_failures = [var.public_subnet_ids]
}

run "rejects_subnet_that_is_both" {
  command = plan

  variables {
    public_subnet_ids = ["subnet-0aaaaaaaaaaaaaaa1"]
  }

  expect_failures = [var.public_subnet_ids]
}
