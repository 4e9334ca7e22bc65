# Who may take a role stands in `trusts` alone: an issuer's provider, tokens for this audience, and every claim by whole values.
resource "aws_iam_role" "this" {
  #checkov:skip=CKV_AWS_393:GP920 reports a planned trust with wildcards or without an audience; checkov 3.3.30 does not know subjects with ids (2026-11-29)
  for_each = local.role_names

  name                 = each.value
  description          = local.descriptions[each.key]
  max_session_duration = each.key == "apply" ? var.session_hours * 3600 : 3600
  permissions_boundary = each.key == "apply" ? aws_iam_policy.boundary.arn : null

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.trust_statements[each.key]
  })

  depends_on = [aws_iam_openid_connect_provider.this]
}

resource "aws_iam_role_policy" "states" {
  for_each = local.state_statements

  name = "states"
  role = aws_iam_role.this[each.key].id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = each.value
  })
}

resource "aws_iam_policy" "read" {
  #checkov:skip=CKV_AWS_355:Describe, Get and List of settings, which is what a plan compares; a validation refuses every other action, and secrets
  name        = "${var.name}-ci-read"
  description = "What a plan of ${var.name} reads: settings, no data"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for statement in [
      {
        Sid      = "Look"
        Effect   = "Allow"
        Action   = [for action in sort(distinct(var.actions.read)) : action if !contains(["s3:ListBucket", "ssm:GetParameter"], action)]
        Resource = ["*"]
      },
      {
        Sid      = "FindBuckets"
        Effect   = "Allow"
        Action   = [for action in var.actions.read : action if action == "s3:ListBucket"]
        Resource = concat(local.bucket_arns, [local.state_bucket_arn], local.log_bucket_arns)
      },
      {
        Sid      = "ReadPublicParameters"
        Effect   = "Allow"
        Action   = [for action in var.actions.read : action if action == "ssm:GetParameter"]
        Resource = ["arn:${local.partition}:ssm:${local.region}::parameter/aws/service/*"]
      },
    ] : statement if length(statement.Action) > 0]
  })

  lifecycle {
    precondition {
      condition     = length(join("\",\"", var.actions.read)) < 5000
      error_message = "actions: read has more than a policy of 6,144 characters holds."
    }
  }
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each = local.role_names

  role       = aws_iam_role.this[each.key].name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_policy" "write" {
  for_each = local.write_statements

  name        = "${var.name}-ci-apply-${each.key}"
  description = "What an apply of ${var.name} does: ${each.key}"

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = each.value
  })

  lifecycle {
    precondition {
      condition     = length(jsonencode(each.value)) <= 6000
      error_message = "actions: those of ${each.key} have ${length(jsonencode(each.value))} characters, of which a policy takes 6,144."
    }
  }
}

resource "aws_iam_role_policy_attachment" "write" {
  for_each = local.write_statements

  role       = aws_iam_role.this["apply"].name
  policy_arn = aws_iam_policy.write[each.key].arn
}
