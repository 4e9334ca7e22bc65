# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

variables {
  name    = "fraud-dev"
  issuers = { "token.actions.githubusercontent.com" = { audience = "sts.amazonaws.com" } }
  trusts = {
    plan = [{
      issuer = "token.actions.githubusercontent.com"
      claims = {
        sub           = ["repo:acme@1234/infra@5678:pull_request", "repo:acme@1234/infra@5678:ref:refs/heads/main"]
        repository_id = ["5678"]
      }
    }]
    drift = [{
      issuer = "token.actions.githubusercontent.com"
      claims = { sub = ["repo:acme@1234/infra@5678:ref:refs/heads/main"], repository_id = ["5678"] }
    }]
    apply = [{
      issuer = "token.actions.githubusercontent.com"
      claims = { sub = ["repo:acme@1234/infra@5678:environment:fraud-dev-apply"], ref = ["refs/heads/main"], repository_id = ["5678"] }
    }]
  }
  state   = { bucket = "acme-tfstate", prefix = "fraud-dev", region = "us-east-1", roots = ["10-foundation", "20-platform"] }
  buckets = ["fraud-dev-datasets-3f9a1c"]
  actions = {
    read  = ["iam:GetRole", "s3:GetBucketPolicy", "s3:ListBucket", "ssm:GetParameter"]
    write = ["iam:CreateRole", "iam:PassRole", "iam:PutRolePolicy", "iam:TagRole", "kms:CreateKey", "kms:Decrypt", "s3:CreateBucket", "secretsmanager:PutSecretValue"]
  }
}

run "readme_example" {
  command = plan

  assert {
    condition     = toset(keys(aws_iam_role.this)) == toset(["plan", "drift", "apply"]) && aws_iam_role.this["plan"].name == "fraud-dev-ci-plan"
    error_message = "three roles, called by the environment"
  }

  assert {
    condition     = aws_iam_openid_connect_provider.this["token.actions.githubusercontent.com"].url == "https://token.actions.githubusercontent.com"
    error_message = "the issuer's provider is made"
  }

  assert {
    condition     = aws_iam_role.this["apply"].max_session_duration == 7200 && aws_iam_role.this["plan"].max_session_duration == 3600
    error_message = "who reads holds the role for an hour"
  }
}

run "who_takes_a_role" {
  command = plan

  assert {
    condition = alltrue([for role in aws_iam_role.this : alltrue([for statement in jsondecode(role.assume_role_policy).Statement : (
      statement.Condition.StringEquals["token.actions.githubusercontent.com:aud"] == ["sts.amazonaws.com"] && length(keys(statement.Condition)) == 1
    )])])
    error_message = "every statement asks for the audience, and compares whole values"
  }

  assert {
    condition = (
      jsondecode(aws_iam_role.this["apply"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"] == ["repo:acme@1234/infra@5678:environment:fraud-dev-apply"] &&
      jsondecode(aws_iam_role.this["apply"].assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:ref"] == ["refs/heads/main"]
    )
    error_message = "an apply comes from the environment and the branch"
  }

  assert {
    condition     = jsondecode(aws_iam_role.this["apply"].assume_role_policy).Statement[0].Principal.Federated == "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    error_message = "the provider of this account signs"
  }
}

run "what_plan_reads" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["plan"].policy).Statement : statement.Resource if statement.Sid == "ReadStates"] == [["arn:aws:s3:::acme-tfstate/fraud-dev/*/terraform.tfstate", "arn:aws:s3:::acme-tfstate/fraud-dev/*/terraform.tfstate.tflock", "arn:aws:s3:::acme-tfstate/fraud-dev/groundplan/applied/*", "arn:aws:s3:::acme-tfstate/fraud-dev/groundplan/journal/*"]]
    error_message = "states of the environment, who holds them, and what was applied"
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.states["plan"].policy).Statement : statement if statement.Effect == "Allow" && length(setintersection(["kms:GenerateDataKey", "s3:PutObject", "s3:DeleteObject", "secretsmanager:GetSecretValue"], statement.Action)) > 0]) == 0
    error_message = "it writes nothing and reads no secret"
  }

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_role_policy.states["plan"].policy).Statement : statement.Sid if statement.Effect == "Deny"]) == toset(["DenyObjects", "DenyParameters", "DenyOtherRoles", "DenySavedPlans", "DenySecrets", "DenyKeys"])
    error_message = "data is denied by name"
  }

  assert {
    condition     = alltrue([for role in ["plan", "drift"] : [for statement in jsondecode(aws_iam_role_policy.states[role].policy).Statement : statement.NotResource if statement.Sid == "DenyObjects"] == [for statement in jsondecode(aws_iam_role_policy.states[role].policy).Statement : statement.Resource if statement.Sid == "ReadStates"]])
    error_message = "what is read is not denied"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.read.policy).Statement : statement.Resource if contains(statement.Action, "s3:ListBucket")] == [["arn:aws:s3:::fraud-dev-datasets-3f9a1c", "arn:aws:s3:::acme-tfstate"]]
    error_message = "names of objects are those of the environment's buckets"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.read.policy).Statement : statement.Resource if contains(statement.Action, "ssm:GetParameter")] == [["arn:aws:ssm:us-east-1::parameter/aws/service/*"]]
    error_message = "parameters are those that AWS publishes"
  }
}

