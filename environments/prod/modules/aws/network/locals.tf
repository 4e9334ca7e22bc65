data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  zones     = sort(keys(var.zones))
  accounts  = sort(concat([local.account], tolist(var.trusted_accounts)))

  # Zone of the NAT gateway that each zone's private subnet leaves through.
  nat_zone = {
    single   = { for zone in local.zones : zone => local.zones[0] }
    per_zone = { for zone in local.zones : zone => zone }
    none     = {}
  }[var.nat]

  # Services whose calls carry data or credentials and which take endpoint policies, with the prefix of their actions. Not sts:
  # calls with a web identity are unsigned, so a policy that asks for the caller's account would refuse them.
  guarded_services = {
    "ecr.api"        = "ecr"
    "ecr.dkr"        = "ecr"
    "kms"            = "kms"
    "logs"           = "logs"
    "secretsmanager" = "secretsmanager"
    "ssm"            = "ssm"
  }
  guarded_endpoints = setintersection(var.interface_endpoints, keys(local.guarded_services))

  # From the name instead of the resource, so that a plan shows the whole policy.
  flow_log_group     = "/aws/vpc/${var.name}/flow-logs"
  flow_log_group_arn = "arn:${local.partition}:logs:${var.region}:${local.account}:log-group:${local.flow_log_group}"
}
