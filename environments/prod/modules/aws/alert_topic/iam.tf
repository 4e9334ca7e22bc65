resource "aws_iam_role" "alertmanager" {
  name                 = local.role_name
  description          = "Pods of ${var.identity.namespace}/${var.identity.service_account} in ${var.cluster_name}"
  permissions_boundary = var.permissions_boundary

  # The conditions are session tags that EKS sets: another association in the account cannot use the role.
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
          "aws:RequestTag/kubernetes-namespace"       = var.identity.namespace
          "aws:RequestTag/kubernetes-service-account" = var.identity.service_account
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "alertmanager" {
  name = "publish-alerts"
  role = aws_iam_role.alertmanager.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "PublishAlerts"
        Effect   = "Allow"
        Action   = ["sns:Publish"]
        Resource = [local.topic_arn]
      },
      {
        # SNS encrypts and decrypts with the publisher's permissions: a mailbox needs none on the key.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        Sid      = "EncryptAlerts"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = [var.kms_key]
        Condition = {
          StringEquals = {
            "kms:ViaService"                         = "sns.${local.region}.amazonaws.com"
            "kms:EncryptionContext:aws:sns:topicArn" = local.topic_arn
          }
        }
      },
    ]
  })
}

resource "aws_eks_pod_identity_association" "alertmanager" {
  cluster_name    = var.cluster_name
  namespace       = var.identity.namespace
  service_account = var.identity.service_account
  role_arn        = aws_iam_role.alertmanager.arn
}