run "saved_plans" {
  command = plan

  assert {
    condition     = [for role in ["plan", "drift"] : [for statement in jsondecode(aws_iam_role_policy.states[role].policy).Statement : statement.Action if statement.Effect == "Allow" && contains(statement.Resource, "arn:aws:s3:::acme-tfstate/fraud-dev/groundplan/plans/*")]] == [[], [["s3:PutObject"]]]
    error_message = "who plans what is merged puts and does not get"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["apply"].policy).Statement : statement.Action if contains(statement.Resource, "arn:aws:s3:::acme-tfstate/fraud-dev/groundplan/plans/*")] == [["s3:GetObject"]]
    error_message = "who applies gets and does not put"
  }
}

run "what_drift_reads" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["drift"].policy).Statement : statement.Resource if statement.Sid == "ReadOwnSecrets"] == [["arn:aws:secretsmanager:us-east-1:111122223333:secret:fraud-dev/*"]]
    error_message = "secrets that the environment makes"
  }
}

run "what_apply_writes" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.write["data"].policy).Statement : statement.Resource if contains(statement.Action, "s3:CreateBucket")] == [["arn:aws:s3:::fraud-dev-datasets-3f9a1c"]]
    error_message = "the environment's own buckets, and not the states'"
  }

  assert {
    condition = alltrue([for statement in jsondecode(aws_iam_policy.write["identity"].policy).Statement :
      statement.Condition.StringEquals["iam:PermissionsBoundary"] == "arn:aws:iam::111122223333:policy/fraud-dev-ci-boundary" if contains(statement.Action, "iam:CreateRole")
    ])
    error_message = "roles are made with the boundary"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["drift"].policy).Statement : statement.Condition.StringLike["kms:EncryptionContext:aws:s3:arn"] if contains(["EncryptObjects", "EncryptPlans", "DenySavedPlans"], statement.Sid)] == [["arn:aws:s3:::acme-tfstate", "arn:aws:s3:::acme-tfstate/fraud-dev/*"], ["arn:aws:s3:::acme-tfstate/fraud-dev/groundplan/plans/*"]]
    error_message = "without a key for them, saved plans are under that of the bucket"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["apply"].policy).Statement : statement.Resource if statement.Sid == "WriteStates"] == [["arn:aws:s3:::acme-tfstate/fraud-dev/10-foundation/*", "arn:aws:s3:::acme-tfstate/fraud-dev/20-platform/*"]]
    error_message = "states of the roots that the pipeline applies, and not of its own identity"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if statement.Sid == "DenyOwnIdentity"] == [["arn:aws:iam::111122223333:oidc-provider/*", "arn:aws:iam::111122223333:role/fraud-dev-ci-*", "arn:aws:iam::111122223333:policy/fraud-dev-ci-*", "arn:aws:iam::111122223333:role/*-ci-apply", "arn:aws:iam::111122223333:role/*-ci-drift", "arn:aws:iam::111122223333:role/*-ci-plan", "arn:aws:iam::111122223333:policy/*-ci-apply-*", "arn:aws:iam::111122223333:policy/*-ci-boundary", "arn:aws:iam::111122223333:policy/*-ci-read"]]
    error_message = "its own identity is out of its reach, and so are those of environments whose names begin with this one's"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : contains(statement.Action, "iam:*") if statement.Sid == "DenyOtherEnvironments"] == [true]
    error_message = "roles and policies that are tagged as another environment's stay that one's"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Condition["ForAnyValue:StringEquals"]["kms:ResourceAliases"] if statement.Sid == "DenyStateKey"] == [["alias/acme-tfstate", "alias/acme-tfstate-plans"]]
    error_message = "the key of the states stays as it is"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Condition["ForAnyValue:StringNotLike"]["kms:ResourceAliases"] if statement.Sid == "DenyOtherKeys"] == [["alias/fraud-dev-*"]]
    error_message = "a key with another alias is somebody else's"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : contains(statement.Action, "kms:PutKeyPolicy") && statement.Condition == { StringNotEquals = { "aws:ResourceTag/environment" = "fraud-dev" } } if statement.Sid == "DenyUntaggedKeys"] == [true]
    error_message = "and so is one without a tag"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.NotResource if statement.Sid == "DenyOtherRoles"] == [["arn:aws:iam::111122223333:role/fraud-dev-*"]] && length(aws_iam_policy.boundary.policy) < 6144
    error_message = "it takes no role without the boundary"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_policy.boundary.policy).Statement : statement.Resource if statement.Sid == "DenyStatesOfPeople"] == [["arn:aws:s3:::acme-tfstate/*/00-*/*", "arn:aws:s3:::acme-tfstate/*/05-*/*", "arn:aws:s3:::acme-tfstate/*/groundplan/plans/*"]]
    error_message = "no role that an apply makes writes the states of people's roots, or plans"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["apply"].policy).Statement : statement.Resource if contains(statement.Action, "s3:ListBucketVersions")] == [["arn:aws:s3:::acme-tfstate"]]
    error_message = "an apply notes the version of a state"
  }
}

