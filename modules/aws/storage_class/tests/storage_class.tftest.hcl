# The call shown in README.md.
variables {
  kms_key_alias = "alias/fraud-dev-cluster"
}

override_data {
  target = data.aws_kms_alias.volumes
  values = { target_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003" }
}

run "default_class_encrypts_with_the_given_key" {
  command = plan

  assert {
    condition     = kubernetes_storage_class_v1.this.metadata[0].annotations["storageclass.kubernetes.io/is-default-class"] == "true"
    error_message = "A claim that names no class gets this one."
  }

  assert {
    condition     = kubernetes_storage_class_v1.this.parameters.encrypted == "true" && kubernetes_storage_class_v1.this.parameters.kmsKeyId == "arn:aws:kms:us-east-1:123456789012:key/1111aaaa-0000-4000-8000-000000000003"
    error_message = "Volumes are encrypted with the key behind the alias."
  }

  assert {
    condition     = kubernetes_storage_class_v1.this.volume_binding_mode == "WaitForFirstConsumer" && kubernetes_storage_class_v1.this.reclaim_policy == "Delete"
    error_message = "A volume is made where its pod runs and goes with its claim."
  }

  assert {
    condition     = output.storage_class.name == "gp3-encrypted"
    error_message = "The output names the class."
  }
}

run "volumes_can_outlive_their_claims" {
  command = plan
  variables { reclaim_policy = "Retain" }

  assert {
    condition     = kubernetes_storage_class_v1.this.reclaim_policy == "Retain"
    error_message = "The reclaim policy is the caller's."
  }
}

run "refuses_the_name_eks_takes" {
  command = plan
  variables { name = "gp2" }
  expect_failures = [var.name]
}

run "refuses_key_of_aws" {
  command = plan
  variables { kms_key_alias = "alias/aws/ebs" }
  expect_failures = [var.kms_key_alias]
}

run "refuses_recycling" {
  command = plan
  variables { reclaim_policy = "Recycle" }
  expect_failures = [var.reclaim_policy]
}
