# The call shown in README.md.
variables {
  cluster_name    = "fraud-dev"
  kms_key         = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000004"
  secrets_kms_key = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000005"
  identities = {
    training-finetune = {
      namespace       = "training"
      service_account = "finetune"
      reads           = ["arn:aws:s3:::fraud-dev-datasets-1a2b3c"]
      writes          = ["arn:aws:s3:::fraud-dev-models-1a2b3c"]
    }
    serving-ranker = {
      namespace       = "serving"
      service_account = "ranker"
      reads           = ["arn:aws:s3:::fraud-dev-models-1a2b3c"]
    }
    mlflow = {
      namespace       = "mlflow"
      service_account = "mlflow"
      secrets         = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:fraud-dev/mlflow-a1B2c3"]
    }
    serving-echo = {
      namespace       = "serving"
      service_account = "echo"
    }
  }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws" }
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_region.current
  values = { region = "us-east-1" }
}

run "writers_read_and_write_their_buckets" {
  command = plan

  assert {
    condition     = jsonencode({ for s in jsondecode(aws_iam_role_policy.workload["training-finetune"].policy).Statement : s.Sid => s.Resource if endswith(s.Sid, "Objects") && startswith(s.Action[0], "s3:") }) == jsonencode({ ReadObjects = ["arn:aws:s3:::fraud-dev-datasets-1a2b3c/*"], WriteObjects = ["arn:aws:s3:::fraud-dev-models-1a2b3c/*"] })
    error_message = "Reads one bucket, writes the other."
  }

  assert {
    condition     = jsonencode({ for s in jsondecode(aws_iam_role_policy.workload["training-finetune"].policy).Statement : s.Sid => s.Action if startswith(s.Sid, "Write") || s.Sid == "EncryptObjects" }) == jsonencode({ EncryptObjects = ["kms:Decrypt", "kms:GenerateDataKey"], WriteBuckets = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], WriteObjects = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"] })
    error_message = "A writer reads and makes data keys."
  }

  assert {
    condition     = jsonencode({ for s in jsondecode(aws_iam_role_policy.workload["training-finetune"].policy).Statement : s.Sid => s.Condition.StringLike["kms:EncryptionContext:aws:s3:arn"] if startswith(s.Action[0], "kms:") }) == jsonencode({ DecryptObjects = ["arn:aws:s3:::fraud-dev-datasets-1a2b3c", "arn:aws:s3:::fraud-dev-datasets-1a2b3c/*"], EncryptObjects = ["arn:aws:s3:::fraud-dev-models-1a2b3c", "arn:aws:s3:::fraud-dev-models-1a2b3c/*"] })
    error_message = "The key opens the buckets of its statement."
  }
}

run "few_buckets_are_in_the_role" {
  command = plan

  assert {
    condition     = length(aws_iam_policy.workload) == 0 && length(aws_iam_role_policy_attachment.workload) == 0
    error_message = "One policy, inside the role."
  }
}

run "many_buckets_are_attached" {
  command = plan

  variables {
    identities = {
      many = {
        namespace       = "training"
        service_account = "many"
        reads           = [for n in range(75) : "arn:aws:s3:::${format("r%062d", n)}"]
        writes          = [for n in range(75) : "arn:aws:s3:::${format("w%062d", n)}"]
      }
      some = {
        namespace       = "training"
        service_account = "some"
        writes          = [for n in range(21) : "arn:aws:s3:::fraud-dev-${n}"]
      }
    }
  }

  assert {
    condition     = length(aws_iam_policy.workload) == 11 && jsonencode({ for name, a in aws_iam_role_policy_attachment.workload : name => a.role if name == "some-1" || name == "many-10" }) == jsonencode({ many-10 = "fraud-dev-many-workload", some-1 = "fraud-dev-some-workload" })
    error_message = "Ten policies are attached to one role and one to the other."
  }

  assert {
    condition     = jsonencode(sort(flatten([for p in concat([aws_iam_role_policy.workload["many"].policy], [for name, p in aws_iam_policy.workload : p.policy if startswith(name, "many-")]) : [for s in jsondecode(p).Statement : s.Resource if s.Sid == "ReadBuckets" || s.Sid == "WriteBuckets"]]))) == jsonencode(sort(concat(var.identities.many.reads, var.identities.many.writes)))
    error_message = "Every bucket is in one policy, and in one only."
  }

  assert {
    condition     = length(aws_iam_role_policy.workload["many"].policy) <= 10240 && alltrue([for p in aws_iam_policy.workload : length(p.policy) <= 6144])
    error_message = "Each policy is as long as IAM takes."
  }

  assert {
    condition     = alltrue(flatten([for p in aws_iam_policy.workload : [for s in jsondecode(p.policy).Statement : [for r in s.Resource : r != "*" && !strcontains(trimsuffix(r, "/*"), "*")]]]))
    error_message = "No attached policy names more than its buckets."
  }
}

run "readers_only_read" {
  command = plan

  assert {
    condition     = jsonencode(sort(flatten([for s in jsondecode(aws_iam_role_policy.workload["serving-ranker"].policy).Statement : s.Action]))) == jsonencode(["kms:Decrypt", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"])
    error_message = "Four actions, none of which changes anything."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.workload["serving-ranker"].policy).Statement : s.Condition.StringEquals["kms:ViaService"] == "s3.us-east-1.amazonaws.com" if s.Sid == "DecryptObjects"])
    error_message = "The key is used through S3 only."
  }
}