run "gitlab_branches" {
  command = plan

  variables {
    issuers = { "gitlab.com" = { audience = "https://gitlab.com/acme/infra", existing = true } }
    trusts = {
      plan  = [{ issuer = "gitlab.com", claims = {}, branches = ["project_path:acme/infra:ref_type:branch:ref:"] }]
      drift = [{ issuer = "gitlab.com", claims = { sub = ["project_path:acme/infra:ref_type:branch:ref:main"] } }]
      apply = [{ issuer = "gitlab.com", claims = { sub = ["project_path:acme/infra:ref_type:branch:ref:main"] } }]
    }
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.this) == 0
    error_message = "a provider that is there is used"
  }

  assert {
    condition     = jsondecode(aws_iam_role.this["plan"].assume_role_policy).Statement[0].Condition.StringLike["gitlab.com:sub"] == ["project_path:acme/infra:ref_type:branch:ref:*"]
    error_message = "the branch alone is open"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud"
  }

  expect_failures = [var.name]
}

run "rejects_issuer_with_scheme" {
  command = plan

  variables {
    issuers = { "https://token.actions.githubusercontent.com" = { audience = "sts.amazonaws.com" }, "token.actions.githubusercontent.com" = { audience = "sts.amazonaws.com" } }
  }

  expect_failures = [var.issuers]
}

