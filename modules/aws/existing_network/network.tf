data "aws_vpc" "this" {
  id = var.id

  lifecycle {
    postcondition {
      condition     = self.enable_dns_support && self.enable_dns_hostnames
      error_message = "VPC ${var.id}: enableDnsSupport and enableDnsHostnames have to be on, or nodes do not find the private endpoint of the cluster."
    }
  }
}

# Asked for with their VPC: a subnet of another VPC is not found.
data "aws_subnet" "private" {
  for_each = var.private_subnet_ids

  id     = each.key
  vpc_id = var.id

  lifecycle {
    postcondition {
      condition     = !self.map_public_ip_on_launch
      error_message = "private_subnet_ids: ${each.key} gives instances public addresses; nodes belong in subnets that do not."
    }
  }
}

data "aws_subnet" "public" {
  for_each = var.public_subnet_ids

  id     = each.key
  vpc_id = var.id
}