run "secrets_are_read_one_by_one" {
  command = plan

  assert {
    condition     = jsonencode({ for s in jsondecode(aws_iam_role_policy.workload["mlflow"].policy).Statement : s.Sid => s.Action }) == jsonencode({ DecryptSecrets = ["kms:Decrypt"], ReadSecrets = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"] })
    error_message = "An identity with a secret and no bucket reads the secret and nothing else."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.workload["mlflow"].policy).Statement : jsonencode(s.Resource) == jsonencode(["arn:aws:secretsmanager:us-east-1:123456789012:secret:fraud-dev/mlflow-a1B2c3"]) if s.Sid == "ReadSecrets"])
    error_message = "That secret."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.workload["mlflow"].policy).Statement : jsonencode(s.Condition.StringEquals) == jsonencode({ "kms:EncryptionContext:SecretARN" = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:fraud-dev/mlflow-a1B2c3"], "kms:ViaService" = "secretsmanager.us-east-1.amazonaws.com" }) && s.Resource[0] == var.secrets_kms_key if s.Sid == "DecryptSecrets"])
    error_message = "Its key, through Secrets Manager and for that secret."
  }

  assert {
    condition     = alltrue(flatten([for name in ["serving-ranker", "training-finetune"] : [for s in jsondecode(aws_iam_role_policy.workload[name].policy).Statement : !strcontains(s.Sid, "Secret")]]))
    error_message = "Identities without secrets have no statement about them."
  }
}

run "no_relation_no_policy" {
  command = plan

  assert {
    condition     = keys(aws_iam_role_policy.workload) == ["mlflow", "serving-ranker", "training-finetune"] && length(aws_iam_role.workload) == 4
    error_message = "An identity without relations has a role and no policy."
  }
}

run "nothing_is_wild" {
  command = plan

  assert {
    condition     = alltrue(flatten([for p in aws_iam_role_policy.workload : [for s in jsondecode(p.policy).Statement : [for r in s.Resource : r != "*"]]]))
    error_message = "No statement is for every resource."
  }

  assert {
    condition     = alltrue(flatten([for p in aws_iam_role_policy.workload : [for s in jsondecode(p.policy).Statement : [for a in s.Action : !strcontains(a, "*")]]]))
    error_message = "No statement has an action with a wildcard."
  }
}

