output "network" {
  description = "`id` and `cidr` of the VPC; `zones` (zone IDs, sorted); `private_subnet_ids` and `public_subnet_ids` in the order of `zones`, as `private_cidrs`; `private_subnets` by zone: `id`, `cidr`, `zone_name` in this account; `nat_gateway_ids` by zone, `nat_public_ips`: addresses that the outside sees."
  value = {
    id                 = aws_vpc.this.id
    cidr               = aws_vpc.this.cidr_block
    zones              = local.zones
    private_subnet_ids = [for zone in local.zones : aws_subnet.private[zone].id]
    private_subnets    = { for zone, subnet in aws_subnet.private : zone => { id = subnet.id, cidr = subnet.cidr_block, zone_name = subnet.availability_zone } }
    private_cidrs      = [for zone in local.zones : var.zones[zone].private_cidr]
    public_subnet_ids  = [for zone in local.zones : aws_subnet.public[zone].id]
    nat_gateway_ids    = { for zone, gateway in aws_nat_gateway.this : zone => gateway.id }
    nat_public_ips     = [for address in aws_eip.nat : address.public_ip]
  }

  # Nodes started in a subnet without its routes and endpoints never join.
  depends_on = [
    aws_ec2_subnet_cidr_reservation.prefixes,
    aws_route.private_nat,
    aws_route_table_association.private,
    aws_vpc_endpoint.s3,
    aws_vpc_endpoint.interface,
    aws_vpc_security_group_ingress_rule.endpoints_https,
  ]
}
