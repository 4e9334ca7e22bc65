resource "aws_sns_topic" "alerts" {
  name              = local.topic_name
  display_name      = local.topic_name # the sender's name in mails
  kms_master_key_id = var.kms_key
}

# Two refusals and no permission: identities of this account have theirs from IAM, others none. The role stands in a condition, because
# SNS refuses a policy whose principal does not exist yet.
resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # What a topic policy may speak about; SNS refuses sns:* here.
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action = [
          "sns:AddPermission",
          "sns:DeleteTopic",
          "sns:GetTopicAttributes",
          "sns:ListSubscriptionsByTopic",
          "sns:Publish",
          "sns:RemovePermission",
          "sns:SetTopicAttributes",
          "sns:Subscribe",
        ]
        Resource  = local.topic_arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        # AWS services have no principal ARN and are refused as well.
        Sid       = "PublishByAlertmanagerOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sns:Publish"
        Resource  = local.topic_arn
        Condition = { ArnNotEquals = { "aws:PrincipalArn" = local.role_arn } }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.emails

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.key

  # Nobody hears anything before the policy says who may speak.
  depends_on = [aws_sns_topic_policy.alerts]
}
