resource "aws_iam_role" "ebs_csi_driver" {
  name                 = "${var.cluster.name}-ebs-csi-driver"
  description          = "Assumed by the EBS volume driver of ${var.cluster.name}"
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
          "aws:RequestTag/eks-cluster-name"           = var.cluster.name
          "aws:RequestTag/kubernetes-namespace"       = "kube-system"
          "aws:RequestTag/kubernetes-service-account" = "ebs-csi-controller-sa"
        }
      }
    }]
  })
}

# The cluster-scoped policy compares the session tag eks-cluster-name, which pod identity sets, with the
# tags of volumes and instances: this driver cannot touch another cluster's volumes. Driver >= 1.58.0.
resource "aws_iam_role_policy_attachment" "ebs_csi_driver" {
  role       = aws_iam_role.ebs_csi_driver.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AmazonEBSCSIDriverEKSClusterScopedPolicy"
}

# EKS makes a storage class gp2 that does not encrypt, and so may anybody's own. Such a claim fails with an error that says why.
resource "aws_iam_role_policy" "ebs_csi_driver_encryption" {
  name = "encrypted-volumes-only"
  role = aws_iam_role.ebs_csi_driver.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyPlainVolumes"
      Effect    = "Deny"
      Action    = "ec2:CreateVolume"
      Resource  = "arn:${local.partition}:ec2:*:*:volume/*"
      Condition = { Bool = { "ec2:Encrypted" = "false" } }
    }]
  })
}

resource "aws_iam_role_policy" "ebs_csi_driver_key" {
  name = "volumes-key"
  role = aws_iam_role.ebs_csi_driver.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "UseKey"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
        Resource = var.volumes_kms_key
      },
      {
        # EBS keeps using the key while a volume is attached, through a grant it makes in the driver's name.
        Sid       = "GrantKeyToEbs"
        Effect    = "Allow"
        Action    = "kms:CreateGrant"
        Resource  = var.volumes_kms_key
        Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
      },
    ]
  })
}
