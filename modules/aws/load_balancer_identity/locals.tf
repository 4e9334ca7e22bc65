locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.region

  cluster_arn = "arn:${local.partition}:eks:${local.region}:${local.account_id}:cluster/${var.cluster_name}"

  ec2 = "arn:${local.partition}:ec2:${local.region}:${local.account_id}"
  elb = "arn:${local.partition}:elasticloadbalancing:${local.region}:${local.account_id}"

  security_groups_arn      = "${local.ec2}:security-group/*"
  security_group_rules_arn = "${local.ec2}:security-group-rule/*"
  networks_arn             = "${local.ec2}:vpc/*"

  load_balancers_arn = "${local.elb}:loadbalancer/*"
  listeners_arn      = "${local.elb}:listener/*"
  rules_arn          = "${local.elb}:listener-rule/*"
  target_groups_arn  = "${local.elb}:targetgroup/*"
  everything_of_elb  = [local.load_balancers_arn, local.listeners_arn, local.rules_arn, local.target_groups_arn]

  service_linked_role_arn = "arn:${local.partition}:iam::${local.account_id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing"

  # The controller puts the tag on everything it makes, in the request that makes it.
  asks_for_own_tag = { "aws:RequestTag/elbv2.k8s.aws/cluster" = var.cluster_name }
  has_own_tag      = { "aws:ResourceTag/elbv2.k8s.aws/cluster" = var.cluster_name }

  # A request that names the tag would change whose the thing is.
  keeps_own_tag = { "ForAllValues:StringNotEquals" = { "aws:TagKeys" = ["elbv2.k8s.aws/cluster"] } }
}
