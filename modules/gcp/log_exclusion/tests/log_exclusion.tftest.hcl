# Plans only, with the project made up: needs no credentials and reaches no cloud.

provider "google" {
  project      = "acme-ml"
  region       = "us-central1"
  access_token = "none"
}

variables {
  name = "fraud-dev"
  filters = {
    cluster = "resource.type=\"k8s_container\" AND resource.labels.cluster_name=\"fraud-dev\""
    network = "resource.type=\"gce_subnetwork\""
  }
}

run "one_for_all" {
  command = plan

  assert {
    condition     = google_logging_project_exclusion.this.filter == "(resource.type=\"k8s_container\" AND resource.labels.cluster_name=\"fraud-dev\") OR (resource.type=\"gce_subnetwork\")"
    error_message = "each filter stands for itself"
  }

  assert {
    condition     = output.log_exclusion.name == "fraud-dev" && google_logging_project_exclusion.this.description == "Kept in log buckets of fraud-dev: cluster, network"
    error_message = "an operator finds whose it is"
  }
}

run "rejects_name" {
  command = plan

  variables {
    name = "Fraud"
  }

  expect_failures = [var.name]
}

run "rejects_no_filter" {
  command = plan

  variables {
    filters = {}
  }

  expect_failures = [var.filters]
}

run "rejects_a_filter_that_excludes_everything" {
  command = plan

  variables {
    filters = { network = " " }
  }

  expect_failures = [var.filters]
}

run "rejects_more_than_cloud_logging_takes" {
  command = plan

  variables {
    filters = { network = join("", [for n in range(1000) : "log_id(\"some-log-${n}\")"]) }
  }

  expect_failures = [var.filters]
}
