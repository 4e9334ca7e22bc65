# The call shown in README.md. Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "fraud-dev-4711"
  region       = "us-central1"
  access_token = "none"
}

override_data {
  target = data.google_project.this
  values = { id = "projects/fraud-dev-4711", number = "123456789012" }
}

variables {
  cluster_name = "fraud-dev"
  identities = {
    training-finetune = {
      namespace       = "training"
      service_account = "finetune"
      reads           = ["fraud-dev-datasets-1a2b3c"]
      writes          = ["fraud-dev-models-1a2b3c"]
    }
    serving-ranker = {
      namespace       = "serving"
      service_account = "ranker"
      reads           = ["fraud-dev-models-1a2b3c"]
    }
    mlflow = {
      namespace       = "mlflow"
      service_account = "mlflow"
      secrets         = ["projects/fraud-dev-4711/secrets/fraud-dev-mlflow"]
    }
    serving-echo = {
      namespace       = "serving"
      service_account = "echo"
    }
  }
}

run "relations_become_roles" {
  command = plan

  assert {
    condition = jsonencode({ for key, grant in google_storage_bucket_iam_member.workload : key => [grant.bucket, grant.role] }) == jsonencode({
      "serving-ranker reads fraud-dev-models-1a2b3c"      = ["fraud-dev-models-1a2b3c", "roles/storage.objectViewer"]
      "training-finetune reads fraud-dev-datasets-1a2b3c" = ["fraud-dev-datasets-1a2b3c", "roles/storage.objectViewer"]
      "training-finetune writes fraud-dev-models-1a2b3c"  = ["fraud-dev-models-1a2b3c", "roles/storage.objectUser"]
    })
    error_message = "Readers view, writers use, on their buckets and nowhere else."
  }

  assert {
    condition     = jsonencode([for grant in google_secret_manager_secret_iam_member.workload : [grant.secret_id, grant.role]]) == jsonencode([["projects/fraud-dev-4711/secrets/fraud-dev-mlflow", "roles/secretmanager.secretAccessor"]])
    error_message = "An identity with a secret reads that secret."
  }
}

run "bound_to_one_service_account" {
  command = plan

  assert {
    condition     = google_storage_bucket_iam_member.workload["serving-ranker reads fraud-dev-models-1a2b3c"].member == "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/fraud-dev-4711.svc.id.goog/subject/ns/serving/sa/ranker"
    error_message = "The principal is one service account of one namespace."
  }

  assert {
    condition     = google_secret_manager_secret_iam_member.workload["mlflow reads secret 0"].member == output.workload_identity["mlflow"].principal && endswith(output.workload_identity["mlflow"].principal, "/subject/ns/mlflow/sa/mlflow")
    error_message = "Secrets are read by the same principal."
  }
}

run "no_relation_no_grant" {
  command = plan

  assert {
    condition     = keys(output.workload_identity) == ["mlflow", "serving-echo", "serving-ranker", "training-finetune"] && length([for grant in google_storage_bucket_iam_member.workload : grant if endswith(grant.member, "/sa/echo")]) == 0
    error_message = "An identity without relations may do nothing."
  }
}

run "writing_includes_reading" {
  command = plan

  variables {
    identities = { a = { namespace = "training", service_account = "finetune", reads = ["fraud-models"], writes = ["fraud-models"] } }
  }

  assert {
    condition     = [for grant in google_storage_bucket_iam_member.workload : grant.role] == ["roles/storage.objectUser"]
    error_message = "One grant for a bucket that is read and written."
  }
}

run "refuses_bad_cluster_name" {
  command = plan
  variables { cluster_name = "Fraud Dev" }
  expect_failures = [var.cluster_name]
}

run "refuses_bad_identity_name" {
  command = plan
  variables {
    identities = { "a b" = { namespace = "training", service_account = "finetune" } }
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
    identities = { a = { namespace = "gke-managed-system", service_account = "finetune" } }
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

run "refuses_bucket_by_url" {
  command = plan
  variables {
    identities = { a = { namespace = "training", service_account = "finetune", reads = ["gs://fraud-datasets"] } }
  }
  expect_failures = [var.identities]
}

run "refuses_secret_by_name" {
  command = plan
  variables {
    identities = { a = { namespace = "mlflow", service_account = "mlflow", secrets = ["fraud-dev-mlflow"] } }
  }
  expect_failures = [var.identities]
}
