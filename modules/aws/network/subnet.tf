# The role tags are where the AWS load balancer controller looks for subnets.

resource "aws_subnet" "private" {
  for_each = var.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone_id    = each.key
  cidr_block              = each.value.private_cidr
  map_public_ip_on_launch = false

  tags = {
    Name                              = "${var.name}-private-${each.key}"
    "kubernetes.io/role/internal-elb" = "1"
  }
}

# Pods get their addresses by prefixes of 16. A single address of an interface, an endpoint or a load balancer breaks the block it
# lies in, so the upper three quarters of a subnet are kept for prefixes. A reservation is one block, hence two of them.
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-cidr-reservation.html
resource "aws_ec2_subnet_cidr_reservation" "prefixes" {
  for_each = local.prefix_ranges

  subnet_id        = aws_subnet.private[each.value.zone].id
  cidr_block       = each.value.cidr
  reservation_type = "prefix"
  description      = "Prefixes of the VPC CNI"
}

resource "aws_subnet" "public" {
  for_each = var.zones

  vpc_id                  = aws_vpc.this.id
  availability_zone_id    = each.key
  cidr_block              = each.value.public_cidr
  map_public_ip_on_launch = false # load balancers and NAT gateways bring their own addresses

  tags = {
    Name                     = "${var.name}-public-${each.key}"
    "kubernetes.io/role/elb" = "1"
  }
}
