output "network" {
  description = "The object that `network` gives: `id`, `cidr`, `zones` (sorted), `private_subnet_ids` in the order of `zones`, `private_subnets` by zone: `id`, `cidr`, `zone_name` in this account; `private_cidrs` in the same order; `public_subnet_ids`; `nat_gateway_ids` and `nat_public_ips`, always empty here."
  value = {
    id                 = data.aws_vpc.this.id
    cidr               = data.aws_vpc.this.cidr_block
    zones              = local.zones
    private_subnet_ids = [for zone in local.zones : local.private_by_zone[zone][0].id]
    private_subnets    = { for zone, subnets in local.private_by_zone : zone => subnets[0] }
    private_cidrs      = [for zone in local.zones : local.private_by_zone[zone][0].cidr]
    public_subnet_ids  = sort([for subnet in data.aws_subnet.public : subnet.id])
    nat_gateway_ids    = {}
    nat_public_ips     = []
  }

  precondition {
    condition     = length(local.zones) == length(var.private_subnet_ids)
    error_message = "private_subnet_ids: each in a zone of its own; got ${jsonencode({ for zone, subnets in local.private_by_zone : zone => subnets[*].id })}."
  }
}