run "bound_to_one_service_account" {
  command = plan

  assert {
    condition     = jsonencode(jsondecode(aws_iam_role.workload["serving-ranker"].assume_role_policy).Statement[0].Condition.StringEquals) == jsonencode({ "aws:SourceAccount" = "123456789012", "aws:RequestTag/eks-cluster-arn" = "arn:aws:eks:us-east-1:123456789012:cluster/fraud-dev", "aws:RequestTag/kubernetes-namespace" = "serving", "aws:RequestTag/kubernetes-service-account" = "ranker" })
    error_message = "The role trusts one service account of one cluster."
  }

  assert {
    condition     = aws_eks_pod_identity_association.workload["serving-ranker"].namespace == "serving" && aws_eks_pod_identity_association.workload["serving-ranker"].service_account == "ranker"
    error_message = "The association names the same service account."
  }
}

run "refuses_bad_cluster_name" {
  command = plan
  variables { cluster_name = "Fraud Dev" }
  expect_failures = [var.cluster_name]
}

run "refuses_key_alias" {
  command = plan
  variables { kms_key = "alias/mine" }
  expect_failures = [var.kms_key]
}

run "refuses_long_identity_name" {
  command = plan
  variables {
    identities = {
      a23456789012345678901234567890123456789012345678 = { namespace = "training", service_account = "finetune" }
    }
  }
  expect_failures = [var.identities]
}

run "refuses_bad_namespace" {
  command = plan
  variables {
    identities = { a = { namespace = "Training", service_account = "finetune" } }
  }
  expect_failures = [var.identities]
}

run "refuses_system_namespace" {
  command = plan
  variables {
    identities = { a = { namespace = "kube-system", service_account = "finetune" } }
  }
  expect_failures = [var.identities]
}

run "refuses_two_identities_of_one_account" {
  command = plan
  variables {
    identities = {
      a = { namespace = "training", service_account = "finetune" }
      b = { namespace = "training", service_account = "finetune" }
    }
  }
  expect_failures = [var.identities]
}

run "refuses_wild_bucket" {
  command = plan
  variables {
    identities = { a = { namespace = "training", service_account = "finetune", reads = ["arn:aws:s3:::*"] } }
  }
  expect_failures = [var.identities]
}

run "refuses_more_buckets_than_policies_hold" {
  command = plan
  variables {
    identities = { a = { namespace = "training", service_account = "finetune", reads = [for n in range(76) : "arn:aws:s3:::r-${n}"], writes = [for n in range(75) : "arn:aws:s3:::w-${n}"] } }
  }
  expect_failures = [var.identities]
}

run "refuses_more_secrets_than_a_role_holds" {
  command = plan
  variables {
    identities = { a = { namespace = "training", service_account = "finetune", secrets = [for n in range(50) : "arn:aws:secretsmanager:us-east-1:123456789012:secret:${format("%090d", n)}-a1B2c3"] } }
  }
  expect_failures = [aws_iam_role_policy.workload]
}

run "refuses_a_key_too_long_for_a_policy" {
  command = plan
  variables {
    kms_key    = "arn:aws:kms:us-east-1:123456789012:key/${format("%02048d", 1)}"
    identities = { a = { namespace = "training", service_account = "finetune", writes = [for n in range(33) : "arn:aws:s3:::${format("w%062d", n)}"] } }
  }
  expect_failures = [aws_iam_policy.workload]
}

run "refuses_secret_by_name" {
  command = plan
  variables {
    identities = { a = { namespace = "mlflow", service_account = "mlflow", secrets = ["arn:aws:secretsmanager:us-east-1:123456789012:secret:fraud-dev/*"] } }
  }
  expect_failures = [var.identities]
}

run "refuses_secret_without_key" {
  command = plan
  variables {
    secrets_kms_key = null
  }
  expect_failures = [var.identities]
}

run "refuses_secrets_key_alias" {
  command = plan
  variables {
    secrets_kms_key = "alias/mine"
  }
  expect_failures = [var.secrets_kms_key]
}

run "bounded_roles" {
  command = plan

  variables {
    permissions_boundary = "arn:aws:iam::111122223333:policy/bounded"
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.workload : role.permissions_boundary == var.permissions_boundary])
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
