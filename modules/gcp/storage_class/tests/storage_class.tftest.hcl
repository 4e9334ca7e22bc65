# The call shown in README.md.
variables {
  kms_key = "projects/fraud-ml/locations/us-central1/keyRings/fraud-dev/cryptoKeys/cluster"
}

run "default_class_encrypts_with_the_given_key" {
  command = plan

  assert {
    condition     = kubernetes_storage_class_v1.this.metadata[0].annotations["storageclass.kubernetes.io/is-default-class"] == "true"
    error_message = "A claim that names no class gets this one."
  }

  assert {
    condition     = kubernetes_annotations.gke_default.metadata[0].name == "standard-rwo" && kubernetes_annotations.gke_default.annotations["storageclass.kubernetes.io/is-default-class"] == "false"
    error_message = "GKE's own class is no longer the default."
  }

  assert {
    condition     = kubernetes_storage_class_v1.this.parameters.type == "pd-balanced" && kubernetes_storage_class_v1.this.parameters.disk-encryption-kms-key == var.kms_key
    error_message = "Volumes are encrypted with the key."
  }

  assert {
    condition     = kubernetes_storage_class_v1.this.volume_binding_mode == "WaitForFirstConsumer" && kubernetes_storage_class_v1.this.reclaim_policy == "Delete"
    error_message = "A volume is made where its pod runs and goes with its claim."
  }

  assert {
    condition     = output.storage_class.name == "balanced-encrypted"
    error_message = "The output names the class."
  }
}

run "hyperdisk_that_outlives_its_claim" {
  command = plan
  variables {
    disk_type      = "hyperdisk-balanced"
    reclaim_policy = "Retain"
  }

  assert {
    condition     = kubernetes_storage_class_v1.this.reclaim_policy == "Retain" && kubernetes_storage_class_v1.this.parameters.type == "hyperdisk-balanced"
    error_message = "Disk type and reclaim policy are the caller's."
  }
}

run "refuses_a_name_gke_takes" {
  command = plan
  variables { name = "standard-rwo" }
  expect_failures = [var.name]
}

run "refuses_name_of_key" {
  command = plan
  variables { kms_key = "cluster" }
  expect_failures = [var.kms_key]
}

run "refuses_extreme_disk" {
  command = plan
  variables { disk_type = "pd-extreme" }
  expect_failures = [var.disk_type]
}

run "refuses_recycling" {
  command = plan
  variables { reclaim_policy = "Recycle" }
  expect_failures = [var.reclaim_policy]
}
