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

# The call shown in README.md.
variables {
  name         = "fraud-dev"
  cluster_name = "fraud-dev"
  kms_key      = "arn:aws:kms:us-east-1:111122223333:key/1111aaaa-0000-4000-8000-000000000002"
  emails       = ["ml-oncall@example.com"]
}

run "readme_example" {
  command = plan

  assert {
    condition     = aws_sns_topic.alerts.name == "fraud-dev-alerts" && aws_sns_topic.alerts.kms_master_key_id == var.kms_key
    error_message = "the topic is named after the environment and encrypted with the key given"
  }

  assert {
    condition     = jsonencode({ for email, s in aws_sns_topic_subscription.email : email => "${s.protocol} ${s.endpoint}" }) == jsonencode({ "ml-oncall@example.com" = "email ml-oncall@example.com" })
    error_message = "each address has one subscription by e-mail"
  }
}

run "two_readers" {
  command = plan

  variables {
    emails = ["ml-oncall@example.com", "fraud.team+alerts@mail.example.co.uk"]
  }

  assert {
    condition     = keys(aws_sns_topic_subscription.email) == ["fraud.team+alerts@mail.example.co.uk", "ml-oncall@example.com"]
    error_message = "subscriptions are keyed by address"
  }
}

run "topic_policy" {
  command = plan

  assert {
    condition     = jsonencode([for s in jsondecode(aws_sns_topic_policy.alerts.policy).Statement : "${s.Effect} ${s.Principal} ${s.Resource}"]) == jsonencode(["Deny * arn:aws:sns:us-east-1:111122223333:fraud-dev-alerts", "Deny * arn:aws:sns:us-east-1:111122223333:fraud-dev-alerts"])
    error_message = "the policy refuses, and gives nobody anything, for this topic"
  }

  assert {
    condition     = jsonencode(jsondecode(aws_sns_topic_policy.alerts.policy).Statement[0].Condition) == jsonencode({ Bool = { "aws:SecureTransport" = "false" } }) && contains(jsondecode(aws_sns_topic_policy.alerts.policy).Statement[0].Action, "sns:Publish")
    error_message = "plain HTTP is refused"
  }

  assert {
    condition     = jsondecode(aws_sns_topic_policy.alerts.policy).Statement[1].Action == "sns:Publish" && jsonencode(jsondecode(aws_sns_topic_policy.alerts.policy).Statement[1].Condition) == jsonencode({ ArnNotEquals = { "aws:PrincipalArn" = "arn:aws:iam::111122223333:role/${aws_iam_role.alertmanager.name}" } })
    error_message = "everybody but Alertmanager's role is refused to publish"
  }
}

run "publishes_to_this_topic_only" {
  command = plan

  assert {
    condition     = jsonencode({ for s in jsondecode(aws_iam_role_policy.alertmanager.policy).Statement : s.Sid => s.Action }) == jsonencode({ EncryptAlerts = ["kms:Decrypt", "kms:GenerateDataKey"], PublishAlerts = ["sns:Publish"] })
    error_message = "three actions, none with a wildcard"
  }

  assert {
    condition     = jsonencode({ for s in jsondecode(aws_iam_role_policy.alertmanager.policy).Statement : s.Sid => s.Resource }) == jsonencode({ EncryptAlerts = [var.kms_key], PublishAlerts = ["arn:aws:sns:us-east-1:111122223333:fraud-dev-alerts"] })
    error_message = "this topic and this key"
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.alertmanager.policy).Statement : jsonencode(s.Condition) == jsonencode({ StringEquals = { "kms:EncryptionContext:aws:sns:topicArn" = "arn:aws:sns:us-east-1:111122223333:fraud-dev-alerts", "kms:ViaService" = "sns.us-east-1.amazonaws.com" } }) if s.Sid == "EncryptAlerts"])
    error_message = "the key is used through SNS and for this topic"
  }
}

run "bound_to_one_service_account" {
  command = plan

  assert {
    condition     = jsonencode(jsondecode(aws_iam_role.alertmanager.assume_role_policy).Statement[0].Condition.StringEquals) == jsonencode({ "aws:SourceAccount" = "111122223333", "aws:RequestTag/eks-cluster-arn" = "arn:aws:eks:us-east-1:111122223333:cluster/fraud-dev", "aws:RequestTag/kubernetes-namespace" = "monitoring", "aws:RequestTag/kubernetes-service-account" = "alertmanager" })
    error_message = "the role trusts one service account of one cluster"
  }

  assert {
    condition     = aws_eks_pod_identity_association.alertmanager.namespace == "monitoring" && aws_eks_pod_identity_association.alertmanager.service_account == "alertmanager"
    error_message = "the association names the same service account"
  }
}

run "another_service_account" {
  command = plan

  variables {
    identity = { namespace = "observability" }
  }

  assert {
    condition     = "${aws_eks_pod_identity_association.alertmanager.namespace}/${aws_eks_pod_identity_association.alertmanager.service_account}" == "observability/alertmanager" && jsondecode(aws_iam_role.alertmanager.assume_role_policy).Statement[0].Condition.StringEquals["aws:RequestTag/kubernetes-namespace"] == "observability"
    error_message = "association and trust follow the identity; what is not given keeps its default"
  }
}

run "rejects_name" {
  command = plan
  variables {
    name = "Fraud.Dev"
  }
  expect_failures = [var.name]
}

run "rejects_cluster_name" {
  command = plan
  variables {
    cluster_name = "Fraud Dev"
  }
  expect_failures = [var.cluster_name]
}

run "rejects_key_alias" {
  command = plan
  variables {
    kms_key = "alias/aws/sns"
  }
  expect_failures = [var.kms_key]
}

run "rejects_nobody" {
  command = plan
  variables {
    emails = []
  }
  expect_failures = [var.emails]
}

run "rejects_display_name" {
  command = plan
  variables {
    emails = ["On call <ml-oncall@example.com>"]
  }
  expect_failures = [var.emails]
}

run "rejects_bare_host" {
  command = plan
  variables {
    emails = ["root@localhost"]
  }
  expect_failures = [var.emails]
}

run "rejects_one_mailbox_twice" {
  command = plan
  variables {
    emails = ["ML-oncall@example.com", "ml-oncall@example.com"]
  }
  expect_failures = [var.emails]
}

run "rejects_namespace" {
  command = plan
  variables {
    identity = { namespace = "Monitoring" }
  }
  expect_failures = [var.identity]
}

run "rejects_system_namespace" {
  command = plan
  variables {
    identity = { namespace = "kube-system" }
  }
  expect_failures = [var.identity]
}

run "rejects_service_account" {
  command = plan
  variables {
    identity = { service_account = "alert_manager" }
  }
  expect_failures = [var.identity]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = aws_iam_role.alertmanager.permissions_boundary == var.permissions_boundary
    error_message = "roles carry the boundary"
  }
}

run "rejects_name_as_permissions_boundary" {
  command = plan

  variables {
    permissions_boundary = "bounded"
  }

  expect_failures = [var.permissions_boundary]
}
