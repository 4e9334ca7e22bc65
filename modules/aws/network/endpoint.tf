resource "aws_security_group" "endpoints" {
  name        = "${var.name}-endpoints"
  description = "HTTPS from the VPC to interface endpoints"
  vpc_id      = aws_vpc.this.id

  tags = {
    Name = "${var.name}-endpoints"
  }
}

# Endpoints answer and never call, so there is no egress rule.
resource "aws_vpc_security_group_ingress_rule" "endpoints_https" {
  security_group_id = aws_security_group.endpoints.id
  description       = "HTTPS from the VPC"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = var.cidr
}

# Credentials of a stranger's account do not work from inside: data cannot leave by way of somebody else's registry or log group.
data "aws_iam_policy_document" "interface" {
  for_each = local.guarded_endpoints

  statement {
    sid       = "TrustedIdentities"
    actions   = ["${local.guarded_services[each.key]}:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = local.accounts
    }
  }
}

data "aws_iam_policy_document" "s3" {
  #checkov:skip=CKV_AWS_108:Every statement is held to buckets of trusted accounts by aws:ResourceAccount, which the check does not read, or to buckets by name; GP915 judges the planned policy
  #checkov:skip=CKV_AWS_283:Anonymous and presigned reads carry no principal, and reach the named buckets alone; GP915 judges the planned policy
  #checkov:skip=CKV_AWS_356:Resource * is held to buckets of trusted accounts by aws:ResourceAccount, which the check does not read; GP915 judges the planned policy

  statement {
    sid       = "TrustedIdentitiesAndBuckets"
    actions   = ["s3:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = local.accounts
    }

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = local.accounts
    }
  }

  # Image layers and packages lie in buckets of other accounts and are read anonymously or by presigned links. Those buckets are named,
  # because reading any bucket is enough to get data out: the owner of one logs the keys that were asked for.
  statement {
    sid       = "ReadNamedBuckets"
    actions   = ["s3:GetObject"]
    resources = [for bucket in local.readable_buckets : "arn:${local.partition}:s3:::${bucket}/*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }

  dynamic "statement" {
    for_each = length(var.readable_buckets) == 0 ? [] : ["ListNamedBuckets"]

    content {
      sid       = statement.value
      actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
      resources = [for bucket in sort(var.readable_buckets) : "arn:${local.partition}:s3:::${bucket}"]

      principals {
        type        = "AWS"
        identifiers = ["*"]
      }
    }
  }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = concat([aws_route_table.public.id], [for zone in local.zones : aws_route_table.private[zone].id])
  policy            = data.aws_iam_policy_document.s3.json

  tags = {
    Name = "${var.name}-s3"
  }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.interface_endpoints

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for zone in local.zones : aws_subnet.private[zone].id]
  security_group_ids  = [aws_security_group.endpoints.id]
  policy              = contains(local.guarded_endpoints, each.key) ? data.aws_iam_policy_document.interface[each.key].json : null

  tags = {
    Name = "${var.name}-${each.key}"
  }
}
