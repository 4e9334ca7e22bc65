locals {
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.region

  cluster_arn = "arn:${data.aws_partition.current.partition}:eks:${local.region}:${local.account_id}:cluster/${var.cluster_name}"

  # An identity without relations may do nothing and has no policy.
  related = { for name, identity in var.identities : name => {
    all     = distinct(concat(identity.reads, identity.writes))
    writes  = identity.writes
    secrets = identity.secrets
  } if length(identity.reads) + length(identity.writes) + length(identity.secrets) > 0 }

  read_statements = { for name, buckets in local.related : name => [for statement in [
    {
      Sid      = "ListBuckets"
      Effect   = "Allow"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
      Resource = buckets.all
    },
    {
      Sid      = "ReadObjects"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [for arn in buckets.all : "${arn}/*"]
    },
    {
      # The encryption context is the bucket with bucket keys, else the object: the key opens nothing that
      # the statement above does not.
      Sid      = "DecryptObjects"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.kms_key]
      Condition = {
        StringEquals = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" }
        StringLike   = { "kms:EncryptionContext:aws:s3:arn" = flatten([for arn in buckets.all : [arn, "${arn}/*"]]) }
      }
    },
  ] : statement if length(buckets.all) > 0] }

  write_statements = { for name, buckets in local.related : name => [for statement in [
    {
      Sid      = "ListUploads"
      Effect   = "Allow"
      Action   = ["s3:ListBucketMultipartUploads"]
      Resource = buckets.writes
    },
    {
      Sid      = "WriteObjects"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
      Resource = [for arn in buckets.writes : "${arn}/*"]
    },
    {
      Sid      = "EncryptObjects"
      Effect   = "Allow"
      Action   = ["kms:GenerateDataKey"]
      Resource = [var.kms_key]
      Condition = {
        StringEquals = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" }
        StringLike   = { "kms:EncryptionContext:aws:s3:arn" = flatten([for arn in buckets.writes : [arn, "${arn}/*"]]) }
      }
    },
  ] : statement if length(buckets.writes) > 0] }

  secret_statements = { for name, related in local.related : name => [for statement in [
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
      Resource = related.secrets
    },
    {
      Sid      = "DecryptSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.secrets_kms_key]
      Condition = {
        StringEquals = {
          "kms:ViaService"                  = "secretsmanager.${local.region}.amazonaws.com"
          "kms:EncryptionContext:SecretARN" = related.secrets
        }
      }
    },
  ] : statement if length(related.secrets) > 0] }
}
