# Nobody reaches a runner. It reaches GitHub, the cloud and the cluster, all by HTTPS.
resource "aws_security_group" "this" {
  name        = local.runner_name
  description = "Runners of the pipeline of ${var.name}"
  vpc_id      = data.aws_eks_cluster.this.vpc_config[0].vpc_id

  tags = {
    Name = local.runner_name
  }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this.id
  description       = "HTTPS to GitHub, AWS and the cluster"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