run "rejects_audience_with_wildcard" {
  command = plan

  variables {
    issuers = { "token.actions.githubusercontent.com" = { audience = "sts.*" } }
  }

  expect_failures = [var.issuers]
}

run "rejects_unknown_issuer" {
  command = plan

  variables {
    issuers = { "gitlab.com" = { audience = "sts.amazonaws.com" } }
  }

  expect_failures = [var.trusts]
}

run "rejects_trust_without_subject" {
  command = plan

  variables {
    trusts = {
      plan  = []
      drift = []
      apply = [{ issuer = "token.actions.githubusercontent.com", claims = { repository_id = ["5678"] } }]
    }
  }

  expect_failures = [var.trusts]
}

run "rejects_subject_with_wildcard" {
  command = plan

  variables {
    trusts = {
      plan  = []
      drift = []
      apply = [{ issuer = "token.actions.githubusercontent.com", claims = { sub = ["repo:acme/infra:*"] } }]
    }
  }

  expect_failures = [var.trusts]
}

run "rejects_branches_of_a_group" {
  command = plan

  variables {
    trusts = {
      plan  = [{ issuer = "token.actions.githubusercontent.com", claims = {}, branches = ["project_path:acme/"] }]
      drift = []
      apply = []
    }
  }

  expect_failures = [var.trusts]
}

run "rejects_state_prefix_with_wildcard" {
  command = plan

  variables {
    state = { bucket = "acme-tfstate", prefix = "*", region = "us-east-1", roots = ["10-foundation"] }
  }

  expect_failures = [var.state]
}

run "rejects_root_with_wildcard" {
  command = plan

  variables {
    state = { bucket = "acme-tfstate", prefix = "fraud-dev", region = "us-east-1", roots = ["*"] }
  }

  expect_failures = [var.state]
}

run "rejects_writing_as_reading" {
  command = plan

  variables {
    actions = { read = ["s3:PutObject"], write = [] }
  }

  expect_failures = [var.actions]
}

run "rejects_reading_secrets" {
  command = plan

  variables {
    actions = { read = ["secretsmanager:GetSecretValue"], write = [] }
  }

  expect_failures = [var.actions]
}

run "rejects_service_without_scope" {
  command = plan

  variables {
    actions = { read = [], write = ["organizations:LeaveOrganization"] }
  }

  expect_failures = [var.actions]
}

run "rejects_state_bucket_as_own" {
  command = plan

  variables {
    buckets = ["acme-tfstate"]
  }

  expect_failures = [var.buckets]
}

run "rejects_long_session" {
  command = plan

  variables {
    session_hours = 24
  }

  expect_failures = [var.session_hours]
}

run "saved_plans_with_a_key_of_their_own" {
  command = plan

  variables {
    state = { bucket = "acme-tfstate", prefix = "fraud-dev", region = "us-east-1", roots = ["10-foundation"], plans_key = true }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.states["drift"].policy).Statement : statement.Condition if statement.Action == ["kms:GenerateDataKey"]] == [{ StringEquals = { "kms:ViaService" = ["s3.us-east-1.amazonaws.com"] }, StringLike = { "kms:EncryptionContext:aws:s3:arn" = ["arn:aws:s3:::acme-tfstate/fraud-dev/groundplan/plans/*"] }, "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = ["alias/acme-tfstate-plans"] } }]
    error_message = "who saves plans encrypts them with their key and nothing else"
  }

  assert {
    condition     = alltrue([for role in ["plan", "drift"] : contains([for statement in jsondecode(aws_iam_role_policy.states[role].policy).Statement : statement.Sid], "DenySavedPlans")]) && !contains([for statement in jsondecode(aws_iam_role_policy.states["apply"].policy).Statement : statement.Sid], "DenySavedPlans")
    error_message = "only who applies decrypts saved plans"
  }
}
