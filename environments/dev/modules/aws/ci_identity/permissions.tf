locals {
  state_objects = [for name in ["*/terraform.tfstate", "*/terraform.tfstate.tflock", "groundplan/applied/*", "groundplan/journal/*"] : "${local.states_arn}/${name}"]

  # Objects by name, and the bucket's key through S3 alone: the encryption context is the bucket with bucket keys, else the object.
  read_states = [
    {
      Sid      = "FindStates"
      Effect   = "Allow"
      Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
      Resource = [local.state_bucket_arn]
    },
    {
      Sid      = "ReadStates"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = local.state_objects
    },
    {
      Sid      = "DecryptStates"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = ["arn:${local.partition}:kms:${var.state.region}:${local.account}:key/*"]
      Condition = {
        StringEquals = { "kms:ViaService" = ["s3.${var.state.region}.amazonaws.com"] }
        StringLike   = { "kms:EncryptionContext:aws:s3:arn" = [local.state_bucket_arn, "${local.states_arn}/*"] }
      }
    },
  ]

  # Locks are objects beside the states. Runs write what they did into the journal, and nothing takes that back.
  write_states = [
    {
      # An apply notes which version of a state it began with.
      Sid      = "FindVersions"
      Effect   = "Allow"
      Action   = ["s3:ListBucketVersions"]
      Resource = [local.state_bucket_arn]
    },
    {
      Sid      = "WriteStates"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = [for root in var.state.roots : "${local.states_arn}/${root}/*"]
    },
    {
      Sid      = "WriteJournal"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["${local.states_arn}/groundplan/applied/*", "${local.states_arn}/groundplan/journal/*"]
    },
    {
      Sid      = "ReadSavedPlans"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${local.plans_arn}/*"]
    },
  ]

  # A saved plan holds what was read: who plans what is merged puts it there and cannot get it back. Proposed changes keep none.
  save_plans = [
    {
      Sid      = "SavePlans"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["${local.plans_arn}/*"]
    },
  ]

  # The key of saved plans encrypts in the context of an object: reading states is no way to read them.
  deny_plans = [
    {
      Sid       = "DenySavedPlans"
      Effect    = "Deny"
      Action    = ["kms:Decrypt"]
      Resource  = ["*"]
      Condition = { StringLike = { "kms:EncryptionContext:aws:s3:arn" = ["${local.plans_arn}/*"] } }
    },
  ]

  encrypt = [
    {
      Sid      = "EncryptObjects"
      Effect   = "Allow"
      Action   = ["kms:GenerateDataKey"]
      Resource = ["arn:${local.partition}:kms:${var.state.region}:${local.account}:key/*"]
      Condition = {
        StringEquals = { "kms:ViaService" = ["s3.${var.state.region}.amazonaws.com"] }
        StringLike   = { "kms:EncryptionContext:aws:s3:arn" = [local.state_bucket_arn, "${local.states_arn}/*"] }
      }
    },
  ]

  # Who saves plans writes nothing else: with their own key, or with the bucket's where there is no other.
  encrypt_plans = [
    {
      Sid      = "EncryptPlans"
      Effect   = "Allow"
      Action   = ["kms:GenerateDataKey"]
      Resource = ["arn:${local.partition}:kms:${var.state.region}:${local.account}:key/*"]
      Condition = {
        StringEquals               = { "kms:ViaService" = ["s3.${var.state.region}.amazonaws.com"] }
        StringLike                 = { "kms:EncryptionContext:aws:s3:arn" = ["${local.plans_arn}/*"] }
        "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = ["alias/${var.state.bucket}-plans"] }
      }
    },
  ]

  # Denied by name, so that no policy that somebody attaches later lets a proposed change read data.
  deny_data = [
    {
      Sid         = "DenyObjects"
      Effect      = "Deny"
      Action      = ["s3:GetObject*"]
      NotResource = local.state_objects
    },
    {
      Sid         = "DenyParameters"
      Effect      = "Deny"
      Action      = ["ssm:GetParameter*"]
      NotResource = ["arn:${local.partition}:ssm:${local.region}::parameter/aws/service/*"]
    },
    {
      Sid      = "DenyOtherRoles"
      Effect   = "Deny"
      Action   = ["sts:AssumeRole*"]
      Resource = ["*"]
    },
  ]

  deny_secrets = [
    {
      Sid      = "DenySecrets"
      Effect   = "Deny"
      Action   = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"]
      Resource = ["*"]
    },
    {
      Sid       = "DenyKeys"
      Effect    = "Deny"
      Action    = ["kms:Decrypt"]
      Resource  = ["*"]
      Condition = { StringNotEquals = { "kms:ViaService" = ["s3.${var.state.region}.amazonaws.com"] } }
    },
  ]

  # The provider reads a version of a secret by its value. Nothing of it reaches the state where it is write-only.
  own_secrets = [
    {
      Sid      = "ReadOwnSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = [local.secrets_arn]
    },
    {
      Sid      = "DecryptOwnSecrets"
      Effect   = "Allow"
      Action   = ["kms:Decrypt"]
      Resource = ["arn:${local.partition}:kms:${local.here}:key/*"]
      Condition = {
        StringEquals = { "kms:ViaService" = ["secretsmanager.${local.region}.amazonaws.com"] }
        StringLike   = { "kms:EncryptionContext:SecretARN" = [local.secrets_arn] }
      }
    },
  ]

  reads_secrets = contains(var.actions.write, "secretsmanager:PutSecretValue")

  state_statements = {
    plan  = concat(local.read_states, local.deny_data, local.deny_plans, local.deny_secrets)
    drift = concat(local.read_states, local.save_plans, [for statement in local.encrypt_plans : statement if var.state.plans_key], [for statement in local.encrypt : statement if !var.state.plans_key], local.deny_data, local.deny_plans, [for statement in local.own_secrets : statement if local.reads_secrets])
    apply = concat(local.read_states, local.write_states, local.encrypt, [for statement in local.own_secrets : statement if local.reads_secrets])
  }

  # Policies by what they are about, because IAM takes 6,144 characters of one and ten of a role.
  groups = {
    network  = ["ec2", "elasticloadbalancing", "route53"]
    data     = ["budgets", "ecr", "kms", "rds", "s3", "secretsmanager", "sns"]
    platform = ["application-autoscaling", "aps", "autoscaling", "cloudwatch", "ecs", "eks", "logs"]
    identity = ["iam"]
  }

  by_service = { for service, actions in local.scoped : service => [for statement in [
    {
      Sid      = "Own${replace(title(replace(service, "-", " ")), " ", "")}"
      Effect   = "Allow"
      Action   = actions
      Resource = local.scopes[service]
    },
  ] : statement if length(actions) > 0] }

  without_resource = { for group, services in local.groups : group => [
    for action in sort(var.actions.write) : action if contains(services, split(":", action)[0]) && contains(local.unscoped, action)
  ] }

  role_actions = sort(setintersection(var.actions.write, local.roles_with_boundary))
  key_actions  = sort(setintersection(var.actions.write, local.use_of_keys))

  # Statements of different shapes as one list: the shapes are told apart by texts.
  further = {
    network = []
    data = [for statement in [
      jsonencode({
        Sid       = "KeysThroughServices"
        Effect    = "Allow"
        Action    = local.key_actions
        Resource  = ["arn:${local.partition}:kms:${local.here}:key/*"]
        Condition = { StringLike = { "kms:ViaService" = ["*.${local.region}.amazonaws.com"] } }
      }),
    ] : statement if length(local.key_actions) > 0]
    platform = []
    identity = [for statement in [
      jsonencode({
        Sid       = "RolesWithBoundary"
        Effect    = "Allow"
        Action    = local.role_actions
        Resource  = ["arn:${local.partition}:iam::${local.account}:role/${var.name}-*"]
        Condition = { StringEquals = { "iam:PermissionsBoundary" = local.boundary_arn } }
      }),
      jsonencode({
        Sid       = "PassRoles"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = ["arn:${local.partition}:iam::${local.account}:role/${var.name}-*"]
        Condition = { StringEquals = { "iam:PassedToService" = local.role_users } }
      }),
    ] : statement if contains(var.actions.write, "iam:CreateRole")]
  }

  role_users = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "eks.amazonaws.com", "monitoring.rds.amazonaws.com", "pods.eks.amazonaws.com", "vpc-flow-logs.amazonaws.com"]

  write_statements = { for group, statements in { for group, services in local.groups : group => concat(
    [for statement in flatten([for service in services : lookup(local.by_service, service, [])]) : jsonencode(statement)],
    [for actions in [local.without_resource[group]] : jsonencode({
      Sid      = "WithoutResource"
      Effect   = "Allow"
      Action   = actions
      Resource = ["*"]
    }) if length(actions) > 0],
    local.further[group],
  ) } : group => [for statement in statements : jsondecode(statement)] if length(statements) > 0 }

  # Services of the resources, and those that the workloads' own roles use.
  boundary_services = sort(distinct(concat(
    [for action in concat(var.actions.read, var.actions.write) : split(":", action)[0]],
    ["acm", "autoscaling", "cloudwatch", "ec2", "ecr", "eks", "eks-auth", "elasticloadbalancing", "kms", "logs", "s3", "secretsmanager", "shield", "sns", "sts", "wafv2"],
  )))
  boundary_actions = concat(
    [for service in local.boundary_services : "${service}:*" if service != "iam"],
    sort(distinct([for action in concat(var.actions.read, var.actions.write) : action if split(":", action)[0] == "iam"])),
  )
}
