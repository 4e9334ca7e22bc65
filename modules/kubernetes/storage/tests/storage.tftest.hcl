# The call shown in README.md.
variables {
  kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

run "encrypted_default_class" {
  command = plan

  assert {
    condition     = kubernetes_storage_class_v1.gp3.parameters["encrypted"] == "true" && kubernetes_storage_class_v1.gp3.parameters["kmsKeyId"] == var.kms_key_arn
    error_message = "Volumes are encrypted with the given key."
  }

  assert {
    condition     = kubernetes_storage_class_v1.gp3.metadata[0].annotations["storageclass.kubernetes.io/is-default-class"] == "true" && output.storage.class == "encrypted-gp3"
    error_message = "Claims that name no class are encrypted too."
  }

  assert {
    condition     = kubernetes_storage_class_v1.gp3.volume_binding_mode == "WaitForFirstConsumer" && kubernetes_storage_class_v1.gp3.allow_volume_expansion
    error_message = "Volumes are made in the pod's zone and can grow."
  }

  assert {
    condition     = kubernetes_storage_class_v1.gp3.parameters["type"] == "gp3" && kubernetes_storage_class_v1.gp3.parameters["iops"] == "3000" && kubernetes_storage_class_v1.gp3.parameters["throughput"] == "125"
    error_message = "By default only what the price of gp3 includes."
  }

  assert {
    condition     = kubernetes_storage_class_v1.gp3.reclaim_policy == "Delete"
    error_message = "Nothing is left to be paid for."
  }
}

run "second_class_that_keeps_volumes" {
  command = plan

  variables {
    name           = "kept-gp3"
    default_class  = false
    reclaim_policy = "Retain"
    performance    = { iops = 6000, throughput_mib = 500 }
  }

  assert {
    condition     = kubernetes_storage_class_v1.gp3.metadata[0].annotations["storageclass.kubernetes.io/is-default-class"] == "false" && output.storage.reclaim_policy == "Retain"
    error_message = "A further class is not the default and keeps its volumes."
  }

  assert {
    condition     = kubernetes_storage_class_v1.gp3.parameters["iops"] == "6000" && kubernetes_storage_class_v1.gp3.parameters["throughput"] == "500"
    error_message = "Performance is the caller's."
  }
}

run "refuses_bad_name" {
  command = plan
  variables { name = "Encrypted_gp3" }
  expect_failures = [var.name]
}

run "refuses_alias" {
  command = plan
  variables { kms_key_arn = "arn:aws:kms:us-east-1:123456789012:alias/fraud-dev-cluster" }
  expect_failures = [var.kms_key_arn]
}

run "refuses_recycle" {
  command = plan
  variables { reclaim_policy = "Recycle" }
  expect_failures = [var.reclaim_policy]
}

run "refuses_too_many_iops" {
  command = plan
  variables {
    performance = { iops = 20000 }
  }
  expect_failures = [var.performance]
}

run "refuses_throughput_beyond_iops" {
  command = plan
  variables {
    performance = { iops = 3000, throughput_mib = 1000 }
  }
  expect_failures = [var.performance]
}
