locals {
  account_id = data.aws_caller_identity.current.account_id
  region     = data.aws_region.current.region

  cluster_arn = "arn:${data.aws_partition.current.partition}:eks:${local.region}:${local.account_id}:cluster/${var.cluster_name}"

  # In characters, without white space, of which jsonencode writes none. Ten attached policies are the default, up to 20 on request.
  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  inline_policy_characters  = 10240
  managed_policy_characters = 6144
  managed_policies          = 10

  # By count, because a first plan may not know the ARNs: a bucket takes at most 348 characters (four times its ARN, with the longest
  # name and partition), the statements around the buckets at most 1,400.
  inline_buckets  = 20
  managed_buckets = 13
  most_buckets    = local.inline_buckets + local.managed_buckets * local.managed_policies

  # An identity without relations may do nothing and has no policy.
  related = { for name, identity in var.identities : name => concat(
    [for arn in identity.reads : { arn = arn, writes = false }],
    [for arn in identity.writes : { arn = arn, writes = true }],
  ) if length(identity.reads) + length(identity.writes) + length(identity.secrets) > 0 }

  # What the role itself carries, and further policies where that is too much for it.
  inline = { for name, buckets in local.related : name => slice(buckets, 0, min(length(buckets), local.inline_buckets)) }

  attached = merge([for name, buckets in local.related : {
    for start in range(local.inline_buckets, max(length(buckets), local.inline_buckets), local.managed_buckets) :
    "${name}-${floor((start - local.inline_buckets) / local.managed_buckets) + 1}" => {
      identity = name
      buckets  = slice(buckets, start, min(start + local.managed_buckets, length(buckets)))
    }
  }]...)

  bucket_lists = merge(
    { for name, buckets in local.inline : "inline ${name}" => buckets },
    { for name, policy in local.attached : "attached ${name}" => policy.buckets },
  )

  # Who writes may read: a bucket stands in the statements about one of the two, not in both.
  accesses = { for list, buckets in local.bucket_lists : list => [
    for access in [
      {
        verb           = "Read"
        key_sid        = "DecryptObjects"
        arns           = [for bucket in buckets : bucket.arn if !bucket.writes]
        bucket_actions = ["s3:GetBucketLocation", "s3:ListBucket"]
        object_actions = ["s3:GetObject"]
        key_actions    = ["kms:Decrypt"]
      },
      {
        verb           = "Write"
        key_sid        = "EncryptObjects"
        arns           = [for bucket in buckets : bucket.arn if bucket.writes]
        bucket_actions = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        object_actions = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        key_actions    = ["kms:Decrypt", "kms:GenerateDataKey"]
      },
    ] : access if length(access.arns) > 0
  ] }

  bucket_statements = { for list, accesses in local.accesses : list => flatten([for access in accesses : [
    {
      Sid      = "${access.verb}Buckets"
      Effect   = "Allow"
      Action   = access.bucket_actions
      Resource = access.arns
    },
    {
      Sid      = "${access.verb}Objects"
      Effect   = "Allow"
      Action   = access.object_actions
      Resource = [for arn in access.arns : "${arn}/*"]
    },
    {
      # The encryption context is the bucket with bucket keys, else the object: the key opens nothing that the statement
      # above does not.
      Sid      = access.key_sid
      Effect   = "Allow"
      Action   = access.key_actions
      Resource = [var.kms_key]
      Condition = {
        StringEquals = { "kms:ViaService" = "s3.${local.region}.amazonaws.com" }
        StringLike   = { "kms:EncryptionContext:aws:s3:arn" = flatten([for arn in access.arns : [arn, "${arn}/*"]]) }
      }
    },
  ]]) }

  secret_statements = { for name in keys(local.related) : name => [for statement in [
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
      Resource = var.identities[name].secrets
    },
    {
      Sid      = "DecryptSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = [var.secrets_kms_key]
      Condition = {
        StringEquals = {
          "kms:ViaService"                  = "secretsmanager.${local.region}.amazonaws.com"
          "kms:EncryptionContext:SecretARN" = var.identities[name].secrets
        }
      }
    },
  ] : statement if length(var.identities[name].secrets) > 0] }

  inline_policies = { for name in keys(local.related) : name => jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.bucket_statements["inline ${name}"], local.secret_statements[name])
  }) }

  attached_policies = { for name in keys(local.attached) : name => jsonencode({
    Version   = "2012-10-17"
    Statement = local.bucket_statements["attached ${name}"]
  }) }
}
