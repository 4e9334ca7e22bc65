data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  zones     = sort(keys(var.zones))
  accounts  = sort(concat([local.account], tolist(var.trusted_accounts)))

  # Of this region, because the endpoint carries nothing to others; what lies elsewhere is reached through NAT.
  # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
  # https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
  # https://github.com/kubernetes/registry.k8s.io/blob/main/cmd/archeio/docs/request-handling.md
  # quay.io sends clients in the region of its own bucket, us-east-1, there.
  readable_buckets = sort(concat(
    [
      "al2023-repos-${var.region}-de612dc2",
      "prod-${var.region}-starport-layer-bucket",
      "prod-registry-k8s-io-${var.region}",
      "quayio-production-s3",
    ],
    tolist(var.readable_buckets),
  ))

  # The upper half and the quarter below it of each private subnet of /26 or larger, where a quarter is a prefix at least.
  prefix_ranges = merge([
    for zone, subnet in var.zones : tonumber(split("/", subnet.private_cidr)[1]) > 26 ? {} : {
      "${zone}-half"    = { zone = zone, cidr = cidrsubnet(subnet.private_cidr, 1, 1) }
      "${zone}-quarter" = { zone = zone, cidr = cidrsubnet(subnet.private_cidr, 2, 1) }
    }
  ]...)

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
