locals {
  # Grouped, so that two subnets in one zone reach the precondition instead of failing on the second key.
  private_by_zone = { for subnet in data.aws_subnet.private : subnet.availability_zone_id => { id = subnet.id, cidr = subnet.cidr_block, zone_name = subnet.availability_zone }... }
  zones           = sort(keys(local.private_by_zone))
}
