# Plans only, with the account made up: needs no credentials and reaches no cloud.

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "111122223333" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

override_data {
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

variables {
  name = "fraud-dev"
}

run "without_databases" {
  command = plan

  assert {
    condition     = toset(keys(aws_kms_key.this)) == toset(["cluster", "logs", "storage"])
    error_message = "three purposes have a key unless more are asked for"
  }

  assert {
    condition     = alltrue([for key in aws_kms_key.this : key.enable_key_rotation && key.deletion_window_in_days == 30])
    error_message = "keys rotate and wait 30 days before they go"
  }

  assert {
    condition     = aws_kms_alias.this["cluster"].name == "alias/fraud-dev-cluster" && output.keys["logs"].alias == "alias/fraud-dev-logs"
    error_message = "aliases carry the environment and the purpose"
  }

  assert {
    condition     = aws_kms_key.this["storage"].description == "fraud-dev: objects in S3 and images in ECR"
    error_message = "each key says what it is for"
  }
}

run "policies_are_least_privilege" {
  command = plan

  assert {
    condition     = !contains(data.aws_iam_policy_document.administration.statement[0].actions, "kms:CreateGrant") && length(setintersection(data.aws_iam_policy_document.administration.statement[0].actions, ["kms:*", "kms:Decrypt", "kms:GenerateDataKey"])) == 0
    error_message = "administration cannot use the key"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.storage.statement[0].condition).values == tolist(["s3.us-east-1.amazonaws.com", "ecr.us-east-1.amazonaws.com"])
    error_message = "the storage key is used through S3 and ECR only"
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.cluster.statement :
      contains([for c in statement.condition : c.variable], "kms:CallerAccount") && contains([for c in statement.condition : c.variable], "aws:PrincipalArn")
      if contains(one(statement.principals).identifiers, "*")
    ])
    error_message = "a statement open to every principal is bound to the account and to service-linked roles"
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.cluster.statement :
      length(setintersection([for c in statement.condition : c.variable], ["kms:GrantIsForAWSResource", "kms:CallerAccount"])) > 0
      if contains(statement.actions, "kms:CreateGrant")
    ])
    error_message = "grants are for AWS services or for identities of this account"
  }

  assert {
    condition     = contains(flatten([for c in data.aws_iam_policy_document.cluster.statement[3].condition : c.values]), "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*")
    error_message = "the role that starts nodes may take grants"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.logs.statement[0].condition).values == tolist(["arn:aws:logs:us-east-1:111122223333:log-group:*"])
    error_message = "the logs key serves log groups of this account and region only"
  }
}

run "readme_example" {
  command = plan

  variables {
    purposes = ["storage", "cluster", "logs", "database", "alerts"]
  }

  assert {
    condition     = toset(one(data.aws_iam_policy_document.alerts.statement[0].principals).identifiers) == toset(["aps.amazonaws.com", "cloudwatch.amazonaws.com"]) && one(data.aws_iam_policy_document.alerts.statement[0].condition).values == tolist(["arn:aws:sns:us-east-1:111122223333:*"])
    error_message = "the two services that publish alerts use the alerts key, for topics of this account and region only"
  }

  assert {
    condition     = output.keys["database"].alias == "alias/fraud-dev-database" && aws_kms_key.this["database"].description == "fraud-dev: databases in RDS and secrets in Secrets Manager"
    error_message = "a fourth key, when it is asked for"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.database.statement[0].condition).values == tolist(["rds.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"])
    error_message = "the database key is used through RDS and Secrets Manager only"
  }

  assert {
    condition     = one(data.aws_iam_policy_document.database.statement[1].condition).values == tolist(["rds.us-east-1.amazonaws.com"]) && contains(data.aws_iam_policy_document.database.statement[1].actions, "kms:CreateGrant")
    error_message = "only RDS takes grants on it"
  }
}

run "only_what_is_asked_for" {
  command = plan

  variables {
    purposes = ["storage"]
  }

  assert {
    condition     = keys(aws_kms_key.this) == ["storage"] && keys(output.keys) == ["storage"]
    error_message = "one purpose, one key"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud_Dev"
  }

  expect_failures = [var.name]
}

run "rejects_unknown_purpose" {
  command = plan

  variables {
    purposes = ["storage", "backups"]
  }

  expect_failures = [var.purposes]
}

run "rejects_no_purpose" {
  command = plan

  variables {
    purposes = []
  }

  expect_failures = [var.purposes]
}

run "rejects_short_deletion_window" {
  command = plan

  variables {
    deletion_window_days = 3
  }

  expect_failures = [var.deletion_window_days]
}

run "what_is_there_keeps_its_name" {
  command = plan

  variables {
    aliases = { storage = "team-data" }
  }

  assert {
    condition     = aws_kms_alias.this["storage"].name == "alias/team-data" && aws_kms_alias.this["logs"].name == "alias/fraud-dev-logs"
    error_message = "a key that is there keeps its name, the others have ours"
  }
}

run "refuses_aliases_that_cannot_be" {
  command = plan

  variables {
    aliases = { storage = "aws/s3" }
  }

  expect_failures = [var.aliases]
}
