data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_iam_role" "controller" {
  name                 = "${var.cluster_name}-load-balancer"
  description          = "AWS Load Balancer Controller of ${var.cluster_name}"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = ["sts:AssumeRole", "sts:TagSession"]
      Principal = { Service = "pods.eks.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = local.account_id
          "aws:RequestTag/eks-cluster-arn"            = local.cluster_arn
          "aws:RequestTag/kubernetes-namespace"       = var.namespace
          "aws:RequestTag/kubernetes-service-account" = var.service_account
        }
      }
    }]
  })
}

# The controller's own policy, without what is turned off in the chart (WAF, Shield, Cognito), and with the name of the
# cluster where that policy asks only for some name:
# https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
# AWS limits the same controller in EKS Auto Mode in this way, listeners, rules and security group rules too:
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEKSLoadBalancingPolicy.html
resource "aws_iam_role_policy" "controller" {
  name = "own-load-balancers"
  role = aws_iam_role.controller.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # None of these can be limited to a resource; they only read.
        Sid    = "Look"
        Effect = "Allow"
        Action = [
          "acm:ListCertificates",
          "ec2:DescribeAccountAttributes",
          "ec2:DescribeAddresses",
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeInstances",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeIpamPools",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeTags",
          "ec2:DescribeVpcPeeringConnections",
          "ec2:DescribeVpcs",
          "elasticloadbalancing:DescribeCapacityReservation",
          "elasticloadbalancing:DescribeListenerAttributes",
          "elasticloadbalancing:DescribeListenerCertificates",
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeLoadBalancerAttributes",
          "elasticloadbalancing:DescribeLoadBalancers",
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeSSLPolicies",
          "elasticloadbalancing:DescribeTags",
          "elasticloadbalancing:DescribeTargetGroupAttributes",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
          "elasticloadbalancing:DescribeTrustStores",
        ]
        Resource = "*"
      },
      {
        Sid      = "LookAtSecurityGroups"
        Effect   = "Allow"
        Action   = "ec2:GetSecurityGroupsForVpc"
        Resource = "arn:${local.partition}:ec2:${local.region}:${local.account_id}:vpc/*"
      },
      {
        Sid      = "LookAtCertificates"
        Effect   = "Allow"
        Action   = "acm:DescribeCertificate"
        Resource = "arn:${local.partition}:acm:${local.region}:${local.account_id}:certificate/*"
      },
      {
        Sid       = "FirstLoadBalancerOfTheAccount"
        Effect    = "Allow"
        Action    = "iam:CreateServiceLinkedRole"
        Resource  = local.service_linked_role_arn
        Condition = { StringEquals = { "iam:AWSServiceName" = "elasticloadbalancing.amazonaws.com" } }
      },
      {
        Sid      = "MakeLoadBalancers"
        Effect   = "Allow"
        Action   = "elasticloadbalancing:CreateLoadBalancer"
        Resource = local.load_balancers_arn
        Condition = {
          StringEquals = merge(local.asks_for_own_tag, { "elasticloadbalancing:Scheme" = sort(var.schemes) })
        }
      },
      {
        Sid       = "MakeParts"
        Effect    = "Allow"
        Action    = ["elasticloadbalancing:CreateListener", "elasticloadbalancing:CreateRule", "elasticloadbalancing:CreateTargetGroup"]
        Resource  = local.everything_of_elb
        Condition = { StringEquals = local.asks_for_own_tag }
      },
      {
        Sid      = "TagWhatIsMade"
        Effect   = "Allow"
        Action   = "elasticloadbalancing:AddTags"
        Resource = local.everything_of_elb
        Condition = {
          StringEquals = merge(local.asks_for_own_tag, {
            "elasticloadbalancing:CreateAction" = ["CreateListener", "CreateLoadBalancer", "CreateRule", "CreateTargetGroup"]
          })
        }
      },
      {
        Sid       = "TagOwn"
        Effect    = "Allow"
        Action    = ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"]
        Resource  = local.everything_of_elb
        Condition = merge({ StringEquals = local.has_own_tag }, local.keeps_own_tag)
      },
      {
        Sid    = "ChangeOwn"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:AddListenerCertificates",
          "elasticloadbalancing:DeleteListener",
          "elasticloadbalancing:DeleteLoadBalancer",
          "elasticloadbalancing:DeleteRule",
          "elasticloadbalancing:DeleteTargetGroup",
          "elasticloadbalancing:DeregisterTargets",
          "elasticloadbalancing:ModifyCapacityReservation",
          "elasticloadbalancing:ModifyIpPools",
          "elasticloadbalancing:ModifyListener",
          "elasticloadbalancing:ModifyListenerAttributes",
          "elasticloadbalancing:ModifyLoadBalancerAttributes",
          "elasticloadbalancing:ModifyRule",
          "elasticloadbalancing:ModifyTargetGroup",
          "elasticloadbalancing:ModifyTargetGroupAttributes",
          "elasticloadbalancing:RegisterTargets",
          "elasticloadbalancing:RemoveListenerCertificates",
          "elasticloadbalancing:SetIpAddressType",
          "elasticloadbalancing:SetSecurityGroups",
          "elasticloadbalancing:SetSubnets",
        ]
        Resource  = local.everything_of_elb
        Condition = { StringEquals = local.has_own_tag }
      },
      {
        # Tags of rules do not count here: neither policy above asks for one.
        Sid      = "OrderRules"
        Effect   = "Allow"
        Action   = "elasticloadbalancing:SetRulePriorities"
        Resource = local.rules_arn
      },
      {
        Sid      = "MakeSecurityGroupsSomewhere"
        Effect   = "Allow"
        Action   = "ec2:CreateSecurityGroup"
        Resource = local.networks_arn
      },
      {
        Sid       = "MakeSecurityGroups"
        Effect    = "Allow"
        Action    = "ec2:CreateSecurityGroup"
        Resource  = local.security_groups_arn
        Condition = { StringEquals = local.asks_for_own_tag }
      },
      {
        Sid       = "TagSecurityGroupsMade"
        Effect    = "Allow"
        Action    = "ec2:CreateTags"
        Resource  = local.security_groups_arn
        Condition = { StringEquals = merge(local.asks_for_own_tag, { "ec2:CreateAction" = "CreateSecurityGroup" }) }
      },
      {
        Sid       = "TagOwnSecurityGroups"
        Effect    = "Allow"
        Action    = ["ec2:CreateTags", "ec2:DeleteTags"]
        Resource  = local.security_groups_arn
        Condition = merge({ StringEquals = local.has_own_tag }, local.keeps_own_tag)
      },
      {
        Sid       = "ChangeOwnSecurityGroups"
        Effect    = "Allow"
        Action    = ["ec2:AuthorizeSecurityGroupIngress", "ec2:DeleteSecurityGroup", "ec2:RevokeSecurityGroupIngress"]
        Resource  = local.security_groups_arn
        Condition = { StringEquals = local.has_own_tag }
      },
      {
        # EKS puts the tag on the cluster's security group, which nodes and pods have.
        Sid       = "LetLoadBalancersReachPods"
        Effect    = "Allow"
        Action    = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
        Resource  = local.security_groups_arn
        Condition = { StringEquals = { "aws:ResourceTag/kubernetes.io/cluster/${var.cluster_name}" = "owned" } }
      },
      {
        # Of no use without one of the two statements above: EC2 asks for the group as well.
        Sid      = "RulesOfThoseSecurityGroups"
        Effect   = "Allow"
        Action   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
        Resource = local.security_group_rules_arn
      },
    ]
  })
}

resource "aws_eks_pod_identity_association" "controller" {
  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.controller.arn
}
