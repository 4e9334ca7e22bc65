resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # private names of interface endpoints need it

  tags = {
    Name = var.name
  }
}

# What AWS makes with every VPC is taken over, so that it stays closed and a change to it shows in the plan.
# Nothing uses the default group or the main route table: no rules, no routes.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

  tags = {
    Name = "${var.name}-unused"
  }
}

resource "aws_default_route_table" "this" {
  default_route_table_id = aws_vpc.this.default_route_table_id
  route                  = []

  tags = {
    Name = "${var.name}-unused"
  }
}

# Open on purpose: it is stateless, so any filter has to let answers in on all high ports, and security groups decide instead.
resource "aws_default_network_acl" "this" {
  default_network_acl_id = aws_vpc.this.default_network_acl_id

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }

  tags = {
    Name = var.name
  }

  # Subnets join the default list by themselves.
  lifecycle {
    ignore_changes = [subnet_ids]
  }
}
